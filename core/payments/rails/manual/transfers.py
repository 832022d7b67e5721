"""Manual transfers: the buyer names a transaction, support looks at the account and decides (C7 to C11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import canonical, clean_text, visible_text
from core.kit.pagination import Page, paginate
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_staff
from core.orders.buyer_news import tell_buyer
from core.orders.orders import move, order_number
from core.payments.payment_rows import payment_named, set_status, write_payment
from core.payments.rails.manual.likeness import alike
from core.payments.settle import CLOSED, settle
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order, Payment

RAIL = "manual"
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
    belongs to another order in whatever spelling, an id of less than 4 or more than 128 characters.
    """
    if order.rail != RAIL:
        raise Refused("not-a-transfer")
    clean, reference = visible_text(transaction_id), canonical(transaction_id)
    if len(reference) < 4 or len(clean) > TRANSACTION_LIMIT:
        raise Refused("transaction-wrong", {"limit": TRANSACTION_LIMIT})
    order = must_get(session, Order, order.id, "order-unknown", lock=True)
    earlier = payment_named(session, RAIL, clean)
    if earlier is not None and earlier.order_id == order.id:
        return earlier
    _check_open(order, now)
    payment = write_payment(session, order, rail=RAIL, provider_id=clean, reference=reference, now=now)
    if payment is None:
        raise Refused("transaction-used")
    move(session, order, "submitted", now=now, actor=_actor_of(order))
    _ask_staff(session, order, payment)
    return payment


def validate_manual(session: Session, order_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Support found the money: the order is paid. False when it was already.

    Raises `Refused` when no transaction was submitted.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    payment = _submitted(session, order)
    record(session, actor, "payment.validated", f"order:{order_id}", clean_text(note))
    transaction = payment.provider_id
    return settle(session, order, rail=RAIL, provider_id=transaction, received=None, now=now, actor=actor)


def refuse_manual(session: Session, order_id: int, *, actor: str, note: str, now: datetime) -> bool:
    """Support did not find the money: the order has failed, and the note says why. False if it was already.

    Raises `Refused` when no transaction was submitted.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    payment = _submitted(session, order)
    clean = clean_text(note)
    if not move(session, order, "failed", now=now, actor=actor, note=clean):
        return False
    set_status(session, payment, "refused")
    record(session, actor, "payment.refused", f"order:{order_id}")  # why is the order's note
    params = {"title": _title(session, order), "number": order_number(order), "note": clean}
    tell_buyer(session, order, "payment-refused", params, once=str(order.id))
    return True


def pending_manual(session: Session, *, page: int) -> Page[PendingPayment]:
    """Transfers that wait for support, oldest first."""
    statement = (
        select(Order, Payment, Product.title, User.name)
        .join(Payment, col(Payment.order_id) == Order.id)
        .join(Product, col(Product.id) == Order.product_id)
        .outerjoin(User, col(User.id) == Order.buyer_id)
        .where(Order.status == "submitted", Payment.rail == RAIL, Payment.status == "pending")
        .order_by(col(Payment.created_at), col(Order.id))
    )
    return paginate(session, statement, _pending, page=page, size=PENDING_PER_PAGE)


def _check_open(order: Order, now: datetime) -> None:
    number: dict[str, str | int] = {"number": order_number(order)}
    if order.status == "submitted":
        raise Refused("already-submitted", number)
    if order.status in CLOSED:
        raise Refused(CLOSED[order.status], number)
    if order.expires_at <= now:
        raise Refused("order-expired", number)


def _ask_staff(session: Session, order: Order, payment: Payment) -> None:
    buttons = [["button-approve", f"pay_ok:{order.id}"], ["button-refuse", f"pay_no:{order.id}"]]
    price = str(Money(order.amount, order.currency))
    params = {"number": order_number(order), "title": _title(session, order), "amount": price}
    likenesses = alike(session, payment)
    params |= {"alike": "yes" if likenesses else "no", "like": ", ".join(likenesses[:5])}
    params["transaction"] = payment.provider_id
    notify_staff(session, "staff-payment-waiting", params, buttons=buttons, act="validate_payment")


def _submitted(session: Session, order: Order) -> Payment:
    statement = select(Payment).where(Payment.order_id == order.id, Payment.rail == RAIL)
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
