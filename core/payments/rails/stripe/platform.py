"""This shop as Stripe sees it: the name that tells its requests and objects from those of another shop, and
whether its workers have a key at all.

Two shops may have one key, and a seller may have connected one account to several: an order's number says
nothing then of whose order it is.
"""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from core.audit.record import record
from core.kit.rows import must_get
from core.orders.fulfilment import OrderLine, goods_of
from core.orders.orders import order_id_of
from core.payments.rails.stripe.protocol import is_live
from schemas.people import Seller
from schemas.sales import Order
from schemas.stripe import PlatformMode, StripePlatform

EPOCH = datetime.fromtimestamp(0, UTC)
MICROSECONDS = 16  # digits of a moment in microseconds since 1970, until the year 2286


def shop_name(session: Session) -> str:
    """How this shop names itself in the metadata of all that it makes at Stripe, and in each of its keys."""
    return session.exec(select(StripePlatform.name)).one()


def mark(shop: str, created_at: datetime) -> str:
    """What `shop` says of what this shop has made: its name, and the microsecond at which that was made.

    A copy of a shop's database, and a shop that was restored from one, has the same name and counts on from
    the same number: what is numbered alike there was made at another microsecond.
    """
    return f"{shop}.{(created_at - EPOCH) // timedelta(microseconds=1)}"


def mark_of(session: Session, order: Order) -> str:
    """The mark of what is made at Stripe for an order."""
    return mark(shop_name(session), order.created_at)


def read_mark(text: str) -> tuple[str, datetime | None]:
    """The shop that a mark names, and when what it marks was made; None: that it does not say."""
    shop, _, birth = text.partition(".")
    if not (birth.isascii() and birth.isdigit() and len(birth) <= MICROSECONDS):
        return shop, None
    return shop, EPOCH + timedelta(microseconds=int(birth))


def is_marked(session: Session, number: str, text: str) -> bool:
    """Whether a mark is that of the order of this number."""
    order = session.get(Order, order_id_of(number) or 0)
    return order is not None and mark_of(session, order) == text


def request_key(shop: str, *decision: str | int) -> str:
    """The idempotency key of what a shop has decided: the same again for the same, of this shop alone."""
    return ":".join(("comptoir", shop, *map(str, decision)))


def note_key(session: Session, secret_key: str) -> None:
    """Workers say which key they have, or that they have none, for those who must not see it."""
    row = session.exec(select(StripePlatform)).one()
    row.mode = mode_of(secret_key)
    session.add(row)


def mode_of(secret_key: str) -> PlatformMode:
    """What a secret key moves."""
    if not secret_key:
        return "off"
    return "live" if is_live(secret_key) else "test"


def has_key(session: Session) -> bool:
    """Whether the workers that started last can ask Stripe anything."""
    return session.exec(select(StripePlatform.mode)).one() != "off"


def paid_shop(session: Session, line: OrderLine) -> int | None:
    """The shop on whose account a card pays: the seller's, or the operator's own; None: there is none."""
    if goods_of(line.product.kind).payee == "seller":
        return line.order.seller_id
    return session.exec(select(StripePlatform.operator_id)).one()


def set_operator(session: Session, seller_id: int | None, *, actor: str) -> Seller | None:
    """Say which shop is the operator's own, or that there is none; the shop.

    Raises `NotFound` "shop-unknown".
    """
    seller = must_get(session, Seller, seller_id, "shop-unknown") if seller_id is not None else None
    row = session.exec(select(StripePlatform)).one()
    row.operator_id = seller_id
    session.add(row)
    record(session, actor, "stripe.operator", f"seller:{seller_id}" if seller_id else "shop")
    return seller
