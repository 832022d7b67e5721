"""The monthly fee of a shop: set by staff, paid as an order on any rail, one month for each.

The fee is a product of kind "shop_fee" with a page, a deep link and orders of its own. Like a listing fee it
belongs to the shop that pays it, so its money is never owed to the seller. `core.payments.shop_fee_looks`
reminds of it and closes the shop.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import prices_of
from core.catalogue.products import set_prices
from core.kit.errors import NotFound, Refused
from core.kit.months import months_later
from core.kit.names import TITLE_LIMIT
from core.kit.prices import Prices
from core.kit.rows import id_of, must_get
from core.kit.texts import plain, shorten
from core.people.shop_doors import fit_doors
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.shop_fee import ShopFee, ShopFeeState

SLUG = "monthly_"  # no slug made of a title has this sign
UNKNOWN = "shop-fee-unknown"


@dataclass(frozen=True)
class FeeView:
    """A shop's fee as its seller and staff see it; `prices` by rail."""

    seller_id: int
    shop: str
    product_id: int
    state: ShopFeeState
    paid_until: datetime
    days_lacked: int
    prices: Prices


def set_fee(
    session: Session,
    seller_id: int,
    prices: Prices,
    *,
    paid_until: datetime | None = None,
    actor: str,
    now: datetime,
) -> ShopFee:
    """Ask a fee of a shop from now on, or change its prices (none: those that it has); `paid_until`: what
    comes before is owed by nobody. Without it a fee that is asked for the first time is due now.

    Raises `Refused`: "shop-unknown" as a `NotFound`, "fee-unpriced", and as `set_prices`.
    """
    seller = must_get(session, Seller, seller_id, "shop-unknown")
    product_id, begins = _product(session, seller, prices, now), paid_until or now
    row = insert(ShopFee).values(
        seller_id=seller_id,
        product_id=product_id,
        paid_until=begins,
        anchor_day=begins.day,
        days_lacked=0,
        created_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["seller_id"]))
    fee = must_get(session, ShopFee, seller_id, UNKNOWN, lock=True)
    if fee.ended_at is not None:  # the time between is owed by nobody
        fee.ended_at, paid_until = None, paid_until or max(fee.paid_until, now)
    if paid_until is not None:
        fee.paid_until, fee.anchor_day = paid_until, paid_until.day
        if paid_until > now:
            _is_paid(fee)
    session.add(fee)
    until = int(fee.paid_until.timestamp())
    record(session, actor, "shop_fee.set", f"seller:{seller_id}", prices=prices, until=until)
    fit_doors(session, seller_id, actor=actor)
    return fee


def end_fee(session: Session, seller_id: int, *, actor: str, now: datetime) -> ShopFee:
    """Ask no fee of a shop any more; one that was closed for it opens. Again, nothing happens.

    Raises `NotFound` "shop-fee-unknown".
    """
    fee = must_get(session, ShopFee, seller_id, UNKNOWN, lock=True)
    if fee.ended_at is not None:
        return fee
    fee.ended_at = now
    _is_paid(fee)
    product = must_get(session, Product, fee.product_id, "product-unknown")
    product.status = "unpublished"
    session.add_all((fee, product))
    record(session, actor, "shop_fee.ended", f"seller:{seller_id}")
    fit_doors(session, seller_id, actor=actor)
    return fee


def add_month(session: Session, fee: ShopFee, *, now: datetime) -> tuple[datetime, datetime]:
    """A month of a locked fee is paid: from when to when. The shop opens if it was closed for it.

    It follows the last one, unless it would be over already, or the shop was closed: then it begins now.
    """
    start = fee.paid_until
    if fee.suspended_at is not None or months_later(start, 1, anchor_day=fee.anchor_day) <= now:
        start = max(start, now)
        fee.anchor_day = start.day
    fee.paid_until = months_later(start, 1, anchor_day=fee.anchor_day)
    _is_paid(fee)
    session.add(fee)
    fit_doors(session, fee.seller_id, actor="system")
    return start, fee.paid_until


def suspend(session: Session, fee: ShopFee, *, now: datetime) -> None:
    """Close the shop of a locked fee until that is paid."""
    fee.suspended_at = now
    session.add(fee)
    record(session, "system", "shop_fee.suspended", f"seller:{fee.seller_id}")
    fit_doors(session, fee.seller_id, actor="system")


def fee_of_shop(session: Session, seller_id: int, *, now: datetime) -> FeeView | None:
    """The fee that is asked of a shop, if any."""
    fee = session.get(ShopFee, seller_id)
    return None if fee is None or fee.ended_at is not None else _views(session, [fee], now)[0]


def asked_fees(session: Session, *, now: datetime) -> list[FeeView]:
    """All fees that are asked, what is paid shortest first."""
    asked = select(ShopFee).where(col(ShopFee.ended_at).is_(None))
    return _views(session, list(session.exec(asked.order_by(col(ShopFee.paid_until)))), now)


def locked_fee(session: Session, product_id: int) -> ShopFee:
    """The fee that a product pays, locked. Raises `NotFound`."""
    seller_id = session.exec(select(ShopFee.seller_id).where(ShopFee.product_id == product_id)).first()
    if seller_id is None:
        raise NotFound(UNKNOWN)
    return must_get(session, ShopFee, seller_id, UNKNOWN, lock=True)


def _is_paid(fee: ShopFee) -> None:
    fee.days_lacked, fee.counted_at, fee.suspended_at = 0, None, None


def _product(session: Session, seller: Seller, prices: Prices, now: datetime) -> int:
    language = session.get_one(User, seller.user_id).language
    title = shorten(plain(language, "shop-fee-title", name=seller.name), TITLE_LIMIT)
    values = {"title": title, "status": "published"}
    row = insert(Product).values(
        seller_id=seller.id,
        slug=f"{SLUG}{seller.id}",
        description="",
        kind="shop_fee",
        created_at=now,
        **values,
    )
    row = row.on_conflict_do_update(index_elements=["slug"], set_=values)
    product = session.scalars(row.returning(Product), execution_options={"populate_existing": True}).one()
    product_id = id_of(product)
    if prices:
        set_prices(session, product_id, prices)
    elif not prices_of(session, [product_id])[product_id]:
        raise Refused("fee-unpriced")
    return product_id


def _views(session: Session, fees: list[ShopFee], now: datetime) -> list[FeeView]:
    names = dict(
        session.exec(
            select(Seller.id, Seller.name).where(col(Seller.id).in_([fee.seller_id for fee in fees]))
        ).all()
    )
    prices = prices_of(session, [fee.product_id for fee in fees])
    return [
        FeeView(
            seller_id=fee.seller_id,
            shop=names[fee.seller_id],
            product_id=fee.product_id,
            state=_state(fee, now),
            paid_until=fee.paid_until,
            days_lacked=fee.days_lacked,
            prices=prices[fee.product_id],
        )
        for fee in fees
    ]


def _state(fee: ShopFee, now: datetime) -> ShopFeeState:
    if fee.suspended_at is not None:
        return "suspended"
    return "paid" if now < fee.paid_until else "lacking"
