"""The end of orders that nobody paid in time."""

from datetime import datetime

from sqlmodel import Session, col, select

from core.kit.bad_rows import each
from core.orders.buyer_news import keep_money
from core.orders.orders import OPEN, move
from schemas.sales import Order, Payment


def expire(session: Session, *, now: datetime) -> int:
    """Close unpaid orders whose time is over; how many. Part payments among them go to support."""
    due = select(Order.id).where(col(Order.status).in_(OPEN), col(Order.expires_at) <= now)
    ids = session.exec(due.order_by(col(Order.id))).all()
    return sum(each(session, "expired orders", ids, lambda number: _expire(session, number, now), now=now))


def _expire(session: Session, order_id: int | None, now: datetime) -> bool:
    """Close one unpaid order; False where somebody else is at it just now, or it was paid."""
    locked = select(Order).where(Order.id == order_id).with_for_update(skip_locked=True)
    order = session.exec(locked.execution_options(populate_existing=True)).one_or_none()
    if order is None or order.status not in OPEN or not move(session, order, "expired", now=now):
        return False
    partial = select(Payment.received).where(Payment.order_id == order_id, Payment.status == "partial")
    parts = session.exec(partial).all()
    if parts:  # of one whose worth nobody can tell, nothing is said of sums
        came = None if None in parts else sum(part or 0 for part in parts)
        keep_money(session, order, reason="partial-expired", now=now, came=came)
    return True
