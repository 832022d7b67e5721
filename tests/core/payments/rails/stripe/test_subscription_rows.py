"""What a row of a subscription by card says: whether it goes on, and whether Stripe does what was asked."""

from typing import Any

import pytest

from core.payments.rails.stripe.subscription_rows import (
    first_order_of,
    invoice_key,
    is_alive,
    is_collecting,
    is_done,
    is_further_invoice,
    renews,
)
from schemas.card_subscription import CardSubscription
from schemas.sales import Order


def row(status: Any = "active", *, cancels: bool = False, held: bool = False, wanted: Any = "renew") -> Any:
    plain: dict[str, Any] = {"status": status, "cancels": cancels, "held": held, "wanted": wanted}
    return CardSubscription(**plain)


def order(number: int) -> Order:
    plain: dict[str, Any] = {"id": number}
    return Order(**plain)


@pytest.mark.parametrize(
    ("subscription", "alive", "goes_on", "collecting"),
    [
        (row(), True, True, True),
        (row("trialing"), True, True, True),
        (row(cancels=True), True, False, False),
        (row(held=True), True, False, False),
        (row("past_due"), True, True, False),
        (row("unpaid"), True, True, False),
        (row("canceled"), False, False, False),
        (row("incomplete_expired"), False, False, False),
    ],
)
def test_how_it_stands(subscription: CardSubscription, alive: bool, goes_on: bool, collecting: bool) -> None:
    seen = is_alive(subscription), renews(subscription), is_collecting(subscription)
    assert seen == (alive, goes_on, collecting)


@pytest.mark.parametrize(
    ("subscription", "done"),
    [
        (row(), True),
        (row(cancels=True), False),
        (row(wanted="stop"), False),
        (row(cancels=True, wanted="stop"), True),
        (row(wanted="end"), False),
        (row("canceled", wanted="end"), True),
        (row("canceled", wanted="renew"), True),  # there is nothing to go on with
    ],
)
def test_whether_stripe_does_what_was_asked(subscription: CardSubscription, done: bool) -> None:
    assert is_done(subscription) is done


def test_a_further_invoice_leads_to_the_first_order() -> None:
    first, further = order(7), order(8)
    further.idempotency_key = invoice_key(first, "in_1")
    assert (is_further_invoice(first), is_further_invoice(further)) == (False, True)
    assert (first_order_of(first), first_order_of(further)) == (7, 7)
