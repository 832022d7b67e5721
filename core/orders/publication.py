"""Putting a product on sale, changing it, taking it off: it is complete by the rules of its goods."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from core.audit.record import record
from core.catalogue.catalogue import prices_of
from core.catalogue.listing_fee import check_not_returned
from core.catalogue.products import (
    clean_description,
    own_product,
    rename_address,
    set_prices,
    set_rail_prices,
)
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import clean_title
from core.kit.prices import Prices
from core.orders.fulfilment import goods_of
from core.orders.text_review import TextRules, is_unread, review_text
from schemas.catalogue import Product, ProductStatus
from schemas.people import User


def edit_product(
    session: Session,
    product_id: int,
    *,
    title: str,
    description: str,
    prices: Prices | None = None,
    actor_user: User,
    review: TextRules,
    now: datetime,
) -> Product:
    """Change what a product says and costs; prices that are left out are not asked any more, None: they stay
    as they are. New words wait for staff if the rules want that.

    Raises as `create_product` does, and `NotAllowed` for another's product.
    """
    product = own_product(session, product_id, actor_user)
    former, unread = product.title, is_unread(product, review)
    product.title, product.description = clean_title(title), clean_description(description)
    session.add(product)
    if unread and product.title != former:
        rename_address(session, product, former)
    if prices is not None:
        set_prices(session, product_id, prices)
        goods_of(product.kind).check_prices(session, product, prices)
    review_text(session, product, review, now=now)
    record(session, f"user:{actor_user.id}", "product.edited", f"product:{product_id}")
    return product


def price_on_rail(
    session: Session, product_id: int, rail: str, prices: Sequence[Money], *, actor_user: User
) -> Product:
    """Change what a product costs on one rail, in each currency; none: it is not sold on it any more.

    Raises as `set_prices`, and `NotAllowed` for another's product.
    """
    product = own_product(session, product_id, actor_user)
    set_rail_prices(session, product_id, rail, prices)
    goods_of(product.kind).check_prices(session, product, prices_of(session, [product_id])[product_id])
    record(session, f"user:{actor_user.id}", "product.edited", f"product:{product_id}")
    return product


def publish(
    session: Session, product_id: int, *, actor_user: User, now: datetime, review: TextRules | None = None
) -> Product:
    """Show a product in the catalogue, once staff have seen its words if `review` wants that; None: the
    operator publishes it.

    Raises `Refused` without a file (a plan: a channel) or a price, or where the listing fee went back.
    """
    product = own_product(session, product_id, actor_user)
    goods_of(product.kind).check_complete(session, product)
    check_not_returned(session, product)
    if not prices_of(session, [product_id])[product_id]:
        raise Refused("no-price")
    published = _set_status(session, product, "published", actor_user, now)
    if review is not None:
        review_text(session, published, review, now=now)
    return published


def unpublish(session: Session, product_id: int, *, actor_user: User, now: datetime) -> Product:
    """Hide a product; its owners keep access."""
    return _set_status(session, own_product(session, product_id, actor_user), "unpublished", actor_user, now)


def _set_status(
    session: Session, product: Product, status: ProductStatus, actor: User, now: datetime
) -> Product:
    if product.status == status:
        return product
    values = {"status": status, "published_at": now if status == "published" else product.published_at}
    session.execute(
        update(Product)
        .where(col(Product.id) == product.id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    record(session, f"user:{actor.id}", f"product.{status}", f"product:{product.id}")
    return product
