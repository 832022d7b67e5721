"""Charges of Stars that go back: of a whole order, or of money that paid no order by itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.names import clean_text
from core.kit.rows import id_of, must_get
from core.orders.orders import PAID, order_number
from core.payments.payment_rows import find_payment, paying_payment
from core.payments.rails.stars.payments import PROVIDER, RAIL
from core.payments.refunds import finish_refund
from schemas import jobs
from schemas.people import User
from schemas.sales import Order, Payment, PaymentEvent


@dataclass(frozen=True)
class StarsCharge:
    """Whom Telegram gives the Stars of a charge back to."""

    telegram_id: int
    charge_id: str


def request_order_refund(session: Session, order: Order, *, reason: str) -> None:
    """Have the charge that paid an order given back by a job; the order waits for it with its reason."""
    order.note = reason
    session.add(order)
    session.flush()
    enqueue(session, jobs.RefundStars(order_id=id_of(order)).once())


def stars_charge(session: Session, order_id: int) -> StarsCharge:
    """The charge that paid an order. Raises `NotFound`."""
    statement = (
        select(User.telegram_id, Payment.provider_id)
        .join(Order, col(Order.buyer_id) == User.id)
        .join(Payment, col(Payment.order_id) == Order.id)
        .where(Order.id == order_id, Payment.rail == RAIL, col(Payment.confirmed_at).is_not(None))
        .order_by(col(Payment.confirmed_at))
        .limit(1)
    )
    row = session.exec(statement).first()
    if row is None:
        raise NotFound("order-unknown")
    return StarsCharge(*row)


def request_charge_refund(
    session: Session, order_id: int, charge_id: str, *, actor: str, reason: str
) -> Payment:
    """Have a charge that did not pay its order given back; the order stays as it is.

    Raises `NotFound` for a charge that is not of this order, and `Refused` for the one that paid it: then
    the order itself is to be refunded.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    payment = _charge(session, order_id, charge_id)
    if payment.status == "refunded":
        return payment
    if order.status in PAID and payment == paying_payment(session, order):
        raise Refused("charge-paid-order", {"number": order_number(order)})
    words = clean_text(reason)
    record(session, actor, "refund.asked", f"order:{order_id}", words, charge=charge_id)
    enqueue(session, jobs.RefundStars(order_id=order_id, charge_id=charge_id).once())
    return payment


def charge_to_refund(session: Session, order_id: int, charge_id: str) -> StarsCharge | None:
    """Who paid a charge of an order, None where it was given back. Raises `NotFound`.

    Who paid need not be the order's buyer: Telegram's own words tell.
    """
    charge = _charge(session, order_id, charge_id)
    if charge.status == "refunded":
        return None
    payer = session.exec(
        select(PaymentEvent.payer).where(
            PaymentEvent.provider == PROVIDER, PaymentEvent.event_id == charge_id
        )
    ).one()
    assert payer is not None, "every event of a charge says who paid"
    return StarsCharge(payer, charge_id)


def finish_charge_refund(session: Session, order_id: int, charge_id: str) -> bool:
    """The Stars of a charge are back. True the first time."""
    refunded = session.execute(
        update(Payment)
        .where(
            col(Payment.order_id) == order_id,
            col(Payment.rail) == RAIL,
            col(Payment.provider_id) == charge_id,
            col(Payment.status) != "refunded",
        )
        .values(status="refunded")
        .returning(col(Payment.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    if refunded is None:
        return False
    record(session, "system", "payment.refunded", f"order:{order_id}", charge=charge_id)
    return True


def charge_went_back(session: Session, payment: Payment, *, now: datetime) -> str:
    """Telegram gave a charge back, by our request or because somebody there decided so; what it did.

    Only the charge that paid the order takes the order with it.
    """
    order = must_get(session, Order, payment.order_id, "order-unknown", lock=True)
    session.refresh(payment)
    if payment.status == "refunded":
        return "known: it was refunded"
    if order.status in PAID and payment == paying_payment(session, order):
        # Of a refund that staff asked for, this may come before its job has ended: their reason stands.
        finish_refund(session, order, reason=order.note or "Telegram", now=now)
        return "the order is refunded"
    finish_charge_refund(session, payment.order_id, payment.provider_id)
    return "a charge that had not paid the order is refunded"


def _charge(session: Session, order_id: int, charge_id: str) -> Payment:
    payment = find_payment(session, RAIL, charge_id)
    if payment is None or payment.order_id != order_id:
        raise NotFound("charge-unknown")
    return payment
