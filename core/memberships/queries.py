"""Memberships and plans as people see them: the member's own, the seller's, the page of a plan."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from core.catalogue.catalogue import prices_of
from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.names import clean_text, number_of
from core.kit.pagination import Page, paginate
from core.kit.rows import id_of, must_get
from core.memberships.eligibility import places_taken
from core.memberships.machine import DAY, HOLDING, OVER, Standing, lapse, may_be_in
from core.memberships.plans import Terms, channels_of_plan, terms_of
from core.memberships.subscriptions import subscription_of
from core.memberships.transitions import standing_of
from core.ports import INSIDE
from schemas.catalogue import Product
from schemas.membership import Channel, Membership, MembershipState, Plan, PlanStatus, RosterEntry, Source
from schemas.people import Seller, User

MEMBERS_PER_PAGE = 10
ROUNDING = timedelta(seconds=1)


@dataclass(frozen=True)
class PlanView:
    """A plan's card. `places_left` None: no limit."""

    product_id: int
    slug: str
    title: str
    description: str
    seller_name: str
    published: bool
    status: PlanStatus
    terms: Terms
    prices: dict[str, Money]
    channels: list[Channel]
    members: int
    places_left: int | None


@dataclass(frozen=True)
class ChannelPlace:
    """A channel of a membership, and whether the person is in it."""

    channel_id: int
    title: str
    inside: bool
    joined_at: datetime | None


