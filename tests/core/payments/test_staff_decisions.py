"""Money that paid nothing by itself: accepted although short, or given back although the order stays."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.balances import owed
from core.payments.refunds import StarsCharge, finish_refund
from core.payments.settle import confirm_stars, invoice_payload
from core.payments.staff_decisions import (
    accept_short_payment,
    charge_to_refund,
    finish_charge_refund,
    request_charge_refund,
)
from schemas import jobs
from schemas.audit import AuditEntry
from schemas.people import User
from schemas.sales import Order, Payment
from tests.core.payments.rails.nowpayments.test_events import body_of, payment, receive
from tests.support import make

LATER = make.NOW + timedelta(minutes=1)


def accept(session: Session, order: Order) -> bool:
    return accept_short_payment(session, id_of(order), actor="cli", note="kulant", now=make.NOW)


def give_back(session: Session, order: Order, charge: str) -> Payment:
    return request_charge_refund(session, id_of(order), charge, actor="cli", reason="paid twice")


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
    came = payment(session).received

    assert [accept(session, short) for _ in range(2)] == [True, False]

    assert short.status == "paid"
    assert (payment(session).status, payment(session).received) == ("confirmed", came)
    assert came is not None
    assert came < short.amount
    assert [line.owed for line in owed(session)] == [short.amount]
    (entry,) = audited(session, "payment.accepted")
    assert (entry.actor, entry.details["received"], entry.details["note"]) == ("cli", str(came), "kulant")


@pytest.mark.parametrize("status", ["expired", "failed"])
def test_an_order_that_was_given_up_may_be_accepted_too(session: Session, short: Order, status: str) -> None:
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


@pytest.fixture
def twice(session: Session) -> Order:
    """An order whose buyer paid Stars twice: charge-… and again."""
    order = make.paid_order(session)
    charge_again(session, order)
    return order


def charge_again(session: Session, order: Order) -> None:
    buyer = session.get_one(User, order.buyer_id)
    money = {"amount": order.amount, "currency": order.currency}
    told = {"payload": invoice_payload(order), "charge_id": "again", "user": buyer, "now": LATER}
    confirm_stars(session, **told, **money)  # type: ignore[arg-type]


def test_a_second_charge_goes_back_and_the_order_stays(session: Session, twice: Order) -> None:
    for _ in range(2):
        assert give_back(session, twice, "again").status == "confirmed"
    assert make.queued(session, jobs.RefundStars) == [
        jobs.RefundStars(order_id=id_of(twice), charge_id="again")
    ]
    buyer = session.get_one(User, twice.buyer_id)
    assert charge_to_refund(session, id_of(twice), "again") == StarsCharge(buyer.telegram_id, "again")

    assert [finish_charge_refund(session, id_of(twice), "again") for _ in range(2)] == [True, False]

    assert (twice.status, [line.owed for line in owed(session)]) == ("paid", [twice.amount])
    assert charge_to_refund(session, id_of(twice), "again") is None
    assert give_back(session, twice, "again").status == "refunded"
    assert len(audited(session, "payment.refunded")) == 1


def test_the_charge_that_paid_the_order_goes_back_with_the_order_only(session: Session, twice: Order) -> None:
    with pytest.raises(Refused, match="charge-paid-order"):
        give_back(session, twice, f"charge-{twice.id}")
    with pytest.raises(NotFound, match="charge-unknown"):
        give_back(session, twice, "none")
    with pytest.raises(NotFound, match="charge-unknown"):
        give_back(session, make.paid_order(session), "again")


def test_a_charge_for_an_order_that_is_refunded_already_goes_back(session: Session) -> None:
    order = make.paid_order(session)
    finish_refund(session, id_of(order), reason="erreur", now=make.NOW)
    charge_again(session, order)
    give_back(session, order, "again")
    assert make.queued(session, jobs.RefundStars) == [
        jobs.RefundStars(order_id=id_of(order), charge_id="again")
    ]
