"""Shops: opening one, approval, and what its owner has sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import bounded, clean_text
from core.kit.pagination import Page, paginate
from core.kit.permissions import require
from core.kit.rail_policy import CHOSEN, RAILS
from core.kit.readable_rows import readable
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify, notify_staff
from core.orders.orders import order_number
from core.orders.shown_texts import propose
from core.orders.text_review import TextRules, needs_staff
from core.people.people import change_role
from schemas.catalogue import FEES, Product
from schemas.people import Seller, ShopStatus, User
from schemas.sales import Order, OrderStatus

SHOP_NAME_LIMIT = 60  # characters
SALES_PER_PAGE = 8
ABOUT_LIMIT = 600  # characters


@dataclass(frozen=True)
class SaleLine:
    """One order as its seller sees it."""

    order_id: int
    number: str
    title: str
    price: Money
    rail: str
    status: OrderStatus
    paid_at: datetime


def open_shop(
    session: Session,
    user: User,
    *,
    name: str,
    rails: list[str],
    accept_terms: bool,
    approve_at_once: bool,
    now: datetime,
    review: TextRules | None = None,
) -> Seller:
    """Open a shop, or ask again after a refusal; asked twice, the shop that exists is given back.

    Everybody reads its name: where `review` wants that looked at, no shop is approved at once; None: the
    operator opens it.

    Raises `Refused` when the name, the rails or the consent is missing, or the person is banned.
    """
    require(user.roles, "buy")
    clean = bounded(clean_text(name), "name", SHOP_NAME_LIMIT)
    _check_application(rails, accept_terms)
    application = {"name": clean, "rails": rails, "terms_accepted_at": now, "status": "pending"}
    statement = insert(Seller).values(user_id=user.id, created_at=now, **application)
    statement = statement.on_conflict_do_update(
        index_elements=["user_id"], set_=application, where=col(Seller.status) == "refused"
    )
    opened = session.scalars(statement.returning(Seller), execution_options={"populate_existing": True})
    seller = opened.one_or_none()
    if seller is None:
        return session.exec(select(Seller).where(Seller.user_id == user.id)).one()
    record(session, f"user:{user.id}", "shop.opened", f"seller:{seller.id}", terms_accepted=True)
    if approve_at_once:
        if review is None or not needs_staff(review, clean):
            _decide(session, seller, "approved", "system")
            return seller
        record(session, "system", "text.held", f"seller:{seller.id}")
        notify(session, seller.user_id, "shop-name-held", {"name": clean})
    buttons = [["button-approve", f"shop_ok:{seller.id}"], ["button-refuse", f"shop_no:{seller.id}"]]
    params = {"name": clean, "person": user.name}
    notify_staff(session, "staff-shop-waiting", params, buttons=buttons, act="approve_seller")
    return seller


def decide_shop(session: Session, seller_id: int, *, approve: bool, actor: str, now: datetime) -> Seller:
    """Approve or refuse a shop and tell its owner; the same decision again changes and tells nothing.

    Raises `Refused` when an approved shop is to be refused; "owner-banned" when one is to be
    approved whose owner is.
    """
    status: ShopStatus = "approved" if approve else "refused"
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    if seller.status == status:
        return seller
    if seller.status == "suspended" or (not approve and seller.status != "pending"):
        raise Refused("shop-already-decided", {"name": seller.name})
    if approve and "banned" in must_get(session, User, seller.user_id, "person-unknown", lock=True).roles:
        raise Refused("owner-banned", {"name": seller.name})
    _decide(session, seller, status, actor)
    notify(session, seller.user_id, f"shop-{status}", {"name": seller.name})
    return seller


def describe_shop(
    session: Session, seller_id: int, words: str, *, review: TextRules, now: datetime
) -> Seller:
    """What a shop tells buyers of itself: who sells, by which legal name, where to reach them; "" for
    nothing. Where `review` wants that, buyers go on reading the former words until staff have seen these.

    Raises `Refused` "about-too-long".
    """
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    about = clean_text(words, lines=True)
    said = bounded(about, "about", ABOUT_LIMIT) if about else ""
    record(session, f"user:{seller.user_id}", "shop.described", f"seller:{seller_id}")
    propose(session, "about", seller, said, review, now=now)
    return seller


def shop_of(session: Session, user_id: int) -> Seller | None:
    """The shop of a person."""
    return session.exec(select(Seller).where(Seller.user_id == user_id)).one_or_none()


def waiting_shops(session: Session) -> list[Seller]:
    """Shops that wait for a decision, oldest first."""
    waiting = select(Seller).where(Seller.status == "pending")
    return readable(session, waiting.order_by(col(Seller.created_at)))


def sales_of(session: Session, seller_id: int, *, page: int) -> Page[SaleLine]:
    """What a shop has sold, newest first, refunds included: all but the fees that it paid itself."""
    statement = (
        select(Order, Product.title)
        .join(Product, col(Product.id) == Order.product_id)
        .where(Order.seller_id == seller_id, col(Order.paid_at).is_not(None), col(Product.kind).not_in(FEES))
        .order_by(col(Order.paid_at).desc(), col(Order.id).desc())
    )
    return paginate(session, statement, _sale_lines, page=page, size=SALES_PER_PAGE)


def _decide(session: Session, seller: Seller, status: ShopStatus, actor: str) -> None:
    seller.status = status
    session.add(seller)
    if status == "approved":
        owner = must_get(session, User, seller.user_id, "person-unknown", lock=True)
        change_role(session, owner, "seller", actor=actor)
    record(session, actor, f"shop.{status}", f"seller:{seller.id}")
    session.flush()


def _check_application(rails: list[str], accept_terms: bool) -> None:
    if not accept_terms:
        raise Refused("terms-not-accepted")
    if not rails:
        raise Refused("rails-missing")
    for rail in rails:
        if rail not in RAILS:
            raise Refused("rail-unknown", {"rail": rail[:20]})
        if rail not in CHOSEN:
            raise Refused("rail-needs-account")


def _sale_lines(rows: Sequence[Any]) -> list[SaleLine]:
    return [
        SaleLine(
            id_of(order),
            order_number(order),
            title,
            Money(order.amount, order.currency),
            order.rail,
            order.status,
            order.paid_at,
        )
        for order, title in rows
    ]
