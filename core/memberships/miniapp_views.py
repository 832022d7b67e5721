"""Memberships in the Mini App: what members hold and can do, what a seller sees of members and channels."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, or_, select

from core.kit.errors import NotFound
from core.kit.pagination import Page
from core.kit.rail_policy import Policy
from core.kit.readable_rows import readable
from core.kit.rows import id_of, must_get
from core.memberships.channels import EventLine, channels_of, events_of
from core.memberships.checks import differences
from core.memberships.periods import DAY
from core.memberships.queries import Card, card, memberships_of, plan_view
from core.memberships.seller_figures import (
    Churn,
    Revenue,
    churn_by_month,
    members_by_state,
    revenue_by_month,
)
from core.memberships.shop_members import MemberLine, members_of_shop
from core.payments.offers import Offers, note_offers, offers_of
from core.people.seller_view import own_shop
from core.people.sellers import shop_of
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.membership import Channel, Invite, Membership, Plan
from schemas.people import User

MONTH = timedelta(days=30.44)  # on average, for what is only drawn
SHOWN = 50  # people of a difference that are named; the others are counted


@dataclass(frozen=True)
class OwnMembership:
    """A membership with the ways on from it.

    `share_left` is what is left of the length that is paid at a time, from 0 to 1.
    `links` are the holder's own ways into channels that they are not in, by channel, as far as they are made.
    `renewal`: how it may be paid in the Mini App; None where it cannot be renewed now.
    """

    card: Card
    share_left: float
    links: dict[int, str]
    renewal: Offers | None


@dataclass(frozen=True)
class Figures:
    """A shop's members by state, its plans, and each month of a range."""

    states: dict[str, int]
    plans: list[tuple[int, str]]
    revenue: list[Revenue]
    churn: list[Churn]


@dataclass(frozen=True)
class Somebody:
    """A person of a difference or an event; without a name where we never met."""

    telegram_id: int
    name: str
    username: str | None


@dataclass(frozen=True)
class Compared:
    """A channel's roster beside the grants: how many differ on each side, the first of them by name."""

    without_grant: int
    strangers: list[Somebody]
    missing: int
    absent: list[Somebody]


def own_memberships(
    session: Session, user: User, *, policy: Policy, settings: Settings, now: datetime
) -> list[OwnMembership]:
    """The person's memberships: those that run first. What they are offered with them is logged."""
    cards = memberships_of(session, id_of(user), now=now)
    return [_with_ways(session, user, membership, policy, settings, now) for membership in cards]


def own_membership(
    session: Session, user: User, membership_id: int, *, policy: Policy, settings: Settings, now: datetime
) -> OwnMembership:
    """One of them. Raises `NotFound`."""
    own = card(session, id_of(user), membership_id, now=now)
    return _with_ways(session, user, own, policy, settings, now)


def figures(session: Session, user: User, *, months: int, now: datetime) -> Figures:
    """The last `months` months of the person's shop, this one included. Raises `NotFound`."""
    seller_id = id_of(own_shop(session, user))
    since = _month(now, 1 - months)
    plans = select(Plan.product_id, Product.title).join(Product, col(Product.id) == Plan.product_id)
    mine = plans.where(Product.seller_id == seller_id).order_by(col(Product.id).desc())
    return Figures(
        states=members_by_state(session, seller_id),
        plans=[(number, title) for number, title in session.exec(mine)],
        revenue=revenue_by_month(session, seller_id, since=since, until=_month(now, 1)),
        churn=churn_by_month(session, seller_id, since=since, until=now),
    )


def members(
    session: Session,
    user: User,
    words: str = "",
    *,
    page: int,
    plan_id: int | None = None,
    states: Collection[str] = (),
) -> Page[MemberLine]:
    """Members of the person's shop; an empty page for who has none."""
    shop = shop_of(session, id_of(user))
    if shop is None:
        return Page([], 1, 1, 0)
    return members_of_shop(session, id_of(shop), words, page=page, plan_id=plan_id, states=states)


