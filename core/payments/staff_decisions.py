"""Money that paid no order by itself, and what staff decide of it.

A second charge of Stars goes back while its order stays as it is; crypto that falls short may be taken as
enough. Both are in the audit log, and asked for twice they happen once.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.names import clean_text
from core.kit.rows import must_get
from core.orders.orders import can_move, order_number
from core.payments.rails.nowpayments.payments import INVOICE, RAIL
from core.payments.refunds import StarsCharge
from core.payments.settle import settle
from schemas import jobs
from schemas.sales import Order, Payment, PaymentEvent

PAID = ("paid", "delivered")


def accept_short_payment(session: Session, order_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Take the crypto that came for an order as its whole price. False when the order was paid already.

    The seller is owed the full price: what is missing is the operator's. Raises `Refused`: no order on this
    rail, no money came for it, or it is closed for good.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    named: dict[str, str | int] = {"number": order_number(order), "status": order.status}
    if order.status in PAID:
        return False
    if not can_move(order.status, "paid"):
        raise Refused("not-acceptable", named)
    payment = _short_payment(session, order)
    if payment is None:
        raise Refused("nothing-to-accept", named)
    came, clean = payment.received, clean_text(note)
    record(session, actor, "payment.accepted", f"order:{order_id}", received=str(came), note=clean)
    settle(session, order, rail=RAIL, provider_id=payment.provider_id, received=None, now=now, actor=actor)
    session.execute(
        update(Payment)
        .where(col(Payment.id) == payment.id)
        .values(received=came)
        .execution_options(synchronize_session="fetch")
    )
    return True


def request_charge_refund(
    session: Session, order_id: int, charge_id: str, *, actor: str, reason: str
) -> Payment:
    """Have a charge of Stars that did not pay its order given back; the order stays as it is.

    Raises `NotFound` for a charge that is not of this order, and `Refused` for the one that paid it: then
    the order itself is to be refunded.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    payment = _charge(session, order_id, charge_id)
    if payment.status == "refunded":
        return payment
    if order.status in PAID and payment.id == _paying(session, order_id):
        raise Refused("charge-paid-order", {"number": order_number(order)})
    told = {"charge": charge_id, "reason": clean_text(reason)}
    record(session, actor, "refund.asked", f"order:{order_id}", **told)
    enqueue(session, jobs.RefundStars(order_id=order_id, charge_id=charge_id).once())
    return payment


def charge_to_refund(session: Session, order_id: int, charge_id: str) -> StarsCharge | None:
    """Who paid a charge of an order, None where it was given back. Raises `NotFound`.

    Who paid need not be the order's buyer: Telegram's own words tell.
    """
    if _charge(session, order_id, charge_id).status == "refunded":
        return None
    payer = session.exec(
        select(PaymentEvent.payer).where(
            PaymentEvent.provider == "telegram", PaymentEvent.event_id == charge_id
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
            col(Payment.rail) == "stars",
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


def _short_payment(session: Session, order: Order) -> Payment | None:
    """The newest payment by which something came."""
    statement = select(Payment).where(
        Payment.order_id == order.id,
        Payment.rail == RAIL,
        ~col(Payment.provider_id).startswith(INVOICE),
        col(Payment.status) != "refunded",
        col(Payment.received) > 0,
    )
    return session.exec(statement.order_by(col(Payment.created_at).desc()).limit(1)).first()


def _charge(session: Session, order_id: int, charge_id: str) -> Payment:
    statement = select(Payment).where(
        Payment.order_id == order_id, Payment.rail == "stars", Payment.provider_id == charge_id
    )
    payment = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if payment is None:
        raise NotFound("charge-unknown")
    return payment


def _paying(session: Session, order_id: int) -> object:
    """The payment that paid the order: the first that was confirmed."""
    confirmed = select(Payment.id).where(
        Payment.order_id == order_id, col(Payment.confirmed_at).is_not(None), Payment.status == "confirmed"
    )
    return session.exec(confirmed.order_by(col(Payment.confirmed_at)).limit(1)).first()
