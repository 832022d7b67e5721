"""Manual transfers: the buyer names a transaction, support looks at the account and decides (C7 to C11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.pagination import Page, paginate
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify, notify_staff
from core.orders.orders import move, order_number
from core.payments.settle import CLOSED, settle
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order, Payment

TRANSACTION_LIMIT = 128  # characters
PENDING_PER_PAGE = 10


@dataclass(frozen=True)
class PendingPayment:
    """A transfer that waits for support. `buyer` is a shown name, empty for a web order."""

    order_id: int
    number: str
    title: str
    price: Money
    transaction_id: str
    submitted_at: datetime
    buyer: str


def submit_manual(session: Session, order: Order, transaction_id: str, now: datetime) -> Payment:
    """The buyer says under which id the money was sent; staff are told. The same id again is harmless.

    Raises `Refused`: not a transfer order, closed or expired, another id already named, an id that
    belongs to another order, an id of less than 4 or more than 128 characters.
    """
    if order.rail != "manual":
        raise Refused("not-a-transfer")
    clean = clean_text(transaction_id)
    if not 4 <= len(clean) <= TRANSACTION_LIMIT:
        raise Refused("transaction-wrong", {"limit": TRANSACTION_LIMIT})
    order = must_get(session, Order, order.id, "order-unknown", lock=True)
    known = session.exec(
        select(Payment).where(Payment.rail == "manual", Payment.provider_id == clean)
    ).one_or_none()
    if known is not None and known.order_id == order.id:
        return known
    _check_open(order, now)
    payment = _write(session, order, clean, now)
    move(session, id_of(order), "submitted", now=now, actor=_actor_of(order))
    _ask_staff(session, order, clean)
    return payment


def validate_manual(session: Session, order_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Support found the money: the order is paid. False when it was already.

    Raises `Refused` when no transaction was submitted.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    payment = _submitted(session, order)
    record(session, actor, "payment.validated", f"order:{order_id}", note=clean_text(note))
    rail_id = {"rail": "manual", "provider_id": payment.provider_id}
    return settle(session, order, received=None, now=now, actor=actor, **rail_id)


def refuse_manual(session: Session, order_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Support did not find the money: the order has failed, and the note says why. False if it was already.

    Raises `Refused` when no transaction was submitted.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    payment = _submitted(session, order)
    clean = clean_text(note)
    if not move(session, order_id, "failed", now=now, actor=actor, note=clean):
        return False
    session.execute(
        update(Payment)
        .where(col(Payment.id) == payment.id)
        .values(status="refused")
        .execution_options(synchronize_session="fetch")
    )
    record(session, actor, "payment.refused", f"order:{order_id}", note=clean)
    if order.buyer_id is not None:
        told = {"title": _title(session, order), "number": order_number(order), "note": clean}
        notify(session, order.buyer_id, "payment-refused", told)
    return True


def pending_manual(session: Session, *, page: int) -> Page[PendingPayment]:
    """Transfers that wait for support, oldest first."""
    statement = (
        select(Order, Payment, Product.title, User.name)
        .join(Payment, col(Payment.order_id) == Order.id)
        .join(Product, col(Product.id) == Order.product_id)
        .outerjoin(User, col(User.id) == Order.buyer_id)
        .where(Order.status == "submitted", Payment.rail == "manual", Payment.status == "pending")
        .order_by(col(Payment.created_at), col(Order.id))
    )
    return paginate(session, statement, _pending, page=page, size=PENDING_PER_PAGE)


def _check_open(order: Order, now: datetime) -> None:
    named: dict[str, str | int] = {"number": order_number(order)}
    if order.status == "submitted":
        raise Refused("already-submitted", named)
    if order.status in CLOSED:
        raise Refused(CLOSED[order.status], named)
    if order.expires_at <= now:
        raise Refused("order-expired", named)


def _write(session: Session, order: Order, transaction_id: str, now: datetime) -> Payment:
    row = insert(Payment).values(
        id=uuid4(),
        order_id=order.id,
        rail="manual",
        provider_id=transaction_id,
        status="pending",
        currency=order.currency,
        amount=order.amount,
        details={},
        created_at=now,
    )
    row = row.on_conflict_do_nothing(index_elements=["rail", "provider_id"])
    payment = session.scalars(row.returning(Payment)).one_or_none()
    if payment is None:
        raise Refused("transaction-used")
    return payment


def _ask_staff(session: Session, order: Order, transaction_id: str) -> None:
    buttons = [["button-approve", f"pay_ok:{order.id}"], ["button-refuse", f"pay_no:{order.id}"]]
    price = str(Money(order.amount, order.currency))
    told = {"number": order_number(order), "title": _title(session, order), "amount": price}
    told["transaction"] = transaction_id
    notify_staff(session, "staff-payment-waiting", told, buttons=buttons)


def _submitted(session: Session, order: Order) -> Payment:
    statement = select(Payment).where(Payment.order_id == order.id, Payment.rail == "manual")
    payment = session.exec(statement.order_by(col(Payment.created_at).desc()).limit(1)).first()
    if payment is None:
        raise Refused("nothing-to-validate", {"number": order_number(order)})
    return payment


def _title(session: Session, order: Order) -> str:
    return session.exec(select(Product.title).where(Product.id == order.product_id)).one()


def _actor_of(order: Order) -> str:
    return f"user:{order.buyer_id}" if order.buyer_id else "web"


def _pending(rows: Sequence[Any]) -> list[PendingPayment]:
    return [
        PendingPayment(
            id_of(order),
            order_number(order),
            title,
            Money(order.amount, order.currency),
            payment.provider_id,
            payment.created_at,
            name or "",
        )
        for order, payment, title, name in rows
    ]
