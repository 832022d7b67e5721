"""Timed access to channels: what is offered, who holds it and until when, who is seen inside.

A plan is a product of kind "membership". There is one membership for each person and plan, for ever; what
was paid for it are its periods. All moments are UTC.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

ChannelKind = Literal["channel", "supergroup"]
ChannelState = Literal["connected", "rights_missing", "gone"]
Enforcement = Literal["list", "act"]
PeriodUnit = Literal["days", "months", "until", "lifetime"]
"""`until` a date, or a `lifetime`: for ever."""
Starts = Literal["entry", "payment"]
Audience = Literal["all", "newcomers", "active", "past", "code"]
Joining = Literal["request", "one_use"]
PlanStatus = Literal["open", "paused", "closed"]  # paused: not sold for now
RosterStatus = Literal[
    "none", "requested", "creator", "administrator", "member", "restricted", "left", "banned"
]
"""Telegram's (core.ports.MemberStatus), and two for those whom nobody has let in yet."""
MembershipState = Literal[
    "pending",  # paid, and its time starts at the first entry
    "trialing",
    "active",
    "past_due",  # in grace
    "paused",
    "cancelled",  # runs to its end, and is not asked to renew
    "expired",
    "revoked",
]
Source = Literal["order", "trial", "import"]
EndedBy = Literal["", "time", "refund", "dispute", "staff", "seller"]
"""What ended a membership: its clock, its money (sent back or disputed), or people. Empty while it runs."""
PutOutReason = Literal["violation_terms", "abuse", "unpaid", "on_request", "other"]
"""Why people end somebody's access; what they add in their own words stands beside it."""
MembershipAct = Literal[
    "bought",
    "extended",
    "trial",
    "imported",
    "entered",
    "paused",
    "resumed",
    "cancelled",
    "uncancelled",
    "refunded",
    "disputed",
    "restored",
    "put_out",
    "changed",
    "lapsed",
]
"""What happened to a membership, as the audit log calls it; the state that it led to is another matter."""
EventKind = Literal["stranger", "without_grant", "missing", "rights_lost", "rights_back", "gone", "connected"]


class Channel(SQLModel, table=True):
    """A channel or supergroup that a seller connected by making the bot its admin."""

    __tablename__ = "channel"

    id: int | None = identity()
    seller_id: int = reference("seller.id", index=True)
    telegram_id: int = Field(sa_type=BigInteger, unique=True)  # Telegram's, like -1001234567890
    title: str = Field(sa_type=Text)  # as members and buyers read it
    # what it is called at Telegram, while staff look at it (then `title_held_at` is set) or after a refusal
    title_waiting: str | None = Field(default=None, sa_type=Text)
    title_held_at: datetime | None = moment(default=None)
    kind: ChannelKind = Field(default="channel", sa_type=Text)
    state: ChannelState = Field(default="connected", sa_type=Text)
    missing: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text)
    )  # rights, by core.ports.NEEDED_RIGHTS
    # list: what differs from the grants is shown to the seller; act: it is mended as well
    enforcement: Enforcement = Field(default="list", sa_type=Text)
    created_at: datetime = created_moment()
    lost_at: datetime | None = moment(default=None)  # since when rights are missing, or the channel is gone
    checked_at: datetime | None = moment(default=None)  # when its whole roster was last gone through


class Plan(SQLModel, table=True):
    """The terms of a product of kind "membership". Closed, it is sold no more; members stay to their end."""

    __tablename__ = "plan"

    product_id: int = reference("product.id", primary_key=True)
    unit: PeriodUnit = Field(sa_type=Text)
    count: int = Field(default=0)  # of days or months; 0 for the others
    until: datetime | None = moment(default=None)
    starts: Starts = Field(default="payment", sa_type=Text)
    recurring: bool = Field(default=False)  # a Stars subscription: 30 days, charged by Telegram
    trial_days: int = Field(default=0)  # 0: no trial
    grace_days: int | None = Field(default=None)  # None: what the rail has by default
    places: int | None = Field(default=None)  # None: no limit
    audience: Audience = Field(default="all", sa_type=Text)
    joining: Joining = Field(default="request", sa_type=Text)
    status: PlanStatus = Field(default="open", sa_type=Text)
    created_at: datetime = created_moment()
    closed_at: datetime | None = moment(default=None)


class PlanChannel(SQLModel, table=True):
    """A channel that a plan opens."""

    __tablename__ = "plan_channel"

    plan_id: int = reference("plan.product_id", primary_key=True)
    channel_id: int = reference("channel.id", primary_key=True, index=True)