@dataclass(frozen=True)
class Card:
    """A membership as its holder sees it. `state` is as time has made it; `access_until` includes grace;
    `time_left` is kept while it is paused, None while it waits for the entry."""

    membership_id: int
    plan_id: int
    slug: str
    title: str
    seller_id: int
    seller_name: str
    state: MembershipState
    started_at: datetime | None
    ends_at: datetime | None
    access_until: datetime | None
    time_left: timedelta | None
    reason: str
    channels: list[ChannelPlace]
    order_number: str | None
    source: Source
    subscription: bool  # Telegram charges it by itself
    can_enter: bool
    can_renew: bool
    can_cancel: bool
    can_undo: bool
    can_pause: bool
    can_resume: bool

    @property
    def days_left(self) -> int:
        """Whole and begun days of what is left, 0 when nothing is. Ends are rounded up to the second: just
        bought, 30 days are 30."""
        return -(-(self.time_left - ROUNDING) // DAY) if self.time_left else 0


@dataclass(frozen=True)
class MemberLine:
    """A member as the seller sees them."""

    membership_id: int
    user_id: int
    telegram_id: int
    name: str
    username: str | None
    plan_id: int
    plan: str
    state: MembershipState
    ends_at: datetime | None


def plan_view(session: Session, plan_id: int) -> PlanView:
    """One plan. Raises `NotFound` "plan-unknown"."""
    plan = must_get(session, Plan, plan_id, "plan-unknown")
    product = must_get(session, Product, plan_id, "plan-unknown")
    members = places_taken(session, plan_id)
    return PlanView(
        product_id=plan_id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        seller_name=session.exec(select(Seller.name).where(Seller.id == product.seller_id)).one(),
        published=product.status == "published",
        status=plan.status,
        terms=terms_of(plan),
        prices=prices_of(session, [plan_id])[plan_id],
        channels=channels_of_plan(session, plan_id),
        members=members,
        places_left=None if plan.places is None else max(0, plan.places - members),
    )


def plans_of(session: Session, seller_id: int, *, on_sale: bool = False) -> list[PlanView]:
    """A shop's plans, newest first; all, or those that can be bought."""
    statement = select(Plan.product_id).join(Product, col(Product.id) == Plan.product_id)
    statement = statement.where(Product.seller_id == seller_id)
    if on_sale:
        statement = statement.where(Product.status == "published", Plan.status == "open")
    return [plan_view(session, number) for number in session.exec(statement.order_by(col(Product.id).desc()))]


def memberships_of(session: Session, user_id: int, *, now: datetime) -> list[Card]:
    """A person's memberships: those that run first, then by their end, the latest first."""
    rows = session.exec(select(Membership).where(Membership.user_id == user_id, *_bought())).all()
    cards = [_card(session, row, now) for row in rows]
    latest = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(cards, key=lambda card: (card.can_enter, card.ends_at or latest), reverse=True)


def card(session: Session, user_id: int, membership_id: int, *, now: datetime) -> Card:
    """One of the person's own memberships. Raises `NotFound` "membership-unknown"."""
    row = must_get(session, Membership, membership_id, "membership-unknown")
    if row.user_id != user_id:
        raise NotFound("membership-unknown")
    return _card(session, row, now)


def members_of_shop(
    session: Session,
    seller_id: int,
    words: str = "",
    *,
    page: int,
    plan_id: int | None = None,
    states: Collection[str] = (),
) -> Page[MemberLine]:
    """Members of a shop, of one plan, in some states, with some words in their name; newest first."""
    statement = (
        select(Membership, User, Product.title)
        .join(User, col(User.id) == Membership.user_id)
        .join(Product, col(Product.id) == Membership.plan_id)
        .where(Product.seller_id == seller_id, *_bought())
    )
    if plan_id is not None:
        statement = statement.where(Membership.plan_id == plan_id)
    if states:
        statement = statement.where(col(Membership.state).in_(states))
    for word in clean_text(words).split()[:4]:
        statement = statement.where(
            or_(
                col(User.name).icontains(word, autoescape=True),
                func.coalesce(User.username, "").icontains(word.removeprefix("@"), autoescape=True),
            )
        )
    statement = statement.order_by(col(Membership.created_at).desc(), col(Membership.id).desc())
    return paginate(session, statement, _lines, page=page, size=MEMBERS_PER_PAGE)


def _card(session: Session, row: Membership, now: datetime) -> Card:
    plan = must_get(session, Plan, row.plan_id, "plan-unknown")
    product = must_get(session, Product, row.plan_id, "plan-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    standing = lapse(standing_of(session, row), now)
    subscription = subscription_of(session, id_of(row))
    charging = subscription is not None and subscription.renews
    ahead = [period for period in standing.periods if not period.taken_back]
    order_id = next((period.order_id for period in reversed(ahead) if period.order_id), None)
    sold = plan.status == "open" and product.status == "published"
    return Card(
        membership_id=id_of(row),
        plan_id=row.plan_id,
        slug=product.slug,
        title=product.title,
        seller_id=id_of(seller),
        seller_name=seller.name,
        state=standing.state,
        started_at=row.started_at,
        ends_at=standing.ends_at,
        access_until=standing.access_until,
        time_left=_time_left(standing, now),
        reason=row.reason,
        channels=_places(session, row),
        order_number=number_of(order_id) if order_id else None,
        source=ahead[-1].source if ahead else "order",
        subscription=charging,
        can_enter=may_be_in(standing, now),
        can_renew=_can_renew(plan, standing, sold, charging),
        can_cancel=standing.state == "active",
        can_undo=standing.state == "cancelled",
        can_pause=standing.state == "active" and plan.unit != "until" and not charging,
        can_resume=standing.state == "paused",
    )


def _can_renew(plan: Plan, standing: Standing, sold: bool, charging: bool) -> bool:
    if standing.state in (*OVER, "trialing", "past_due"):
        return sold
    return sold and standing.state == "active" and plan.unit != "until" and not charging


def _time_left(standing: Standing, now: datetime) -> timedelta | None:
    if standing.ends_at is None:
        return None
    if standing.state in OVER:
        return timedelta(0)
    return max(timedelta(0), standing.ends_at - (standing.paused_at or now))


def _places(session: Session, row: Membership) -> list[ChannelPlace]:
    telegram_id = session.exec(select(User.telegram_id).where(User.id == row.user_id)).one()
    places = []
    for channel in channels_of_plan(session, row.plan_id):
        entry = session.get(RosterEntry, (id_of(channel), telegram_id))
        inside = entry is not None and entry.status in INSIDE
        joined_at = entry.joined_at if entry is not None and inside else None
        places.append(ChannelPlace(id_of(channel), channel.title, inside, joined_at))
    return places


def _bought() -> tuple[Any, ...]:
    """Leaves out rows that nothing was ever bought for."""
    return (or_(col(Membership.started_at).is_not(None), col(Membership.state).in_((*HOLDING, "revoked"))),)


def _lines(rows: Sequence[Any]) -> list[MemberLine]:
    return [
        MemberLine(
            membership_id=id_of(row),
            user_id=id_of(user),
            telegram_id=user.telegram_id,
            name=user.name,
            username=user.username,
            plan_id=row.plan_id,
            plan=title,
            state=row.state,
            ends_at=row.ends_at,
        )
        for row, user, title in rows
    ]
