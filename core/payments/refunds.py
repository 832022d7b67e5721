"""Giving money back, and what ends with it."""

from datetime import datetime

from sqlmodel import Session

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.rows import must_get
from core.notifications.notify import notify, notify_seller
from core.orders.fulfilment import goods_of, line_of
from core.orders.orders import can_move, move, order_number
from core.payments.balances import add_order_line
from core.payments.payment_rows import paying_payment, set_status
from schemas import jobs
from schemas.sales import Order


def request_refund(session: Session, order_id: int, *, actor: str, reason: str, now: datetime) -> Order:
    """Refund a paid order: Stars go back by a job; other money staff have sent back themselves.

    Asked again, nothing more happens. Raises `Refused` when the order is not paid.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    if order.status == "refunded":
        return order
    if not can_move(order.status, "refunded"):
        raise Refused("not-refundable", {"number": order_number(order), "status": order.status})
    clean = clean_text(reason)
    record(session, actor, "refund.asked", f"order:{order_id}", reason=clean)
    if order.rail != "stars":
        finish_refund(session, order, reason=clean, now=now)
        return order
    order.note = clean
    session.add(order)
    session.flush()
    enqueue(session, jobs.RefundStars(order_id=order_id).once())
    return order


def finish_refund(session: Session, order: Order, *, reason: str, now: datetime) -> bool:
    """The money is back: the order is refunded, what it gave ends, both sides are told. Once."""
    clean = clean_text(reason)
    if not move(session, order, "refunded", now=now, note=clean):
        return False
    payment = paying_payment(session, order)
    if payment is not None:
        set_status(session, payment, "refunded")
    line = line_of(session, order)
    goods = goods_of(line.product.kind)
    goods.on_refunded(session, line, now=now)
    if goods.payee == "seller":
        add_order_line(session, order, "refund", -order.amount, now)
    price = str(Money(order.amount, order.currency))
    details = {"title": line.product.title, "number": order_number(order), "reason": clean, "amount": price}
    if order.buyer_id is not None:
        notify(session, order.buyer_id, "order-refunded", details, once=str(order.id))
    notify_seller(session, order.seller_id, "sale-refunded", details, once=str(order.id))
    return True
