"""Orders as people read them: a buyer's receipts, staff's search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_
from sqlmodel import Session, col, select

from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.pagination import Page, paginate
from core.kit.rows import id_of
from core.orders.orders import order_number
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.sales import Order, OrderStatus, Payment

ORDERS_PER_PAGE = 8
WORDS_LIMIT = 200  # characters of a search
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class OrderSummary:
    """One order in a list. `buyer` is a shown name, empty while nobody has claimed a web order."""

    id: int
    number: str
    status: OrderStatus
    title: str
    buyer: str
    price: Money
    rail: str
    created_at: datetime
    needs_support: bool


@dataclass(frozen=True)
class Receipt:
    """What a buyer can show: `provider_id` is the charge, payment or transaction id."""

    number: str
    title: str
    seller_name: str
    price: Money
    rail: str
    provider_id: str
    paid_at: datetime | None
    status: OrderStatus


def find(session: Session, words: str, *, page: int) -> Page[OrderSummary]:
    """Orders by number, Telegram id, name or @username, product title, or a provider's id; newest first.

    No words: all orders, those that need support first.
    """
    statement = _lines_statement()
    clean = clean_text(words)[:WORDS_LIMIT]
    if clean:
        statement = statement.where(or_(*_conditions(clean))).order_by(col(Order.id).desc())
    else:
        waiting = col(Order.needs_support_at).is_(None)
        statement = statement.order_by(waiting, col(Order.id).desc())
    return paginate(session, statement, _lines, page=page, size=ORDERS_PER_PAGE)


def waiting_orders(session: Session) -> int:
    """How many orders need support."""
    return session.exec(select(func.count()).where(col(Order.needs_support_at).is_not(None))).one()


def orders_of(session: Session, user_id: int, *, page: int) -> Page[OrderSummary]:
    """What a person paid for, newest first."""
    statement = _lines_statement().where(col(Order.buyer_id) == user_id, col(Order.paid_at).is_not(None))
    return paginate(
        session, statement.order_by(col(Order.id).desc()), _lines, page=page, size=ORDERS_PER_PAGE
    )


def receipt(session: Session, order: Order) -> Receipt:
    """The receipt of a paid order."""
    title, seller_name = session.exec(
        select(Product.title, Seller.name)
        .join(Seller, col(Seller.id) == Product.seller_id)
        .where(Product.id == order.product_id)
    ).one()
    paid = select(Payment.provider_id).where(
        Payment.order_id == order.id, col(Payment.confirmed_at).is_not(None)
    )
    return Receipt(
        number=order_number(order),
        title=title,
        seller_name=seller_name,
        price=Money(order.amount, order.currency),
        rail=order.rail,
        provider_id=session.exec(paid.order_by(col(Payment.confirmed_at)).limit(1)).first() or "",
        paid_at=order.paid_at,
        status=order.status,
    )


def _lines_statement() -> Select[Order, str, str]:
    return (
        select(Order, Product.title, User.name)
        .join(Product, col(Product.id) == Order.product_id)
        .outerjoin(User, col(User.id) == Order.buyer_id)
    )


def _conditions(words: str) -> list[ColumnElement[bool]]:
    paid_by = exists().where(col(Payment.order_id) == Order.id, col(Payment.provider_id) == words)
    conditions = [paid_by, col(Product.title).icontains(words, autoescape=True)]
    digits = words.upper().removeprefix("CMT-")
    if digits.isascii() and digits.isdigit() and int(digits) <= LARGEST_ID:
        conditions.append(col(Order.id) == int(digits))
        if digits == words:
            conditions.append(col(User.telegram_id) == int(digits))
    name = words.removeprefix("@")
    if name == words:
        conditions.append(col(User.name).icontains(words, autoescape=True))
    conditions.append(
        col(User.username).ilike(name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
    )
    return conditions


def _lines(rows: Sequence[Any]) -> list[OrderSummary]:
    return [
        OrderSummary(
            id=id_of(order),
            number=order_number(order),
            status=order.status,
            title=title,
            buyer=name or "",
            price=Money(order.amount, order.currency),
            rail=order.rail,
            created_at=order.created_at,
            needs_support=order.needs_support_at is not None,
        )
        for order, title, name in rows
    ]
