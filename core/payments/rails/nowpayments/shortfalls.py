"""Crypto that falls short of its order's price, taken by staff as enough."""

from datetime import datetime

from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import clean_text
from core.kit.rows import must_get
from core.orders.orders import PAID, can_move, order_number
from core.payments.rails.nowpayments.payments import INVOICE, RAIL
from core.payments.settle import settle
from schemas.sales import Order, Payment


def accept_short_payment(session: Session, order_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Take the crypto that came for an order as its whole price. False when the order was paid already.

    The seller is owed the full price: what is missing is the operator's. Raises `Refused`: no order on this
    rail, no money came for it, or it is closed for good.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    details: dict[str, str | int] = {"number": order_number(order), "status": order.status}
    if order.status in PAID:
        return False
    if not can_move(order.status, "paid"):
        raise Refused("not-acceptable", details)
    payment = _short_payment(session, order)
    if payment is None:
        raise Refused("nothing-to-accept", details)
    words = clean_text(note)
    record(session, actor, "payment.accepted", f"order:{order_id}", words, received=payment.received)
    settle(session, order, rail=RAIL, provider_id=payment.provider_id, received=None, now=now, actor=actor)
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
