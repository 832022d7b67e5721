"""Changing what is sold: products, prices, files, publication."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import prices_of
from core.jobs.ledger import enqueue
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.money import EXPONENTS, Money
from core.kit.names import SLUG_LIMIT, clean_file_name, clean_text, clean_title, slug_for
from core.kit.permissions import allowed, require
from core.kit.prices import Prices, by_rail, one_by_one
from core.kit.rail_policy import RAILS, check_sum, takes_currency
from core.kit.rows import id_of, must_get
from schemas import jobs, picture_jobs
from schemas.catalogue import FEES, Asset, Price, Product
from schemas.people import Seller, User

DESCRIPTION_LIMIT = 4096  # characters
ENDING = 3  # bytes that tell addresses of one title apart


def create_product(
    session: Session,
    seller: Seller,
    *,
    title: str,
    description: str,
    prices: Prices,
    now: datetime,
    idempotency_key: str | None = None,
) -> Product:
    """A new draft under a slug of its own; the same shop's key again gives the same product.

    Raises `Refused`: shop not approved, title empty or too long, description too long, and as
    `set_prices`.
    """
    if seller.status != "approved":
        raise Refused("shop-not-approved")
    clean, text = clean_title(title), clean_description(description)
    own_key = f"{seller.id}:{idempotency_key}" if idempotency_key else None
    if own_key:
        must_get(session, Seller, seller.id, "shop-unknown", lock=True)  # the same form sent twice waits here
        same = session.exec(select(Product).where(Product.idempotency_key == own_key)).one_or_none()
        if same is not None:
            return same
    product = _insert_under_free_slug(session, id_of(seller), clean, text, now)
    product.idempotency_key = own_key
    set_prices(session, id_of(product), prices)
    record(session, f"user:{seller.user_id}", "product.created", f"product:{product.id}")
    return product


def set_prices(session: Session, product_id: int, prices: Prices) -> None:
    """All that a product costs from now on, in the order to be shown; open orders keep their price.

    Raises `Refused`: rail-unknown, price-wrong-currency, bad-amount, price-not-for-cards, and price-twice
    where a rail has two in one currency.
    """
    wanted = by_rail(one_by_one(prices))
    for rail, price in one_by_one(wanted):
        _check_price(rail, price)
    must_get(session, Product, product_id, "product-unknown", lock=True)  # another change of them waits here
    if list(wanted.items()) == list(prices_of(session, [product_id])[product_id].items()):
        return
    session.execute(delete(Price).where(col(Price.product_id) == product_id))
    session.add_all(
        Price(product_id=product_id, rail=rail, currency=price.currency, amount=price.amount)
        for rail, price in one_by_one(wanted)
    )
    session.flush()


def set_rail_prices(session: Session, product_id: int, rail: str, prices: Sequence[Money]) -> None:
    """What a product costs on one rail from now on, none: it is not sold on it; otherwise as `set_prices`."""
    must_get(session, Product, product_id, "product-unknown", lock=True)
    set_prices(session, product_id, {**prices_of(session, [product_id])[product_id], rail: prices})


def _check_price(rail: str, price: Money) -> None:
    if rail not in RAILS:
        raise Refused("rail-unknown", {"rail": rail[:20]})
    if price.currency not in EXPONENTS or not takes_currency(rail, price.currency):
        raise Refused("price-wrong-currency", {"rail": rail, "currency": price.currency[:3]})
    if price.amount <= 0:
        raise Refused("bad-amount", {"text": str(price.amount)})
    check_sum(rail, price)


def set_picture(session: Session, product: Product, *, key: str) -> None:
    """Take an image in the store as the picture of a locked product, and have Telegram know it."""
    product.picture_key, product.picture_file_id = key, None
    session.add(product)
    session.flush()
    enqueue(session, picture_jobs.PublishPicture(product_id=id_of(product)).once(key))


def add_asset(
    session: Session,
    product: Product,
    *,
    key: str,
    name: str,
    size: int,
    content_type: str,
    sha256: str | None,
    now: datetime,
    replaces: UUID | None = None,
) -> Asset:
    """A file of a locked product, accepted at once; the same object key again is the same file.

    A replacement takes the place of the old file, which retires, and every owner is sent the new one.
    """
    product_id = id_of(product)
    same = session.exec(select(Asset).where(Asset.key == key)).one_or_none()
    if same is not None:
        if same.product_id != product_id:
            raise Refused("file-key-taken")
        return same
    position = _retire(session, product_id, replaces) if replaces else _next_position(session, product_id)
    asset = Asset(
        product_id=product_id,
        key=key,
        name=clean_file_name(name),
        size=size,
        content_type=content_type,
        sha256=sha256,
        status="accepted",
        position=position,
        replaces_id=replaces,
        created_at=now,
        accepted_at=now,
    )
    if replaces:  # what its seller chose to show stays
        old = must_get(session, Asset, replaces, "file-unknown")
        asset.preview_choice, asset.sample_key, old.sample_key = old.preview_choice, old.sample_key, None
        session.add(old)
    session.add(asset)
    record(session, "system", "asset.accepted", f"asset:{asset.id}", product=product_id, size=size)
    session.flush()
    enqueue(session, picture_jobs.MakePreview(asset_id=asset.id).once())
    if replaces:
        enqueue(session, jobs.AnnounceReplacement(asset_id=asset.id).once())
    return asset


def clean_description(description: str) -> str:
    """A description as it is kept. Raises `Refused` "description-too-long"."""
    text = clean_text(description, lines=True)
    if len(text) > DESCRIPTION_LIMIT:
        raise Refused("description-too-long", {"length": len(text), "limit": DESCRIPTION_LIMIT})
    return text


def _retire(session: Session, product_id: int, asset_id: UUID) -> int:
    """Retire a current file; its position. Raises `NotFound`, or `Refused` when another replaced it."""
    old = must_get(session, Asset, asset_id, "file-unknown", lock=True)
    if old.product_id != product_id:
        raise NotFound("file-unknown")
    if old.status != "accepted":
        raise Refused("file-already-replaced")
    old.status = "retired"
    session.add(old)
    return old.position


def _next_position(session: Session, product_id: int) -> int:
    last = session.exec(select(func.max(Asset.position)).where(Asset.product_id == product_id)).one()
    return 0 if last is None else last + 1


def _insert_under_free_slug(
    session: Session, seller_id: int, title: str, description: str, now: datetime
) -> Product:
    slug = slug_for(title)
    while True:
        statement = (
            insert(Product)
            .values(
                seller_id=seller_id,
                slug=slug,
                title=title,
                description=description,
                status="draft",
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["slug"])
        )
        product = session.scalars(statement.returning(Product)).one_or_none()
        if product is not None:
            return product
        slug = _slug_with_ending(title)


def rename_address(session: Session, product: Product, former: str) -> None:
    """The address of a locked product says its title, where it still said a former one.

    So do links that were shared: call it for words that nobody but the seller was to read.
    """
    made = slug_for(former)
    shortened = made[: SLUG_LIMIT - 2 * ENDING - 1]
    if product.slug != made and not re.fullmatch(f"{shortened}-[0-9a-f]{{{2 * ENDING}}}", product.slug):
        return
    session.flush()
    try:
        with session.begin_nested():
            product.slug = slug_for(product.title)
            session.add(product)
    except IntegrityError:  # another product has it
        product.slug = _slug_with_ending(product.title)
        session.add(product)


def _slug_with_ending(title: str) -> str:
    return f"{slug_for(title)[: SLUG_LIMIT - 2 * ENDING - 1]}-{secrets.token_hex(ENDING)}"


def own_product(session: Session, product_id: int, actor: User) -> Product:
    """The product, locked, for its seller or an admin. A fee is nobody's to change: the operator sets it."""
    require(actor.roles, "publish")
    product = must_get(session, Product, product_id, "product-unknown", lock=True)
    if product.kind in FEES:
        raise NotFound("product-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    if seller.user_id != actor.id and not allowed(actor.roles, "approve_seller"):
        raise NotAllowed("not-allowed", {"act": "publish"})
    if seller.status != "approved":
        raise Refused("shop-not-approved")
    return product
