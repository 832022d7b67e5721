"""Putting a product on sale, and taking it off: a product is complete by the rules of its goods."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from core.audit.record import record
from core.catalogue.catalogue import prices_of
from core.catalogue.products import own_product
from core.kit.errors import Refused
from core.orders.fulfilment import goods_of
from schemas.catalogue import Product, ProductStatus
from schemas.people import User


def publish(session: Session, product_id: int, *, actor_user: User, now: datetime) -> Product:
    """Show a product in the catalogue. Raises `Refused` without a file (a plan: a channel) or a price."""
    product = own_product(session, product_id, actor_user)
    goods_of(product.kind).check_complete(session, product)
    if not prices_of(session, [product_id])[product_id]:
        raise Refused("no-price")
    return _set_status(session, product, "published", actor_user, now)


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