def channels(session: Session, user: User) -> list[Channel]:
    """The channels of the person's shop. Raises `NotFound`."""
    return channels_of(session, id_of(own_shop(session, user)))


def compared(session: Session, user: User, channel_id: int, *, now: datetime) -> Compared:
    """What differs between one of the person's channels and its grants. Raises `NotFound`."""
    channel = must_get(session, Channel, channel_id, "channel-unknown")
    if channel.seller_id != own_shop(session, user).id:
        raise NotFound("channel-unknown")
    differing = differences(session, channel_id, now=now)
    missing = differing.missing
    holders = select(User).join(Membership, col(Membership.user_id) == User.id)
    absent: list[User] = readable(
        session, holders.where(col(Membership.id).in_(missing[:SHOWN])).order_by(col(User.name))
    )
    return Compared(
        without_grant=len(differing.without_grant),
        strangers=_people(session, differing.without_grant[:SHOWN]),
        missing=len(missing),
        absent=[_somebody(person) for person in absent],
    )


def events(session: Session, user: User, *, page: int) -> tuple[Page[EventLine], dict[int, Somebody]]:
    """What happened in the person's channels, newest first, and who it was about. Raises `NotFound`."""
    lines = events_of(session, id_of(own_shop(session, user)), page=page)
    about = [line.telegram_id for line in lines.items if line.telegram_id is not None]
    return lines, {person.telegram_id: person for person in _people(session, about)}


def _with_ways(
    session: Session, user: User, membership: Card, policy: Policy, settings: Settings, now: datetime
) -> OwnMembership:
    links = _links(session, membership, now) if membership.can_enter else {}
    share = _share_left(session, membership)
    if not membership.can_renew:
        return OwnMembership(membership, share, links, None)
    plan = plan_view(session, membership.plan_id)
    renewal = offers_of(plan, "miniapp", policy=policy, settings=settings)
    note_offers(session, user, renewal)
    return OwnMembership(membership, share, links, renewal)


def _share_left(session: Session, membership: Card) -> float:
    """All of it while it waits for the entry."""
    if membership.time_left is None:
        return 1.0
    plan = must_get(session, Plan, membership.plan_id, "plan-unknown")
    if membership.source == "trial":
        whole = timedelta(days=plan.trial_days)
    elif plan.unit == "until":
        whole = plan.until - membership.started_at if plan.until and membership.started_at else timedelta(0)
    else:
        whole = plan.count * (DAY if plan.unit == "days" else MONTH)
    return min(1.0, membership.time_left / whole) if whole else 0.0


def _links(session: Session, membership: Card, now: datetime) -> dict[int, str]:
    """Links that still let their holder in; the newest where a channel has several."""
    outside = [place.channel_id for place in membership.channels if not place.inside]
    usable = select(Invite).where(
        Invite.membership_id == membership.membership_id,
        col(Invite.channel_id).in_(outside),
        col(Invite.url).is_not(None),
        col(Invite.revoked_at).is_(None),
        or_(Invite.kind == "request", col(Invite.used_at).is_(None)),
        or_(col(Invite.expires_at).is_(None), col(Invite.expires_at) > now),
    )
    invites: list[Invite] = readable(session, usable.order_by(col(Invite.created_at)))
    return {invite.channel_id: invite.url for invite in invites if invite.url}


def _people(session: Session, telegram_ids: Sequence[int]) -> list[Somebody]:
    people: list[User] = readable(session, select(User).where(col(User.telegram_id).in_(telegram_ids)))
    named = {person.telegram_id: _somebody(person) for person in people}
    return [named.get(number, Somebody(number, "", None)) for number in telegram_ids]


def _somebody(person: User) -> Somebody:
    return Somebody(person.telegram_id, person.name, person.username)


def _month(now: datetime, ahead: int) -> datetime:
    """The first moment (UTC) of the month that is `ahead` months from now."""
    today = now.astimezone(UTC)
    years, month = divmod(today.month - 1 + ahead, 12)
    return datetime(today.year + years, month + 1, 1, tzinfo=UTC)
