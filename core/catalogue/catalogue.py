"""The catalogue as people see it: searching, product cards, a seller's own products."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_
from sqlmodel import Session, col, select

from core.catalogue.payees import rails_of
from core.catalogue.previews import PreviewFace, faces
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.pagination import Page, paginate
from core.kit.permissions import allowed
from core.kit.prices import Prices, by_rail
from core.kit.rows import id_of, must_get
from schemas.access import Grant
from schemas.catalogue import FEES, Asset, Price, Product, ProductKind, ProductStatus
from schemas.people import Seller, User
from schemas.preview import Choice
from schemas.sales import Order

PAGE_SIZE = 6
WORDS_LIMIT = 8  # of a search; each is one condition
ON_SALE = (
    col(Product.status) == "published",
    col(Product.text_held_at).is_(None),
    col(Seller.status) == "approved",
)
"""`is_on_sale` as conditions of a query that joins both."""


@dataclass(frozen=True)
class FileView:
    """A file of a product; `size` in bytes, `preview_choice` what its seller wants to be shown of it."""

    id: UUID
    name: str
    size: int
    content_type: str
    preview_choice: Choice = "automatic"


@dataclass(frozen=True)
class ProductView:
    """A product card. `prices` by rail, `sales` counts what was paid and not given back.

    `picture_file_id` is the seller's picture, else that of the preview. `rails`: those on which the payee is
    paid now; `on_sale`: whether anybody can buy it; `text_held`: its words wait for staff, or were refused
    (`text_refused`) and wait for its seller.
    """

    id: int
    slug: str
    title: str
    description: str
    seller_name: str
    status: ProductStatus
    prices: Prices
    files: list[FileView]
    picture_file_id: str | None
    preview: PreviewFace | None
    sales: int
    kind: ProductKind
    rails: tuple[str, ...]
    on_sale: bool
    text_held: bool
    text_refused: bool


def is_on_sale(product: Product, seller: Seller) -> bool:
    """Whether anybody may see and buy a product: it is published, its words do not wait for staff, and its
    shop is open. What opens a shop again can be bought of a suspended one."""
    is_open = seller.status == "approved" or (seller.status == "suspended" and product.kind == "shop_fee")
    return product.status == "published" and product.text_held_at is None and is_open


def check_on_sale(session: Session, product: Product) -> Seller:
    """The shop that sells it. Raises `NotFound` "shop-closed", or `Refused` "not-published" for what nobody
    can buy."""
    check_shop_open(session, product)
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    if not is_on_sale(product, seller):
        raise Refused("not-published")
    return seller


def check_shop_open(session: Session, product: Product) -> None:
    """Raise `NotFound` "shop-closed" where the shop that sells it is suspended."""
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    if seller.status == "suspended" and product.kind != "shop_fee":
        raise NotFound("shop-closed")


def may_see(session: Session, product: Product, seller: Seller, viewer: User | None) -> bool:
    """Whether somebody may see a product and what belongs to it, pictures and previews included: anybody
    what is on sale; else its seller, staff, and whoever owns it. None: somebody unknown."""
    if is_on_sale(product, seller):
        return True
    if viewer is None:
        return False
    if viewer.id == seller.user_id or allowed(viewer.roles, "see_orders"):
        return True
    owned = select(Grant.id).where(
        Grant.product_id == product.id, Grant.buyer_id == viewer.id, col(Grant.revoked_at).is_(None)
    )
    return session.exec(owned.limit(1)).first() is not None


def check_visible(session: Session, product_id: int, viewer_id: int | None) -> Product:
    """A product, for what belongs to it. Raises `NotFound` unless this person may see it; None: anybody."""
    product = must_get(session, Product, product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    viewer = None if viewer_id is None else session.get(User, viewer_id)
    if not may_see(session, product, seller, viewer):
        raise NotFound("product-unknown")
    return product


def search(
    session: Session, words: str, *, page: int, size: int = PAGE_SIZE, seller_id: int | None = None
) -> Page[ProductView]:
    """Products on sale that have every word in title, description or shop name, newest first; of one shop
    alone where it is named."""
    statement = _cards().where(*ON_SALE, col(Product.kind).not_in(FEES))
    if seller_id is not None:
        statement = statement.where(col(Product.seller_id) == seller_id)
    for word in clean_text(words).split()[:WORDS_LIMIT]:
        fields = (Product.title, Product.description, Seller.name)
        statement = statement.where(or_(*(col(field).icontains(word, autoescape=True) for field in fields)))
    statement = statement.order_by(col(Product.published_at).desc(), col(Product.id).desc())
    return paginate(session, statement, lambda rows: _views(session, rows), page=page, size=size)


def view(
    session: Session, *, product_id: int | None = None, slug: str | None = None, viewer: User | None
) -> ProductView:
    """One product, by id or slug. Raises `NotFound` unless the viewer may see it: "shop-closed" for what a
    suspended shop had on sale, else "product-unknown".
    """
    named = col(Product.id) == product_id if slug is None else col(Product.slug) == slug
    row = session.execute(_cards().where(named)).one_or_none()
    if row is None:
        raise NotFound("product-unknown")
    product, seller = row[0], row[1]
    if not may_see(session, product, seller, viewer):
        was_on_sale = product.status == "published" and seller.status == "suspended"
        raise NotFound("shop-closed" if was_on_sale else "product-unknown")
    return _views(session, [row])[0]


def products_of(session: Session, seller_id: int, *, page: int) -> Page[ProductView]:
    """All products of a shop, drafts included, newest first."""
    statement = _cards().where(col(Product.seller_id) == seller_id, col(Product.kind) == "file")
    statement = statement.order_by(col(Product.created_at).desc(), col(Product.id).desc())
    return paginate(session, statement, lambda rows: _views(session, rows), page=page, size=PAGE_SIZE)


def current_assets(session: Session, product_id: int) -> list[Asset]:
    """The files that a buyer gets, in order."""
    return assets_by_product(session, [product_id])[product_id]


def assets_by_product(session: Session, product_ids: Collection[int]) -> dict[int, list[Asset]]:
    """The current files of several products; a product without files has an empty list."""
    assets: dict[int, list[Asset]] = defaultdict(list)
    statement = select(Asset).where(col(Asset.product_id).in_(product_ids), Asset.status == "accepted")
    for asset in session.exec(statement.order_by(col(Asset.position), col(Asset.created_at))):
        assets[asset.product_id].append(asset)
    return assets


def file_views(assets: Collection[Asset]) -> list[FileView]:
    """What people see of these files."""
    return [
        FileView(asset.id, asset.name, asset.size, asset.content_type, asset.preview_choice)
        for asset in assets
    ]


def prices_of(session: Session, product_ids: Collection[int]) -> dict[int, dict[str, list[Money]]]:
    """What products cost, in the order in which their sellers set it; nothing of one that has no price."""
    prices: dict[int, list[tuple[str, Money]]] = defaultdict(list)
    statement = select(Price).where(col(Price.product_id).in_(product_ids)).order_by(col(Price.id))
    for price in session.exec(statement):
        prices[price.product_id].append((price.rail, Money(price.amount, price.currency)))
    return {product_id: by_rail(prices[product_id]) for product_id in product_ids}


def _cards() -> Select[Product, Seller]:
    return select(Product, Seller).join(Seller, col(Seller.id) == Product.seller_id)


def _views(session: Session, rows: Sequence[Any]) -> list[ProductView]:
    ids = [id_of(product) for product, _ in rows]
    prices, assets, sales = prices_of(session, ids), assets_by_product(session, ids), _sales(session, ids)
    previews = faces(session, ids)
    taken = rails_of(session, rows)
    return [
        ProductView(
            id=id_of(product),
            slug=product.slug,
            title=product.title,
            description=product.description,
            seller_name=seller.name,
            status=product.status,
            prices=prices[id_of(product)],
            files=file_views(assets[id_of(product)]),
            picture_file_id=product.picture_file_id or _file_id(previews.get(id_of(product))),
            preview=previews.get(id_of(product)),
            sales=sales.get(id_of(product), 0),
            kind=product.kind,
            rails=rails,
            on_sale=is_on_sale(product, seller),
            text_held=product.text_held_at is not None,
            text_refused=product.text_held_at is not None and product.text_refused is not None,
        )
        for (product, seller), rails in zip(rows, taken, strict=True)
    ]


def _file_id(preview: PreviewFace | None) -> str | None:
    return preview.file_id if preview else None


def _sales(session: Session, product_ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(Order.product_id, func.count())
        .where(col(Order.product_id).in_(product_ids), col(Order.status).in_(("paid", "delivered")))
        .group_by(col(Order.product_id))
    )
    return dict(session.exec(statement).all())
