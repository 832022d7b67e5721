"""Orders: one state machine, moved only by conditional updates.

Whatever arrives late, twice or out of order, an order never moves backwards: a move not in `MOVES` changes
no row. Money that comes for a cancelled or refunded order is a matter for support.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import prices_of
from core.jobs.ledger import enqueue
from core.kit.correlation import correlation
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.names import number_of
from core.kit.permissions import require
from core.kit.rail_policy import Policy, rails_offered, rails_taken
from core.kit.rows import id_of, must_get
from core.kit.tokens import TOKEN_LENGTH, token_hash
from core.memberships.eligibility import check_sale
from core.notifications.notify import notify_staff
from core.orders.grants import owned
from schemas import jobs
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.sales import Order, Payment

MOVES: dict[str, frozenset[str]] = {
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
OPEN = ("created", "awaiting_payment")
STAMPS = {"paid": "paid_at", "delivered": "delivered_at", "refunded": "refunded_at"}


@dataclass(frozen=True)
class Placed:
    """A new or still open order. `page_token` opens the order page of a web order, else None."""

    order: Order
    page_token: str | None


def can_move(source: str, target: str) -> bool:
    """Whether an order may go from one status to another."""
    return target in MOVES[source]


def order_number(order: Order) -> str:
    """What people say to support: CMT-000042."""
    return number_of(id_of(order))


def move(
    session: Session, order_id: int, to: str, *, now: datetime, actor: str = "system", **columns: Any
) -> bool:
    """Move an order and set columns with it; False when it may not, or somebody was first."""
    sources = [source for source in MOVES if can_move(source, to)]
    if to in STAMPS:
        columns[STAMPS[to]] = now
    moved = session.execute(
        update(Order)
        .where(col(Order.id) == order_id, col(Order.status).in_(sources))
        .values(status=to, **columns)
        .returning(col(Order.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    if moved is None:
        return False
    record(session, actor, f"order.{to}", f"order:{order_id}")
    return True


def place(
    session: Session,
    *,
    product_id: int,
    rail: str,
    entry: str,
    buyer: User | None,
    language: str,
    policy: Policy,
    order_ttl: int,
    now: datetime,
    idempotency_key: str | None = None,
) -> Placed:
    """Order a product at its present price; `order_ttl` seconds to pay. Asked again, the same open order.

    Raises `Refused`: already-owned, own-product, not-published, rail-not-offered, request-key-weak,
    request-key-reused.
    """
    token = _page_token(entry, idempotency_key)
    product, seller = _for_sale(session, product_id)
    if buyer is not None:
        _check_buyer(session, buyer, product, seller, now)
    prices = prices_of(session, [product_id])[product_id]
    offered = rails_offered(policy, entry, rails_taken(product.kind, seller.rails), prices)
    if rail not in offered:
        raise Refused("rail-not-offered", {"rail": rail[:20]})
    wanted = Order(
        buyer_id=buyer.id if buyer else None,
        product_id=product_id,
        seller_id=id_of(seller),
        entry=entry,
        rail=rail,
        currency=prices[rail].currency,
        amount=prices[rail].amount,
        status="created" if rail == "crypto" else "awaiting_payment",
        page_hash=token_hash(token) if token else None,
        idempotency_key=idempotency_key,
        language=language,
        created_at=now,
        expires_at=now + timedelta(seconds=order_ttl),
        correlation_id=correlation.get(),
    )
    return Placed(_open_order(session, wanted, now) or _write(session, wanted, offered), token)


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


def need_support(session: Session, order_id: int, *, reason: str, now: datetime) -> None:
    """Mark an order for support and tell staff, once for each reason."""
    order = must_get(session, Order, order_id, "order-unknown")
    session.execute(
        update(Order)
        .where(col(Order.id) == order_id, col(Order.needs_support_at).is_(None))
        .values(needs_support_at=now)
        .execution_options(synchronize_session="fetch")
    )
    record(session, "system", "order.needs-support", f"order:{order_id}", reason=reason)
    title = session.exec(select(Product.title).where(Product.id == order.product_id)).one()
    note = {"number": order_number(order), "title": title, "reason": reason}
    notify_staff(session, "staff-needs-support", note, once=f"{order_id}:{reason}")


def expire(session: Session, *, now: datetime) -> int:
    """Close unpaid orders whose time is over; how many. Part payments among them go to support."""
    due = session.execute(
        select(Order.id)
        .where(col(Order.status).in_(OPEN), col(Order.expires_at) <= now)
        .order_by(col(Order.id))
        .with_for_update(skip_locked=True)
    ).scalars()
    closed = [order_id for order_id in due.all() if move(session, order_id, "expired", now=now)]
    partial = select(Payment.order_id).where(col(Payment.order_id).in_(closed), Payment.status == "partial")
    for order_id in set(session.exec(partial)):
        need_support(session, order_id, reason="partial-expired", now=now)
    return len(closed)


def _page_token(entry: str, idempotency_key: str | None) -> str | None:
    """The token of a web order's page: as strong as the form's key, and the same when a POST is repeated."""
    if entry != "web":
        return None
    if idempotency_key is None or len(idempotency_key) < TOKEN_LENGTH:
        raise Refused("request-key-weak")
    digest = hashlib.sha256(f"page\x1f{idempotency_key}".encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _for_sale(session: Session, product_id: int) -> tuple[Product, Seller]:
    product = must_get(session, Product, product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    if product.status != "published" or seller.status != "approved":
        raise Refused("not-published")
    return product, seller


def _check_buyer(session: Session, buyer: User, product: Product, seller: Seller, now: datetime) -> None:
    require(buyer.roles, "buy")
    if seller.user_id == buyer.id and product.kind != "listing":
        raise Refused("own-product")
    must_get(session, User, buyer.id, "person-unknown", lock=True)  # two presses at once wait here
    refuse_if_owned(session, id_of(buyer), product, now=now)


def refuse_if_owned(session: Session, user_id: int, product: Product, *, now: datetime) -> None:
    """Raise `Refused` "already-owned" when the person has the product; the details say where.

    A plan may be bought again and again, by its own rules: see `check_sale`.
    """
    if product.kind == "membership":
        check_sale(session, user_id, id_of(product), now=now)
        return
    grant = owned(session, user_id, id_of(product))
    if grant is not None:
        order = must_get(session, Order, grant.order_id, "order-unknown")
        details: dict[str, str | int] = {"number": order_number(order), "order": id_of(order)}
        raise Refused("already-owned", details | {"product": id_of(product), "grant": id_of(grant)})


def _open_order(session: Session, wanted: Order, now: datetime) -> Order | None:
    """The order that this request, or this buyer for the same thing, already made."""
    if wanted.idempotency_key is not None:
        known = session.exec(
            select(Order).where(Order.idempotency_key == wanted.idempotency_key)
        ).one_or_none()
        same = ("product_id", "rail", "entry", "buyer_id")
        if known is not None and any(getattr(known, name) != getattr(wanted, name) for name in same):
            raise Refused("request-key-reused")
        return known
    if wanted.buyer_id is None:
        return None
    same_offer = ("buyer_id", "product_id", "rail", "entry", "currency", "amount")
    conditions = [col(getattr(Order, name)) == getattr(wanted, name) for name in same_offer]
    alive = select(Order.id).where(*conditions, col(Order.status).in_(OPEN), col(Order.expires_at) > now)
    newest = alive.order_by(col(Order.id).desc()).limit(1).with_for_update().scalar_subquery()
    prolonged = update(Order).where(col(Order.id) == newest).values(expires_at=wanted.expires_at)
    return session.scalars(
        prolonged.returning(Order), execution_options={"populate_existing": True}
    ).one_or_none()


def _write(session: Session, wanted: Order, offered: list[str]) -> Order:
    values = wanted.model_dump(exclude={"id"})
    statement = insert(Order).values(**values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    order = session.scalars(statement.returning(Order)).one_or_none()
    if order is None:  # the same form was sent twice at once, and the other one was first
        return session.exec(select(Order).where(Order.idempotency_key == wanted.idempotency_key)).one()
    actor = f"user:{order.buyer_id}" if order.buyer_id else "web"
    price = str(Money(order.amount, order.currency))
    offer = {"entry": order.entry, "rail": order.rail, "offered": ",".join(offered), "price": price}
    record(session, actor, "rail.offered", f"order:{order.id}", **offer)
    if order.rail == "crypto":
        enqueue(session, jobs.OpenInvoice(order_id=id_of(order)).once())
    return order
