"""Delivery as a fact about an order: sent, still to be sent, given up.

A paid order whose delivery job has ended without success is sent again after growing pauses, for more than
24 hours; then people take over. A buyer who blocked us is left alone until he writes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, func, update
from sqlmodel import Session, col, select

from core.audit.record import entries_sql, record
from core.jobs.single_statement import Statement, run
from core.kit.bad_rows import each
from core.kit.correlation import correlation
from core.kit.errors import Refused
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_seller
from core.notifications.recipients import mark_blocked
from core.orders.buyer_news import hold_goods
from core.orders.fulfilment import goods_of, line_of
from core.orders.grants import grant_of
from core.orders.orders import PAID, order_number, sources_of
from schemas import jobs
from schemas.access import Grant
from schemas.catalogue import Product
from schemas.people import User
from schemas.queue import Job
from schemas.sales import Order

# As `core.orders.orders.move`, in one statement, since every order comes here: 0.14 ms of a processor against
# 1.7 through the ORM (measured).
DELIVERED = f"""
    WITH moved AS (
        UPDATE purchase SET status = 'delivered', delivered_at = %(now)s
        WHERE id = %(order_id)s AND status = ANY (%(sources)s) RETURNING id
    )
    {entries_sql("moved", actor="'system'", action="'order.delivered'", subject="'order:' || id")}
    RETURNING id
"""  # noqa: S608 - constants only

# When, since the grant, each new attempt may start; after the last one people take over.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 20, 60, 180, 480, 960, 1560, 2160))
BATCH = 500  # orders looked at in one sweep


@dataclass(frozen=True)
class Sweep:
    """What one look at undelivered orders did, by order id."""

    resent: list[int]
    given_up: list[int]


def undelivered(session: Session, *, now: datetime) -> list[int]:
    """Paid orders to be sent again now: nobody works on them, their pause is over, the buyer is there."""
    due = select(Order.id).where(
        col(Order.id).in_(_due(session, now)), col(Order.delivery_attempts) < len(PAUSES)
    )
    return [number for number in session.exec(due.order_by(col(Order.paid_at))) if number is not None]


def sweep(session: Session, *, now: datetime) -> Sweep:
    """Send again what is due; give up what was tried often enough. Any number may run at once."""
    done = each(
        session, "undelivered orders", _due(session, now), lambda number: _look(session, number, now), now=now
    )
    return Sweep([number for number, again in done if again], [number for number, again in done if not again])


def mark_delivered(session: Session, order_id: int, *, now: datetime) -> bool:
    """The links of an order were sent. False when they had been, or the order is not paid (any more)."""
    parameters = {
        "order_id": order_id,
        "sources": sources_of("delivered"),
        "correlation_id": correlation.get(),
        "now": now,
    }
    return run(session, Statement(DELIVERED, parameters, bool))


def buyer_unreachable(session: Session, order_id: int, *, now: datetime) -> None:
    """Telegram refuses messages to the buyer: remembered, and left until the buyer writes again."""
    order = must_get(session, Order, order_id, "order-unknown")
    if order.buyer_id is not None:
        mark_blocked(session, order.buyer_id, now)
    record(session, "system", "order.buyer-unreachable", f"order:{order_id}")


def cannot_deliver(session: Session, order: Order, *, reason: str, now: datetime) -> None:
    """Delivery is given up: support gets the order, both sides are told. `reason` as in need_support."""
    hold_goods(session, order, reason=reason, now=now)
    title = session.exec(select(Product.title).where(Product.id == order.product_id)).one()
    details = {"title": title, "number": order_number(order)}
    notify_seller(session, order.seller_id, "sale-undelivered", details, once=str(order.id))


def resend(session: Session, order_id: int, *, actor: str) -> None:
    """Staff send an order's links once more. Raises `Refused` when there is nothing to send."""
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    grant = grant_of(session, id_of(order))
    if grant is None or grant.revoked_at is not None:
        raise Refused(_why_nothing(order, grant), {"number": order_number(order)})
    record(session, actor, "order.resent", f"order:{order.id}")
    if order.status == "paid":
        _deliver_again(session, order)
        return
    line = line_of(session, order)
    goods_of(line.product.kind).resend(session, line, grant)


def _why_nothing(order: Order, grant: Grant | None) -> str:
    """Why an order gives access to nothing; money that came for what its buyer may not have is held."""
    if order.status == "refunded":
        return "order-refunded"
    if order.status not in PAID:
        return "not-paid-yet"
    return "order-held" if grant is None else "access-withdrawn"


def _look(session: Session, order_id: int, now: datetime) -> tuple[int, bool]:
    """Send one order again, or give it up: its number, and whether it was sent."""
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    if order.delivery_attempts < len(PAUSES):
        _deliver_again(session, order)
        return order_id, True
    order.delivery_attempts += 1  # past the last pause: never due again
    session.add(order)
    cannot_deliver(session, order, reason="delivery-failed", now=now)
    return order_id, False


def _deliver_again(session: Session, order: Order) -> None:
    issue = order.delivery_attempts + 1
    session.execute(
        update(Order)
        .where(col(Order.id) == order.id)
        .values(delivery_attempts=issue)
        .execution_options(synchronize_session="fetch")
    )
    line = line_of(session, order)
    goods_of(line.product.kind).deliver(session, line, attempt=issue)


def _due(session: Session, now: datetime) -> list[int]:
    """Paid orders whose latest job is not alive and whose pause is over, locked; others skip them."""
    latest = func.concat_ws(":", jobs.Deliver.actor, Order.id, Order.delivery_attempts)
    alive = exists().where(col(Job.unique_key) == latest, col(Job.state).in_(("queued", "running")))
    ends = dict(enumerate(now - pause for pause in (*PAUSES, PAUSES[-1])))
    granted_before = case(ends, value=col(Order.delivery_attempts))
    statement = (
        select(Order.id)
        .join(Grant, and_(col(Grant.order_id) == Order.id, col(Grant.revoked_at).is_(None)))
        .join(User, and_(col(User.id) == Order.buyer_id, col(User.blocked_at).is_(None)))
        .where(Order.status == "paid", col(Grant.created_at) <= granted_before, ~alive)
        .order_by(col(Order.paid_at))
        .limit(BATCH)
        .with_for_update(of=Order, skip_locked=True)
    )
    return [number for number in session.exec(statement) if number is not None]
