"""What is sold: products, their prices by rail and currency, their files."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference
from schemas.preview import Choice, Outcome

ProductStatus = Literal["draft", "published", "unpublished"]
ProductKind = Literal["file", "listing", "membership", "shop_fee"]
FEES: tuple[ProductKind, ...] = ("listing", "shop_fee")
"""What sellers pay the operator for, and buyers never see."""
AssetStatus = Literal["pending", "accepted", "refused", "retired"]


class Product(SQLModel, table=True):
    """Something for sale. Unpublishing hides it; owners keep access."""

    __tablename__ = "product"
    __table_args__ = (Index("ix_product_catalogue", "status", "published_at"),)

    id: int | None = identity()
    seller_id: int = reference("seller.id", index=True)
    slug: str = Field(unique=True, sa_type=Text)  # public name in /p/{slug} and p_{slug}; [A-Za-z0-9_-]{1,60}
    title: str = Field(sa_type=Text)
    description: str = Field(default="", sa_type=Text)
    status: ProductStatus = Field(default="draft", sa_type=Text)
    picture_key: str | None = Field(default=None, sa_type=Text)  # object in the store
    picture_file_id: str | None = Field(default=None, sa_type=Text)  # the same picture, known to Telegram
    kind: ProductKind = Field(default="file", sa_type=Text, sa_column_kwargs={"server_default": "file"})
    listing_of: int | None = reference("product.id", default=None, unique=True)  # of kind "listing": its fee
    listing_paid_at: datetime | None = moment(default=None)  # of kind "file"
    text_held_at: datetime | None = moment(default=None)  # its words wait for staff, and it is not on sale
    text_accepted: str | None = Field(default=None, sa_type=Text)  # which words staff have accepted
    text_refused: str | None = Field(default=None, sa_type=Text)  # which of its held words staff have refused
    idempotency_key: str | None = Field(default=None, unique=True, sa_type=Text)
    created_at: datetime = created_moment()
    published_at: datetime | None = moment(default=None)


class Price(SQLModel, table=True):
    """What a product costs on one rail in one currency, in its minor units (XTR has none: 1 is one Star).

    Among the prices of a rail, and among its currencies, the first row leads.
    """

    __tablename__ = "price"
    __table_args__ = (UniqueConstraint("product_id", "rail", "currency"),)

    id: int | None = identity()
    product_id: int = reference("product.id", index=True)
    rail: str = Field(sa_type=Text)
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)


class Asset(SQLModel, table=True):
    """One file of a product: an object in the store that never moves, and what we know of it.

    A replaced file keeps its row (`retired`), and its successor names it in `replaces_id`.
    """

    __tablename__ = "asset"
    __table_args__ = (
        Index("ix_asset_current", "product_id", "position", postgresql_where=text("status = 'accepted'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    product_id: int = reference("product.id", index=True)
    key: str = Field(unique=True, sa_type=Text)  # uploads/{seller}/{upload}/{name}
    name: str = Field(sa_type=Text)  # shown to people, travels in Content-Disposition
    size: int = Field(sa_type=BigInteger)  # bytes
    content_type: str = Field(default="application/octet-stream", sa_type=Text)
    sha256: str | None = Field(default=None, max_length=64)  # lower-case hexadecimal
    status: AssetStatus = Field(default="pending", sa_type=Text)
    position: int = Field(default=0)
    replaces_id: UUID | None = Field(default=None, foreign_key="asset.id")
    created_at: datetime = created_moment()
    accepted_at: datetime | None = moment(default=None)
    preview_choice: Choice = Field(default="automatic", sa_type=Text)
    sample_key: str | None = Field(default=None, sa_type=Text)  # of the seller's own sample in the store


class AssetPreview(SQLModel, table=True):
    """What a preview came to. Apart from `asset`, which every click on a download link reads."""

    __tablename__ = "asset_preview"

    asset_id: UUID = Field(primary_key=True, foreign_key="asset.id")
    outcome: Outcome = Field(sa_type=Text)
    reason: str = Field(default="", sa_type=Text)  # for the operator, in English
    description: dict[str, Any] = Field(sa_type=JSONB)  # of schemas.preview.Description
    pictures: dict[str, dict[str, str]] = Field(sa_type=JSONB)  # name: its key, its file_id at Telegram
    made_at: datetime = moment()
    rules: int = Field(default=0)  # core.catalogue.preview_shares.RULES; 0: of before there were any
