"""Two subscriptions of one order on a loopback Stripe: one pays it, the other ends and gives back, once."""

from itertools import permutations
from typing import Any

import pytest

from core.kit.rows import id_of
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.objects import Found, NewSession
from core.payments.refunds import request_refund
from schemas.card_jobs import EndSurplus
from schemas.sales import Order, Refund
from tests.support.card_club import CardClub
from tests.support.cards import PRICE, CardShop

MONTH = 31 * 86400


@pytest.fixture
def club(shop: CardShop) -> CardClub:
    return CardClub(shop)


def second_page(club: CardClub, order: Order) -> str:
    """Another page of Checkout for the same order, as one that was opened by a copy of the shop."""
    kept = club.stripe.book.note(club.shop.session_of(order))["params"]
    opened = club.api.post(NewSession, SESSIONS, kept, key="again", account=club.shop.account)
    return str(opened.id)


def twice(club: CardClub) -> Order:
    """An order of which both pages are paid; its events wait."""
    order = club.subscribe()
    club.stripe.perform("pays", {"session": second_page(club, order)})
    return order


def settle(club: CardClub) -> None:
    """All is told, and all that follows is done."""
    for _ in range(3):
        club.hand_over()
        club.ask_stripe()
        club.shop.work()


def at_stripe(club: CardClub) -> list[str]:
    return sorted(one["status"] for one in club.stripe.book.all(club.shop.account, "subscription"))


def left(club: CardClub) -> int:
    """What was charged and not given back."""
    charges = club.stripe.book.all(club.shop.account, "charge")
    return sum(one["amount"] - one["amount_refunded"] for one in charges if one["paid"])


def needs_support(club: CardClub) -> bool:
    return any(order.needs_support_at is not None for order in club.shop.rows(Order))


def refunds(club: CardClub) -> list[tuple[str, int]]:
    return [(row.status, row.amount) for row in club.shop.rows(Refund)]


def payments(club: CardClub, order: Order) -> list[str]:
    return sorted(row.status for name, row in club.shop.payments(order).items() if name.startswith("pi_"))


@pytest.mark.parametrize("chosen", list(permutations(range(2))))
def test_of_two_that_are_paid_one_goes_on_and_the_other_gives_back(
    club: CardClub, chosen: tuple[int, ...]
) -> None:
    order = twice(club)
    paid = [event for event in club.shop.waiting() if event["type"] == "invoice.paid"]
    club.hand_over([paid[place] for place in chosen])
    settle(club)
    assert (club.shop.status(order), at_stripe(club)) == ("paid", ["active", "canceled"])
    assert (left(club), refunds(club)) == (PRICE.amount, [("succeeded", PRICE.amount)])
    assert payments(club, order) == ["confirmed", "refunded"]
    assert not needs_support(club)
    club.claim(order)
    club.renew()
    assert (club.state(), len(club.orders()), left(club)) == ("active", 2, 2 * PRICE.amount)


@pytest.mark.parametrize("fault", ["fail_after", "cut_after", "busy"])
def test_whoever_fails_between_ends_it_and_gives_back_once(club: CardClub, fault: str) -> None:
    order = twice(club)
    club.hand_over()
    for broken in (1, 1, 1, 0):
        for actor in ("end_surplus", "refund_card"):
            for job in club.shop.jobs(actor):
                club.stripe.break_things(withhold=True, **{fault: broken})
                club.shop.worker.repeat(job.id)  # also where it was done, and the note of that was lost
                club.stripe.break_things(withhold=True, **{fault: 0})
        club.hand_over()
    settle(club)
    assert (club.shop.status(order), at_stripe(club)) == ("paid", ["active", "canceled"])
    assert (left(club), refunds(club)) == (PRICE.amount, [("succeeded", PRICE.amount)])


def test_what_was_charged_for_months_before_anybody_looked_goes_back_whole(club: CardClub) -> None:
    order = twice(club)
    club.stripe.perform("advance", {"seconds": 2 * MONTH})
    first, *_ = [event for event in club.shop.waiting() if event["type"] == "invoice.paid"]
    club.hand_over([first])
    kept = club.subscription.subscription_id
    (other,) = [
        one["id"] for one in club.stripe.book.all(club.shop.account, "subscription") if one["id"] != kept
    ]
    job = EndSurplus(order_id=id_of(order), account=club.shop.account, subscription_id=other)
    for _ in range(2):
        assert club.shop.worker.do(job).state == "done"
    club.shop.work()
    assert refunds(club) == [("succeeded", PRICE.amount)] * 3
    assert at_stripe(club) == ["active", "canceled"]


def test_one_that_is_paid_when_its_order_was_cancelled_ends_at_once(club: CardClub) -> None:
    order = club.subscribe()
    with club.database.transaction() as session:
        session.get_one(Order, order.id).status = "cancelled"
    settle(club)
    assert (club.shop.status(order), at_stripe(club), left(club)) == ("cancelled", ["canceled"], 0)
    assert refunds(club) == [("succeeded", PRICE.amount)]
    assert not needs_support(club)


@pytest.mark.parametrize("chosen", list(permutations(range(2))))
def test_where_the_first_went_back_before_the_second_pays_whatever_is_known_first(
    club: CardClub, chosen: tuple[int, ...]
) -> None:
    order = club.subscribe()
    (charge,) = club.stripe.book.all(club.shop.account, "charge")
    fields: dict[str, Any] = {"charge": charge["id"]}
    club.api.post(Found, "/v1/refunds", fields, key="dashboard", account=club.shop.account)
    club.stripe.perform("pays", {"session": second_page(club, order)})
    paid = [event for event in club.shop.waiting() if event["type"] == "invoice.paid"]
    for place in chosen:
        club.hand_over([paid[place]])
    settle(club)
    assert (club.shop.status(order), at_stripe(club)) == ("paid", ["active", "canceled"])
    assert payments(club, order) == ["confirmed", "refunded"]
    assert (left(club), len(refunds(club)), club.subscription.status) == (PRICE.amount, 1, "active")
    assert not needs_support(club)


def test_one_that_is_paid_after_its_order_was_given_back_pays_it_and_is_given_back_alike(
    club: CardClub,
) -> None:
    """An order that stood again is refunded as any other."""
    order = club.subscribe()
    club.hand_over()
    for turn in range(2):
        with club.database.transaction() as session:
            request_refund(session, id_of(order), actor="cli", reason="late", now=club.now)
        club.shop.work()
        settle(club)
        assert club.shop.status(order) == "refunded"
        assert set(at_stripe(club)) == {"canceled"}
        if turn == 0:
            club.stripe.perform("pays", {"session": second_page(club, order)})
            settle(club)
            assert club.shop.status(order) == "paid"
    assert (left(club), payments(club, order)) == (0, ["refunded", "refunded"])


def test_of_two_trials_of_one_order_one_is_charged(shop: CardShop) -> None:
    """An order of nothing is paid by no payment: what the second was charged takes nothing with it."""
    club = CardClub(shop, trial_days=14)
    order = club.subscribe(trial=True)
    club.stripe.perform("pays", {"session": second_page(club, order)})
    events = shop.waiting()
    club.hand_over(events[: len(events) // 2])
    club.claim(order)
    club.stripe.perform("advance", {"seconds": 16 * 86400})  # both are charged before anybody knows of two
    club.hand_over([*events, *shop.waiting()])
    settle(club)
    assert (at_stripe(club), left(club)) == (["active", "canceled"], PRICE.amount)
    assert (shop.status(order), club.state(), len(club.orders())) == ("paid", "active", 2)
    assert not needs_support(club)
