"""The Mini App's views of a shop: a seller's products with what is on its way, what a buyer sees, sales."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, func
from sqlmodel import Session, col, select

from core.catalogue.catalogue import ProductView, products_of, view
from core.catalogue.previews import PreviewView, preview_of
from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.pagination import Page
from core.kit.permissions import allowed
from core.kit.prices import Prices, by_rail
from core.kit.readable_rows import readable
from core.kit.rows import id_of
from core.orders.fulfilment import Choice, Description, goods_of
from core.orders.grants import owned
from core.orders.orders import PAID
from core.people.sellers import shop_of
from schemas.catalogue import FEES, Product
from schemas.people import Seller, User
from schemas.sales import Order
from schemas.uploads import Upload, UploadState

SHOWN: tuple[UploadState, ...] = ("open", "awaiting_payment", "verifying", "moderation", "refused")
MOST_DAYS = 366


@dataclass(frozen=True)
class OwnProduct:
    """A product as its seller sees it. `uploads` are on their way, or were refused.

    `picture_id` is the upload of the seller's own picture.
    """

    product: ProductView
    created_at: datetime
    revenue: list[Money]
    uploads: list[Upload]
    picture_id: UUID | None
    preview: PreviewView | None


@dataclass(frozen=True)
class ShownProduct:
    """A product as a buyer sees it, what it gives, and for which terms; `picture_id` as above."""

    product: ProductView
    description: Description
    choices: list[Choice]
    owned: bool
    picture_id: UUID | None
    preview: PreviewView | None


@dataclass(frozen=True)
class SalesDay:
    """What was paid on a day (UTC) and not given back, by rail and currency."""

    date: date
    orders: int
    revenue: Prices


@dataclass(frozen=True)
class SalesTotal:
    """The sum of a rail and currency."""

    rail: str
    revenue: Money
    orders: int


@dataclass(frozen=True)
class SalesReport:
    """Sales over some days, the latest last; a day without sales is there too."""

    days: list[SalesDay]
    totals: list[SalesTotal]


def own_shop(session: Session, user: User) -> Seller:
    """The person's shop. Raises `NotFound`."""
    shop = shop_of(session, id_of(user))
    if shop is None:
        raise NotFound("shop-unknown")
    return shop


def own_products(session: Session, user: User, *, page: int) -> Page[OwnProduct]:
    """A page of the person's products, newest first; an empty one for who has no shop."""
    shop = shop_of(session, id_of(user))
    if shop is None:
        return Page([], 1, 1, 0)
    products = products_of(session, id_of(shop), page=page)
    return Page(_with_details(session, products.items), products.number, products.pages, products.total)


def own_product(session: Session, user: User, product_id: int) -> OwnProduct:
    """One of them; an admin's may be anybody's. Raises `NotFound`."""
    shop = shop_of(session, id_of(user))
    row = session.get(Product, product_id)
    own = row is not None and shop is not None and row.seller_id == shop.id
    if row is None or row.kind != "file" or not (own or allowed(user.roles, "approve_seller")):
        raise NotFound("product-unknown")
    return _with_details(session, [view(session, product_id=product_id, viewer=user)])[0]


def shown_product(session: Session, user: User, name: str, *, now: datetime) -> ShownProduct:
    """A product by slug, or by id where no slug has these digits. Raises `NotFound`."""
    try:
        product = view(session, slug=name, viewer=user)
    except NotFound:
        if not (name.isascii() and name.isdigit() and len(name) <= 18):
            raise
        product = view(session, product_id=int(name), viewer=user)
    has = owned(session, id_of(user), product.id) is not None
    picture_id = _pictures(session, [product.id]).get(product.id)
    goods = goods_of(product.kind)
    return ShownProduct(
        product,
        goods.describe(session, product),
        goods.choices(session, product, now=now),
        has,
        picture_id,
        _preview(session, product),
    )


def sales_report(session: Session, user: User, *, days: int, now: datetime) -> SalesReport:
    """What the person's shop sold in the last `days` days, today included."""
    shop = own_shop(session, user)
    count = min(max(1, days), MOST_DAYS)
    first = now.date() - timedelta(days=count - 1)
    day = cast(func.timezone("UTC", col(Order.paid_at)), Date)
    groups = (day, col(Order.rail), col(Order.currency))
    statement = (
        select(*groups)
        .add_columns(func.count(), func.sum(Order.amount))
        .join(Product, col(Product.id) == Order.product_id)
        .where(
            col(Order.seller_id) == shop.id,
            col(Product.kind).not_in(FEES),  # a fee is paid by the shop, not to it
            col(Order.status).in_(PAID),
            col(Order.paid_at) >= datetime.combine(first, time(), now.tzinfo),
        )
        .group_by(*groups)
        .order_by(*groups)
    )
    return _report(session.execute(statement).all(), [first + timedelta(days=n) for n in range(count)])


def _report(rows: Sequence[Any], dates: list[date]) -> SalesReport:
    orders: dict[date, int] = defaultdict(int)
    revenue: dict[date, list[tuple[str, Money]]] = defaultdict(list)
    totals: dict[tuple[str, str], SalesTotal] = {}
    for when, rail, currency, count, amount in rows:
        orders[when] += count
        revenue[when].append((rail, Money(int(amount), currency)))
        before = totals.get((rail, currency), SalesTotal(rail, Money(0, currency), 0))
        summed = Money(before.revenue.amount + int(amount), currency)
        totals[rail, currency] = SalesTotal(rail, summed, before.orders + count)
    listed = [SalesDay(day, orders[day], by_rail(revenue[day])) for day in dates]
    return SalesReport(listed, [totals[name] for name in sorted(totals)])


def _with_details(session: Session, products: list[ProductView]) -> list[OwnProduct]:
    ids = [product.id for product in products]
    created = dict(session.exec(select(Product.id, Product.created_at).where(col(Product.id).in_(ids))).all())
    revenue, uploads = _revenue(session, ids), _uploads(session, ids)
    pictures = _pictures(session, ids)
    return [
        OwnProduct(
            product,
            created[product.id],
            revenue[product.id],
            uploads[product.id],
            pictures.get(product.id),
            _preview(session, product),
        )
        for product in products
    ]


def _revenue(session: Session, ids: Collection[int]) -> dict[int, list[Money]]:
    revenue: dict[int, list[Money]] = defaultdict(list)
    groups = (col(Order.product_id), col(Order.currency))
    statement = select(*groups).add_columns(func.sum(Order.amount)).group_by(*groups).order_by(*groups)
    sold = statement.where(col(Order.product_id).in_(ids), col(Order.status).in_(PAID))
    for product_id, currency, amount in session.execute(sold):
        revenue[product_id].append(Money(int(amount), currency))
    return revenue


def _uploads(session: Session, ids: Collection[int]) -> dict[int, list[Upload]]:
    uploads: dict[int, list[Upload]] = defaultdict(list)
    statement = select(Upload).where(
        col(Upload.product_id).in_(ids), Upload.purpose == "file", col(Upload.state).in_(SHOWN)
    )
    for upload in readable(session, statement.order_by(col(Upload.created_at))):
        uploads[upload.product_id].append(upload)
    return uploads


def _pictures(session: Session, ids: Collection[int]) -> dict[int, UUID]:
    statement = (
        select(Product.id, Upload.id)
        .join(Upload, col(Upload.key) == Product.picture_key)
        .where(col(Product.id).in_(ids))
    )
    return {int(product_id or 0): upload_id for product_id, upload_id in session.exec(statement)}


def _preview(session: Session, product: ProductView) -> PreviewView | None:
    return preview_of(session, product.preview.asset_id) if product.preview else None