class Membership(SQLModel, table=True):
    """A person's access by one plan. Moved only by `core.memberships.transitions`.

    `turn` rises at every change: whatever was decided of an earlier turn changes nothing. `clock_at` is
    when time itself changes the state next: the end, or the end of grace.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "plan_id"),
        Index("ix_membership_due", "clock_at", postgresql_where=text("clock_at is not null")),
        Index(
            "ix_membership_ending",
            "ends_at",
            postgresql_where=text("state in ('trialing','active','past_due')"),
        ),
    )

    id: int | None = identity()
    user_id: int = reference("person.id")
    plan_id: int = reference("plan.product_id", index=True)
    state: MembershipState = Field(default="expired", sa_type=Text)  # one that nothing was bought for yet
    turn: int = Field(default=0)
    started_at: datetime | None = moment(default=None)  # the first time ever
    # of what was paid; None while it waits for the entry (`pending`), and for what runs for ever (`active`)
    ends_at: datetime | None = moment(default=None)
    grace_days: int = Field(default=0)  # after the end, by plan and rail of the latest payment
    paused_at: datetime | None = moment(default=None)  # what was left then is left now
    clock_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)  # when it expired or was revoked, until it runs again
    ended_by: EndedBy = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    # why staff or the seller ended it: one of PutOutReason, or empty
    ended_for: PutOutReason | Literal[""] = Field(
        default="", sa_type=Text, sa_column_kwargs={"server_default": ""}
    )
    reason: str = Field(default="", sa_type=Text)  # the same in their words, shown to the person
    barred_at: datetime | None = moment(default=None)  # since when nothing of the shop is sold to them again
    created_at: datetime = created_moment()


class MembershipPeriod(SQLModel, table=True):
    """What one payment, trial or import gave: `ends_at` - `starts_at` - `paused_seconds` = `seconds`.

    Without `starts_at` it waits for the person's entry; a lifetime has no `ends_at` and no `seconds`.
    Refunded, it keeps only what was used of it.
    """

    __tablename__ = "membership_period"

    id: int | None = identity()
    membership_id: int = reference("membership.id", index=True)
    order_id: int | None = reference("purchase.id", default=None, unique=True)
    source: Source = Field(default="order", sa_type=Text)
    unit: PeriodUnit = Field(sa_type=Text)
    count: int = Field(default=0)
    until: datetime | None = moment(default=None)
    anchor_day: int = Field(default=0)  # day of the month that a chain of months began on
    seconds: int | None = Field(default=None, sa_type=BigInteger)  # given, known once it is placed
    starts_at: datetime | None = moment(default=None)
    ends_at: datetime | None = moment(default=None)
    paused_seconds: int = Field(default=0, sa_type=BigInteger)
    taken_back_at: datetime | None = moment(default=None)  # by refund, dispute or revocation
    held_seconds: int | None = Field(default=None, sa_type=BigInteger)  # put aside by a dispute or refund
    created_at: datetime = created_moment()


class Trial(SQLModel, table=True):
    """That a person had a trial in a shop: one for ever."""

    __tablename__ = "trial"

    user_id: int = reference("person.id", primary_key=True)
    seller_id: int = reference("seller.id", primary_key=True)
    plan_id: int = reference("plan.product_id")
    created_at: datetime = created_moment()


class AccessCode(SQLModel, table=True):
    """A word that lets its holders buy a plan of audience "code"."""

    __tablename__ = "access_code"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    id: int | None = identity()
    plan_id: int = reference("plan.product_id")
    code: str = Field(sa_type=Text)  # upper case
    uses_left: int | None = Field(default=None)  # None: no limit
    expires_at: datetime | None = moment(default=None)
    created_at: datetime = created_moment()


class CodeHolder(SQLModel, table=True):
    """That a person gave a code of a plan."""

    __tablename__ = "code_holder"

    user_id: int = reference("person.id", primary_key=True)
    plan_id: int = reference("plan.product_id", primary_key=True)
    code_id: int = reference("access_code.id")
    created_at: datetime = created_moment()


class Invite(SQLModel, table=True):
    """A link into a channel, made for one membership. Whoever uses it is checked against the grant."""

    __tablename__ = "invite"
    __table_args__ = (
        Index(
            "ix_invite_usable",
            "membership_id",
            "channel_id",
            postgresql_where=text("revoked_at is null"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    channel_id: int = reference("channel.id", index=True)
    membership_id: int = reference("membership.id")
    kind: Joining = Field(sa_type=Text)
    name: str = Field(sa_type=Text)  # as Telegram shows it to the channel's admins
    url: str | None = Field(default=None, unique=True, sa_type=Text)  # None until Telegram has made it
    created_at: datetime = created_moment()
    expires_at: datetime | None = moment(default=None)
    used_by: int | None = Field(default=None, sa_type=BigInteger)  # Telegram id
    used_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)


class RosterEntry(SQLModel, table=True):
    """Somebody whom we saw in, or at the door of, a channel. Bots cannot list members, so we keep it."""

    __tablename__ = "roster"
    __table_args__ = (Index("ix_roster_check", "channel_id", "checked_at"),)

    channel_id: int = reference("channel.id", primary_key=True)
    telegram_id: int = Field(primary_key=True, sa_type=BigInteger)
    status: RosterStatus = Field(default="none", sa_type=Text)
    membership_id: int | None = reference("membership.id", default=None, index=True)
    invite_id: UUID | None = Field(default=None, foreign_key="invite.id")
    requested_at: datetime | None = moment(default=None)
    joined_at: datetime | None = moment(default=None)
    left_at: datetime | None = moment(default=None)
    removing_since: datetime | None = moment(
        default=None
    )  # our removal has begun and is not yet known to be done
    removed_at: datetime | None = moment(default=None)  # by us, the last time
    checked_at: datetime | None = moment(default=None)
    paid_until: datetime | None = moment(default=None)  # to the channel itself, as Telegram says


class ChannelEvent(SQLModel, table=True):
    """What a seller should know of a channel: strangers, differences, lost rights."""

    __tablename__ = "channel_event"
    __table_args__ = (Index("ix_channel_event_recent", "channel_id", "created_at"),)

    id: int | None = identity()
    channel_id: int = reference("channel.id")
    kind: EventKind = Field(sa_type=Text)
    telegram_id: int | None = Field(default=None, sa_type=BigInteger)
    membership_id: int | None = reference("membership.id", default=None)
    occasion: str = Field(unique=True, sa_type=Text)  # once for each
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = created_moment()
    resolved_at: datetime | None = moment(default=None)
