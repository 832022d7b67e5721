"""What a paid order gives: grants, the revocable links to a grant's files, and claims of web orders."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference
from schemas.catalogue import ProductKind


class Grant(SQLModel, table=True):
    """A right, born of one paid order and ended by refund or revocation."""

    __tablename__ = "access_grant"

    id: int | None = identity()
    order_id: int = reference("purchase.id", unique=True)
    buyer_id: int = reference("person.id", index=True)
    product_id: int = reference("product.id", index=True)
    kind: ProductKind = Field(default="file", sa_type=Text)
    created_at: datetime = created_moment()
    revoked_at: datetime | None = moment(default=None)
    revoked_reason: str = Field(default="", sa_type=Text)


class DownloadLink(SQLModel, table=True):
    """A revocable link on our own domain to one file of one grant.

    The token is derived from the row's id with LINK_SECRET (workers only), so every attempt to send it
    sends the same text; the row keeps only its SHA-256.
    """

    __tablename__ = "download_link"
    __table_args__ = (Index("ix_download_link_created_at", "created_at", postgresql_using="brin"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    grant_id: int = reference("access_grant.id", index=True)
    asset_id: UUID = Field(foreign_key="asset.id", index=True)
    token_hash: bytes = Field(unique=True)
    max_downloads: int = Field(default=0)  # 0: no limit
    downloads: int = Field(default=0)
    created_at: datetime = created_moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)


class Download(SQLModel, table=True):
    """A click that counts: one per (link, client, minute); a resumed transfer is not a new one."""

    __tablename__ = "download"
    __table_args__ = (
        UniqueConstraint("link_id", "client", "minute"),
        Index("ix_download_minute", "minute", postgresql_using="brin"),
    )

    id: int | None = identity()
    link_id: UUID = Field(foreign_key="download_link.id")
    client: str = Field(max_length=32)  # a digest of address and user agent, never the address
    # The /24 (IPv4) or /48 (IPv6) of the address where a card paid: its bank asks for it in a dispute
    network: str | None = Field(default=None, max_length=43)
    minute: datetime = moment()
    # How often its client came back for the rest.
    continued: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class OrderClaim(SQLModel, table=True):
    """A right to attach a web order to the Telegram person who opens /start c{token}; re-issuable.

    `claimed_at` is set in the transaction that made the grant: never burned before.
    """

    __tablename__ = "claim"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: int = reference("purchase.id", index=True)
    token_hash: bytes = Field(unique=True)
    created_at: datetime = created_moment()
    expires_at: datetime = moment()
    claimed_at: datetime | None = moment(default=None)
    claimed_by: int | None = reference("person.id", default=None)
