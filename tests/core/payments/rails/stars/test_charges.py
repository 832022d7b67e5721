"""Charges of Stars that go back although their order stays: money that paid nothing by itself."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.balances import owed
from core.payments.rails.stars.charges import (
    StarsCharge,
    charge_to_refund,
    finish_charge_refund,
    request_charge_refund,
)
from core.payments.rails.stars.payments import confirm_stars
from core.payments.refunds import finish_refund
from schemas import jobs
from schemas.audit import AuditEntry
from schemas.people import User
from schemas.sales import Order, Payment
from tests.support import make

LATER = make.NOW + timedelta(minutes=1)


def give_back(session: Session, order: Order, charge: str) -> Payment:
    return request_charge_refund(session, id_of(order), charge, actor="cli", reason="paid twice")


def audited(session: Session, action: str) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).where(col(AuditEntry.action) == action)))


@pytest.fixture
def twice(session: Session) -> Order:
    """An order whose buyer paid Stars twice: charge-… and again."""
    order = make.paid_order(session)
    charge_again(session, order)
    return order


def charge_again(session: Session, order: Order) -> None:
    buyer = session.get_one(User, order.buyer_id)
    confirm_stars(session, make.charge(order, "again"), buyer, now=LATER)


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
    finish_refund(session, order, reason="erreur", now=make.NOW)
    charge_again(session, order)
    give_back(session, order, "again")
    assert make.queued(session, jobs.RefundStars) == [
        jobs.RefundStars(order_id=id_of(order), charge_id="again")
    ]
