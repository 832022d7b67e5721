"""The audit log: who did what to what, and why we can tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity


class AuditEntry(SQLModel, table=True):
    """One act. `details` never holds a secret or a URL."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "created_at"),
        Index("ix_audit_entry_created_at", "created_at", postgresql_using="brin"),
    )

    id: int | None = identity()
    actor: str = Field(sa_type=Text)  # user:7, token:<name>, system, cli
    action: str = Field(sa_type=Text, index=True)  # order.refunded, link.presigned, ...
    subject: str = Field(sa_type=Text)  # order:12, asset:<uuid>, ...
    correlation_id: str = Field(default="", sa_type=Text)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = created_moment()
