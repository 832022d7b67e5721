"""What the page of an order shows, by the state of the order and of its payments."""

from typing import get_args

import pytest
from sqlmodel import Session

from core.orders.orders import OPEN
from core.payments.checkout import _stage
from schemas.sales import OrderStatus
from tests.support import make

ENDED = tuple(status for status in get_args(OrderStatus) if status not in (*OPEN, "paid"))


@pytest.mark.parametrize("status", ENDED)
def test_an_order_that_waits_for_nobody_is_shown_as_it_is(session: Session, status: OrderStatus) -> None:
    order = make.order(session)
    order.status = status
    assert _stage(order, [], 0, make.NOW) == status


def test_a_paid_order_waits_for_somebody_to_claim_it(session: Session) -> None:
    known, unknown = make.order(session), make.order(session, rail="manual", entry="web")
    known.status = unknown.status = "paid"
    assert (_stage(known, [], known.amount, make.NOW), _stage(unknown, [], 1, make.NOW)) == (
        "claimed",
        "ready",
    )


@pytest.mark.parametrize("rail", ["stars", "crypto", "manual"])
def test_an_open_order_ends_with_its_time_and_a_part_of_the_money_is_said(
    session: Session, rail: str
) -> None:
    order = make.order(session, rail=rail, entry="bot" if rail == "stars" else "web")
    waiting = _stage(order, [], 0, make.NOW)
    assert waiting not in ("partial", "expired", "confirming", *ENDED)
    assert _stage(order, [], order.amount - 1, make.NOW) == "partial"
    assert _stage(order, [], order.amount, make.NOW) == waiting
    assert _stage(order, [], 0, order.expires_at) == "expired"
