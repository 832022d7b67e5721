"""Payment rows: each payment once, confirmed for good, and what went back of it kept."""

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.payments.payment_rows import (
    confirm_payment,
    find_payment,
    note_part,
    paying_payment,
    payment_of,
    refunded_parts,
    report_payment,
    set_status,
    write_payment,
)
from schemas.sales import Order, Payment, PaymentStatus
from tests.support import make

RAIL = "crypto"


@pytest.fixture
def order(session: Session) -> Order:
    return make.order(session, rail=RAIL, entry="web")


def written(session: Session, order: Order, name: str = "np-1", received: int | None = 999) -> Payment:
    return payment_of(session, order, rail=RAIL, provider_id=name, received=received, now=make.NOW)


def report(session: Session, order: Order, status: PaymentStatus, **details: str) -> Payment:
    report_payment(
        session,
        order,
        rail=RAIL,
        provider_id="np-1",
        status=status,
        received=5,
        details=details,
        now=make.NOW,
    )
    payment = find_payment(session, RAIL, "np-1")
    assert payment is not None
    return payment


def test_a_payment_is_written_once_for_each_id_of_its_rail(session: Session, order: Order) -> None:
    first = write_payment(session, order, rail=RAIL, provider_id="np-1", received=5, now=make.NOW)
    assert first is not None
    assert (first.status, first.amount, first.currency, first.received) == ("pending", 999, "EUR", 5)
    assert write_payment(session, order, rail=RAIL, provider_id="np-1", now=make.NOW) is None
    assert write_payment(session, order, rail="manual", provider_id="np-1", now=make.NOW) is not None
    assert written(session, order).id == first.id


def test_a_payment_of_one_order_is_none_of_another(session: Session, order: Order) -> None:
    written(session, order)
    with pytest.raises(Refused, match="payment-of-another-order"):
        written(session, make.order(session, rail=RAIL, entry="web"))


def test_what_confirms_a_payment_keeps_how_much_came_unless_it_says_so(
    session: Session, order: Order
) -> None:
    payment = written(session, order, received=500)
    confirm_payment(session, payment, received=None, now=make.NOW)
    assert (payment.status, payment.received, payment.confirmed_at) == ("confirmed", 500, make.NOW)
    confirm_payment(session, payment, received=999, now=make.NOW)
    assert payment.received == 999


def test_the_first_confirmed_payment_paid_the_order(session: Session, order: Order) -> None:
    assert paying_payment(session, order) is None
    payments = [written(session, order, name) for name in ("np-1", "np-2")]
    for payment in payments:
        confirm_payment(session, payment, received=None, now=make.NOW)
    set_status(session, payments[0], "refunded")
    assert paying_payment(session, order) == payments[1]


def test_a_confirmed_payment_stays_so_until_it_is_refunded(session: Session, order: Order) -> None:
    assert report(session, order, "partial").status == "partial"
    confirm_payment(session, report(session, order, "partial"), received=None, now=make.NOW)
    assert report(session, order, "pending").status == "confirmed"
    assert report(session, order, "refunded").status == "refunded"
    assert report(session, order, "pending").status == "refunded"


def test_parts_that_went_back_outlive_what_is_said_later(session: Session, order: Order) -> None:
    payment = report(session, order, "partial", coin="trx")
    for part, amount in (("a", 1), ("b", 2)):
        note_part(session, payment, part, amount)
    payment = report(session, order, "partial", coin="btc")
    assert refunded_parts(payment) == {"a": 1, "b": 2}
    assert payment.details["coin"] == "btc"
    assert refunded_parts(written(session, order, "np-2")) == {}
