"""What disputes moved, in our books and the loopback Stripe's."""

import pytest

from core.payments.rails.stripe.dispute_books import ListedDispute
from tests.contract.paths import absent
from tests.contract.source import find
from tests.core.payments.rails.stripe.test_books import compared, faults, sell
from tests.support.cards import CardShop


def test_what_is_read_of_the_list_is_in_stripes_contract() -> None:
    assert absent(ListedDispute, find("_dispute", "Dispute")) == []


@pytest.mark.parametrize("outcome", [None, "won", "lost"])
def test_what_a_dispute_took_and_gave_back_is_ours_to_the_cent(shop: CardShop, outcome: str | None) -> None:
    sell(shop)
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    made = shop.stripe.perform("disputes", {"charge": charge["id"]})
    if outcome:
        shop.stripe.perform("decides", {"dispute": made["id"], "outcome": outcome})
    shop.hand_over()
    assert faults(shop) == []
    sums = {line.kind: (line.theirs, line.ours) for line in compared(shop).sums}
    taken = 0 if outcome == "won" else -999
    assert (sums["dispute"], sums["dispute_fee"]) == ((taken, taken), (-2000, -2000))


def test_a_dispute_that_nobody_told_of_is_a_difference(shop: CardShop) -> None:
    sell(shop)
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    shop.stripe.perform("disputes", {"charge": charge["id"]})
    assert faults(shop) == [("unknown-here", "dispute"), ("unknown-here", "dispute_fee")]
    shop.hand_over()
    assert faults(shop) == []
