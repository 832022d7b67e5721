"""Giving money back, and what ends with it."""

from datetime import datetime

from sqlmodel import Session, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.rows import must_get
from core.memberships.member_actions import take_back_order
from core.notifications.notify import notify, notify_seller
from core.orders.grants import revoke
from core.orders.orders import can_move, move, order_number
from core.payments.balances import add_order_line
from core.payments.payment_rows import paying_payment, set_status
from schemas import jobs
from schemas.access import Grant
from schemas.catalogue import Product
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
        finish_refund(session, order_id, reason=clean, now=now)
        return order
    order.note = clean
    session.add(order)
    session.flush()
    enqueue(session, jobs.RefundStars(order_id=order_id).once())
    return order


def finish_refund(session: Session, order_id: int, *, reason: str, now: datetime) -> bool:
    """The money is back: the order is refunded, its grant and links end, both sides are told. Once."""
    clean = clean_text(reason)
    if not move(session, order_id, "refunded", now=now, note=clean):
        return False
    order = must_get(session, Order, order_id, "order-unknown")
    payment = paying_payment(session, order)
    if payment is not None:
        set_status(session, payment, "refunded")
    grant_id = session.exec(select(Grant.id).where(Grant.order_id == order_id)).one_or_none()
    if grant_id is not None:
        revoke(session, grant_id, reason="refund", now=now)
        take_back_order(session, order_id, now=now)
    add_order_line(session, order, "refund", -order.amount, now)
    title = session.exec(select(Product.title).where(Product.id == order.product_id)).one()
    told = {"title": title, "number": order_number(order), "reason": clean}
    told["amount"] = str(Money(order.amount, order.currency))
    if order.buyer_id is not None:
        notify(session, order.buyer_id, "order-refunded", told, once=str(order_id))
    notify_seller(session, order.seller_id, "sale-refunded", told, once=str(order_id))
    return True
