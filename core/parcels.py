"""What a delivery carries to whom: the files of one grant, each with a link of its own.

Links are issued under the job's identity, so that every attempt finds the same ones.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from core.audit import record
from core.catalogue import current_assets
from core.errors import NotFound, Refused
from core.links import issue_link
from core.orders import order_number
from core.rows import key, must_get
from schemas.access import Grant
from schemas.catalogue import Asset, Product
from schemas.people import User
from schemas.sales import Order


@dataclass(frozen=True)
class Wrapping:
    """How links are made: `secret` in hexadecimal, `ttl` in seconds, `direct` for a shop without a web
    address, whose messages carry the store's own signed addresses."""

    secret: str
    ttl: int
    max_downloads: int
    direct: bool


@dataclass(frozen=True)
class ParcelFile:
    """A file and the token of its link, empty where the store's own address is sent."""

    asset: Asset
    token: str


@dataclass(frozen=True)
class Parcel:
    """Everything that a delivery message says, and to whom."""

    user_id: int
    telegram_id: int
    language: str
    title: str
    order_number: str
    files: list[ParcelFile]


def pack_order(
    session: Session, order_id: int, *, identity: UUID, wrapping: Wrapping, now: datetime
) -> Parcel | None:
    """The parcel of a paid order, None when there is nothing (more) to deliver.

    Raises `NotFound`: order unknown; `Refused` "no-file": the product has none.
    """
    order = must_get(session, Order, order_id, "order-unknown")
    grant = session.exec(select(Grant).where(Grant.order_id == order_id)).one_or_none()
    if order.status != "paid" or grant is None or grant.revoked_at is not None:
        return None
    assets = current_assets(session, order.product_id)
    if not assets:
        raise Refused("no-file")
    return _pack(session, order, grant, assets, identity=identity, wrapping=wrapping, now=now)


def pack_grant(
    session: Session,
    grant_id: int,
    asset_id: UUID | None,
    *,
    identity: UUID,
    wrapping: Wrapping,
    now: datetime,
) -> Parcel:
    """The parcel of what is owned: one file, or all current ones.

    Raises `NotFound` "file-unknown": replaced, or there is none; `Refused` "grant-revoked".
    """
    grant = must_get(session, Grant, grant_id, "grant-unknown")
    order = must_get(session, Order, grant.order_id, "order-unknown")
    if grant.revoked_at is not None:
        raise Refused("grant-revoked")
    current = current_assets(session, grant.product_id)
    assets = [asset for asset in current if asset_id in (None, asset.id)]
    if not assets:
        raise NotFound("file-unknown")
    return _pack(session, order, grant, assets, identity=identity, wrapping=wrapping, now=now)


def _pack(
    session: Session,
    order: Order,
    grant: Grant,
    assets: list[Asset],
    *,
    identity: UUID,
    wrapping: Wrapping,
    now: datetime,
) -> Parcel:
    product = must_get(session, Product, grant.product_id, "product-unknown")
    buyer = must_get(session, User, grant.buyer_id, "user-unknown")
    files = [ParcelFile(asset, _link(session, grant, asset, identity, wrapping, now)) for asset in assets]
    return Parcel(
        user_id=key(buyer),
        telegram_id=buyer.telegram_id,
        language=buyer.language,
        title=product.title,
        order_number=order_number(order),
        files=files,
    )


def _link(
    session: Session, grant: Grant, asset: Asset, identity: UUID, wrapping: Wrapping, now: datetime
) -> str:
    if wrapping.direct:
        record(
            session,
            f"user:{grant.buyer_id}",
            "link.presigned",
            f"asset:{asset.id}",
            order=grant.order_id,
        )
        return ""
    _, token = issue_link(
        session,
        grant_id=key(grant),
        asset_id=asset.id,
        identity=identity,
        secret=wrapping.secret,
        ttl=wrapping.ttl,
        max_downloads=wrapping.max_downloads,
        now=now,
    )
    return token
