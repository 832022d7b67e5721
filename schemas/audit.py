"""The audit log: who did what to what, and why we can tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment


class AuditEntry(SQLModel, table=True):
    """One act. `details` never holds a secret or a URL.

    `place` and `digest` are given by the next sealing: see `core.audit.chain`.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "created_at"),
        Index("ix_audit_entry_unsealed", "id", postgresql_where=text("place IS NULL")),
        Index("ix_audit_entry_created_at", "created_at", postgresql_using="brin"),
    )

    id: int | None = identity()
    actor: str = Field(sa_type=Text)  # user:7, token:<name>, system, cli
    action: str = Field(sa_type=Text, index=True)  # order.refunded, link.presigned, ...
    subject: str = Field(sa_type=Text)  # order:12, asset:<uuid>, ...
    correlation_id: str = Field(default="", sa_type=Text)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = created_moment()
    place: int | None = Field(default=None, sa_type=BigInteger, unique=True)  # in the chain: 1, 2, 3, ...
    digest: bytes | None = Field(default=None)


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
