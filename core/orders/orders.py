"""Orders: one state machine, moved only by conditional updates.

Whatever arrives late, twice or out of order, an order never moves backwards: a move not in `MOVES` changes
no row. Money that comes for a cancelled or refunded order is a matter for support.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, update
from sqlmodel import Session, col, select

from core.audit.details import listed
from core.audit.record import record
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.names import number_of
from core.kit.rows import id_of, must_get
from core.kit.tokens import token_hash
from core.notifications.notify import notify_staff
from schemas.catalogue import Product
from schemas.sales import Order, OrderStatus

MOVES: dict[OrderStatus, frozenset[OrderStatus]] = {
    "created": frozenset({"awaiting_payment", "submitted", "paid", "cancelled", "expired", "failed"}),
    "awaiting_payment": frozenset({"submitted", "paid", "cancelled", "expired", "failed"}),
    "submitted": frozenset({"paid", "cancelled", "failed"}),
    # Late money is still money: the order was given up, not taken back.
    "expired": frozenset({"paid"}),
    "failed": frozenset({"paid"}),
    "paid": frozenset({"delivered", "refunded"}),
    "delivered": frozenset({"refunded"}),
    "refunded": frozenset(),
    "cancelled": frozenset(),
}
OPEN: tuple[OrderStatus, ...] = ("created", "awaiting_payment")
PAID: tuple[OrderStatus, ...] = ("paid", "delivered")
STAMPS: dict[OrderStatus, str] = {"paid": "paid_at", "delivered": "delivered_at", "refunded": "refunded_at"}


def can_move(source: OrderStatus, target: OrderStatus) -> bool:
    """Whether an order may go from one status to another."""
    return target in MOVES[source]


def sources_of(target: OrderStatus) -> list[OrderStatus]:
    """The statuses from which an order may come to this one."""
    return [source for source in MOVES if can_move(source, target)]


def order_number(order: Order) -> str:
    """What people say to support: CMT-000042."""
    return number_of(id_of(order))


def move(
    session: Session,
    order: Order,
    to: OrderStatus,
    *,
    now: datetime,
    actor: str = "system",
    note: str | None = None,
) -> bool:
    """Move an order, with a note for its buyer; False when it may not, or somebody was first."""
    columns: dict[str, str | datetime | None] = {STAMPS[to]: now} if to in STAMPS else {}
    if note is not None:
        columns["note"] = note
    return _change(session, order, sources_of(to), {"status": to, **columns}, act=to, actor=actor)


def restore(session: Session, order: Order) -> bool:
    """An order is what it was before it was refunded, since the money has come again; False: it was not.

    No move of the table, on purpose: whatever else is said of a refunded order changes nothing.
    """
    before = case((col(Order.delivered_at).is_not(None), "delivered"), else_="paid")
    columns = {"status": before, "refunded_at": None, "note": ""}
    if not _change(session, order, ("refunded",), columns, act="restored"):
        return False
    session.refresh(order)
    return True


def give_up_free(session: Session, order: Order) -> bool:
    """An order that cost nothing is given up, with nothing to be given back; False: it cost something, or is
    over. No move of the table, on purpose: what was paid is refunded, never cancelled."""
    columns = {"status": "cancelled", "needs_support_at": None}
    return order.amount == 0 and _change(session, order, PAID, columns, act="cancelled")


def by_number(session: Session, number: str | int, *, lock: bool = False) -> Order:
    """The order of a number like 42, "42" or "CMT-000042". Raises `NotFound`."""
    order_id = order_id_of(number)
    if order_id is None:
        raise NotFound("order-unknown")
    return must_get(session, Order, order_id, "order-unknown", lock=lock)


def order_id_of(number: str | int) -> int | None:
    """The id that an order of this number has; None where no order can have it."""
    digits = str(number).strip().upper().removeprefix("CMT-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def by_page(session: Session, page_token: str) -> Order:
    """The web order that this page token opens. Raises `NotFound`."""
    order = session.exec(select(Order).where(Order.page_hash == token_hash(page_token))).one_or_none()
    if order is None:
        raise NotFound("order-unknown")
    return order


def need_support(
    session: Session, order: Order, *, reason: str, now: datetime, came: int | None = None
) -> None:
    """Mark an order for support and tell staff, once for each reason.

    `came`: minor units of the order's currency that came for it, where they are less than its price; staff
    are told again whenever that grows.
    """
    session.execute(
        update(Order)
        .where(col(Order.id) == order.id, col(Order.needs_support_at).is_(None))
        .values(needs_support_at=now)
        .execution_options(synchronize_session="fetch")
    )
    record(session, "system", "order.needs-support", f"order:{order.id}", reason=listed(reason))
    title = session.exec(select(Product.title).where(Product.id == order.product_id)).one()
    about = {"number": order_number(order), "title": title, "reason": reason}
    if came is None:
        notify_staff(session, "staff-needs-support", about, once=f"{order.id}:{reason}")
    else:
        about |= {"status": order.status} | shortfall(order, came)
        notify_staff(session, "staff-short-payment", about, once=f"{order.id}:{reason}:{came}")


def shortfall(order: Order, came: int) -> dict[str, str]:
    """What came for an order and what of its price is missing, as blanks of a text; minor units."""
    lacking = Money(order.amount - came, order.currency)
    return {"came": str(Money(came, order.currency)), "missing": str(lacking)}


def clear_support(session: Session, order: Order) -> None:
    """Nothing is left of an order for staff to decide; what comes up afterwards calls them again."""
    order.needs_support_at = order.odd_money_at = None
    session.add(order)
    session.flush()


def support_done(session: Session, order: Order, *, actor: str) -> None:
    """Staff have seen to what an order was marked for. Asked again, nothing happens.

    Raises `Refused` while what was paid has not been delivered: it is sent again or refunded, and only then
    is there nothing to do.
    """
    if order.needs_support_at is None:
        return
    if order.status == "paid":
        raise Refused("order-undelivered", {"number": order_number(order)})
    clear_support(session, order)
    record(session, actor, "order.support-done", f"order:{order.id}")


def _change(
    session: Session,
    order: Order,
    sources: Sequence[OrderStatus],
    columns: Mapping[str, object],
    *,
    act: str,
    actor: str = "system",
) -> bool:
    """Write columns of an order that has one of these statuses still; False when it has none of them."""
    changed = session.execute(
        update(Order)
        .where(col(Order.id) == order.id, col(Order.status).in_(sources))
        .values(columns)
        .returning(col(Order.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    if changed is None:
        return False
    record(session, actor, f"order.{act}", f"order:{order.id}")
    return True
