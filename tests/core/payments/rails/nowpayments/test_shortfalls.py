"""Crypto that fell short of its order's price, accepted by staff."""

import pytest
from sqlmodel import Session, col, select

from core.audit.notes import words_of
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.payments.balances import owed
from core.payments.rails.nowpayments.shortfalls import accept_short_payment
from schemas.audit import AuditEntry
from schemas.sales import Order, OrderStatus
from tests.core.payments.rails.nowpayments.test_events import body_of, payment, receive
from tests.support import make


def accept(session: Session, order: Order) -> bool:
    return accept_short_payment(session, id_of(order), actor="cli", note="kulant", now=make.NOW)


def audited(session: Session, action: str) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).where(col(AuditEntry.action) == action)))


@pytest.fixture
def short(session: Session) -> Order:
    """A web order for which too little crypto came."""
    order = make.order(session, rail="crypto", entry="web")
    assert receive(session, body_of(order, "partially_paid", share="0.5")) == "handled"
    return order


def test_crypto_that_fell_short_is_accepted_once_and_the_seller_is_owed_all(
    session: Session, short: Order
) -> None:
    received = payment(session).received

    assert [accept(session, short) for _ in range(2)] == [True, False]

    assert short.status == "paid"
    assert (payment(session).status, payment(session).received) == ("confirmed", received)
    assert received is not None
    assert received < short.amount
    assert [line.owed for line in owed(session)] == [short.amount]
    (entry,) = audited(session, "payment.accepted")
    assert (entry.actor, entry.details["received"]) == ("cli", received)
    assert list(words_of(session, [entry.details["note"]]).values()) == ["kulant"]


@pytest.mark.parametrize("status", ["expired", "failed"])
def test_an_order_that_was_given_up_may_be_accepted_too(
    session: Session, short: Order, status: OrderStatus
) -> None:
    short.status = status
    session.flush()
    assert accept(session, short)
    assert short.status == "paid"


def test_what_has_no_short_payment_or_is_closed_for_good_is_not_accepted(
    session: Session, short: Order
) -> None:
    with pytest.raises(Refused, match="nothing-to-accept"):
        accept(session, make.order(session, rail="crypto", entry="web"))
    with pytest.raises(Refused, match="nothing-to-accept"):
        accept(session, make.order(session))
    short.status = "cancelled"
    session.flush()
    with pytest.raises(Refused, match="not-acceptable"):
        accept(session, short)


def test_the_rest_that_comes_after_an_acceptance_is_for_support(session: Session, short: Order) -> None:
    accept(session, short)
    receive(session, body_of(short, "finished", share="1"))
    assert short.status == "paid"
    assert [line.owed for line in owed(session)] == [short.amount]
