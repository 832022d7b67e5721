"""The audit log: who did what to what, and why we can tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FetchedValue, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment

LATER = {"server_default": FetchedValue()}
"""An entry is added without naming these columns, which the application's role has no right to fill."""


class AuditEntry(SQLModel, table=True):
    """One act. `details` holds numbers and words of lists alone (`core.audit.details`).

    `place` (in the chain: 1, 2, 3, …) and `digest` are given by the next sealing: see `core.audit.chain`.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "created_at"),
        Index("ix_audit_entry_unsealed", "id", postgresql_where=text("place IS NULL")),
        Index("ix_audit_entry_created_at", "created_at", postgresql_using="brin"),
    )

    id: int | None = identity()
    actor: str = Field(sa_type=Text)  # user:7, token:<its id>, system, cli
    action: str = Field(sa_type=Text, index=True)  # order.refunded, link.presigned, ...
    subject: str = Field(sa_type=Text)  # order:12, asset:<uuid>, ...
    correlation_id: str = Field(default="", sa_type=Text)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = created_moment()
    place: int | None = Field(default=None, sa_type=BigInteger, unique=True, sa_column_kwargs=LATER)
    digest: bytes | None = Field(default=None, sa_column_kwargs=LATER)


class StaffNote(SQLModel, table=True):
    """Why somebody of the staff did something, in their own words. The audit entry of the act holds its
    number, so the words can be erased and the log stays as it was sealed."""

    __tablename__ = "staff_note"

    id: int | None = identity()
    actor: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text, index=True)  # as of the entry: order:12, user:7
    words: str = Field(sa_type=Text)
    created_at: datetime = created_moment()


class AuditSeal(SQLModel, table=True):
    """The chain's digest at the end of a batch, signed. With `pruned_at` everything up to it was deleted
    when its time was over, and the chain begins after it."""

    __tablename__ = "audit_seal"

    last_place: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    digest: bytes
    sealed_at: datetime = moment()
    pruned_at: datetime | None = moment(default=None)
    signed_by: str = Field(sa_type=Text)  # which key: the first digits of its own digest
    signature: bytes
