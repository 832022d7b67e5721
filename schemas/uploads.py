"""Uploads on their way into the store, sessions of the Mini App, and files that must not come back."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, moment, reference

Purpose = Literal["file", "picture", "sample"]
UploadState = Literal[
    "open",
    "awaiting_payment",
    "verifying",
    "moderation",
    "accepted",
    "refused",
    "lost",
    "aborted",
]
Policy = Literal["on_confirm", "after_payment"]


class Upload(SQLModel, table=True):
    """One file on its way: the row says who sends it, where it goes and how far it is.

    The object stays under `key` whatever becomes of it; `reclaimed_at` is set once it was deleted.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index(
            "uq_upload_under_way",
            "product_id",
            "purpose",
            "fingerprint_hash",
            unique=True,
            postgresql_where=text("state in ('open','awaiting_payment','verifying','moderation')"),
        ),
        Index(
            "ix_upload_unreclaimed",
            "expires_at",
            postgresql_where=text("state <> 'accepted' and reclaimed_at is null"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: int = reference("person.id", index=True)
    product_id: int = reference("product.id", index=True)
    purpose: Purpose = Field(default="file", sa_type=Text)
    name: str = Field(sa_type=Text)
    size: int = Field(sa_type=BigInteger)  # bytes, as announced
    content_type: str = Field(default="", sa_type=Text)  # as announced; the bytes decide
    fingerprint: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    fingerprint_hash: bytes
    # The file that it takes the place of; of a sample, the one that it is a sample of.
    replaces_id: UUID | None = Field(default=None, foreign_key="asset.id")
    key: str = Field(unique=True, sa_type=Text)
    part_size: int = Field(sa_type=BigInteger)  # bytes
    store_upload_id: str | None = Field(default=None, sa_type=Text)  # of the store's multipart upload
    telegram_file_id: str | None = Field(default=None, sa_type=Text)  # comes from a message to the bot
    policy: Policy = Field(default="on_confirm", sa_type=Text)
    state: UploadState = Field(default="open", sa_type=Text)
    etags: list[str] | None = Field(default=None, sa_type=JSONB)  # of all parts in order, once completed
    sha256: str | None = Field(default=None, max_length=64)  # lower-case hexadecimal
    found_type: str | None = Field(default=None, sa_type=Text)  # content type by the bytes
    findings: list[str] = Field(default_factory=list, sa_type=JSONB)  # what automatic checks noticed
    reason: str | None = Field(default=None, sa_type=Text)  # why refused: id of text "upload-reason-…"
    reason_params: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    asset_id: UUID | None = Field(default=None, foreign_key="asset.id")
    created_at: datetime = created_moment()
    expires_at: datetime = moment()
    completed_at: datetime | None = moment(default=None)
    verified_at: datetime | None = moment(default=None)
    approved_at: datetime | None = moment(default=None)  # by staff, or because nothing was noticed
    decided_at: datetime | None = moment(default=None)
    reclaimed_at: datetime | None = moment(default=None)
    reclaimed_bytes: int = Field(default=0, sa_type=BigInteger)


class MiniAppSession(SQLModel, table=True):
    """A person signed in by initData; only the token's SHA-256 is kept.

    `init_digest` is the SHA-256 of what Telegram signed: who has it may renew, others come within minutes.
    """

    __tablename__ = "mini_app_session"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: int = reference("person.id")
    token_hash: bytes = Field(unique=True)
    init_digest: bytes = Field(index=True)
    signed_at: datetime = moment()
    created_at: datetime = created_moment()
    expires_at: datetime = moment(index=True)


class BlockedFile(SQLModel, table=True):
    """A file that is refused wherever it comes from, known by its SHA-256 in lower-case hexadecimal."""

    __tablename__ = "blocked_file"

    sha256: str = Field(primary_key=True, max_length=64)
    reason: str = Field(default="", sa_type=Text)
    added_by: str = Field(default="", sa_type=Text)
    created_at: datetime = created_moment()
