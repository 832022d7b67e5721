"""What people are told, by which ways they want it, and the e-mail addresses they gave.

A notification is kept as the id of a text and what fills its blanks, so that it reads in whatever language
its person chooses later.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

Way = Literal["telegram", "email"]
AddressState = Literal["none", "asked", "confirmed", "stopped", "refused"]
"""Of an e-mail address: not given, asked and not yet confirmed, usable, unsubscribed, bounced."""
Kind = Literal[
    "payment_verified",
    "payment_problem",
    "payment_refunded",
    "sale_disputed",
    "shop_fee",
    "access_granted",
    "access_refused",
    "access_expiring",
    "access_grace",
    "access_expired",
    "access_revoked",
    "membership_changed",
    "channel_unreachable",
    "channel_alarm",
    "support_answer",
    "shop_alarm",
]


class Notification(SQLModel, table=True):
    """One thing that a person is told, once for each occasion, whatever is repeated."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "occasion"),
        Index("ix_notification_recent", "user_id", "id"),
        Index("ix_notification_unread", "user_id", postgresql_where=text("read_at is null")),
    )

    id: int | None = identity()
    user_id: int = reference("person.id")
    kind: Kind = Field(sa_type=Text)
    occasion: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)  # id of a Fluent message
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = created_moment()
    read_at: datetime | None = moment(default=None)


class NotificationChoice(SQLModel, table=True):
    """That a person wants, or does not want, one kind by one way; without a row, the kind's own default."""

    __tablename__ = "notification_choice"

    user_id: int = reference("person.id", primary_key=True)
    kind: Kind = Field(primary_key=True, sa_type=Text)
    way: Way = Field(primary_key=True, sa_type=Text)
    wanted: bool


class MailAddress(SQLModel, table=True):
    """Where a person, or whoever placed a web order, wants mail. Nothing is sent before it is confirmed.

    Both tokens are derived from `id` and `issue` under LINK_SECRET by workers; the row keeps their SHA-256.
    """

    __tablename__ = "mail_address"

    id: int | None = identity()
    user_id: int | None = reference("person.id", default=None, unique=True)
    order_id: int | None = reference("purchase.id", default=None, unique=True)  # until somebody claims it
    address: str = Field(sa_type=Text)
    issue: int = Field(default=1)  # rises when the address, or its confirmation, is asked for again
    confirm_hash: bytes | None = Field(default=None, unique=True)
    confirm_until: datetime | None = moment(default=None)
    confirmed_at: datetime | None = moment(default=None)
    stop_hash: bytes | None = Field(default=None, unique=True)
    stopped_at: datetime | None = moment(default=None)  # unsubscribed
    refused_at: datetime | None = moment(default=None)  # the mail server says that there is no such address
    created_at: datetime = created_moment()
