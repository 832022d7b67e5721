"""Memberships and plans as people see them: the member's own, and the page of a plan."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from core.catalogue.catalogue import is_on_sale, prices_of
from core.catalogue.payees import rails_of
from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.names import number_of
from core.kit.prices import Prices
from core.kit.readable_rows import build_readable
from core.kit.rows import id_of, must_get
from core.memberships.card_trials import price_after_trial
from core.memberships.eligibility import may_buy_again, places_taken
from core.memberships.letters import why_put_out
from core.memberships.lifetime import held_for_ever
from core.memberships.machine import HOLDING, OVER, Standing, lapse, may_be_in
from core.memberships.periods import DAY
from core.memberships.plan_changes import targets
from core.memberships.plans import Terms, channels_of_plan, terms_of
from core.memberships.subscriptions import subscription_of
from core.memberships.transitions import standing_of
from core.payments.rails.stripe.subscription_rows import can_hold, is_collecting, living, renews
from core.ports import INSIDE
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product, ProductKind
from schemas.membership import (
    Channel,
    Membership,
    MembershipState,
    Plan,
    PlanStatus,
    RosterEntry,
    Source,
)
from schemas.people import Seller, User

ROUNDING = timedelta(seconds=1)


@dataclass(frozen=True)
class PlanView:
    """A plan's card. `places_left` None: no limit. `rails`: those on which its seller is paid now;
    `on_sale`: the shop is open, and the plan published there."""

    product_id: int
    slug: str
    title: str
    description: str
    seller_name: str
    published: bool
    status: PlanStatus
    terms: Terms
    prices: Prices
    channels: list[Channel]
    members: int
    places_left: int | None
    rails: tuple[str, ...]
    on_sale: bool
    kind: ProductKind = "membership"

    @property
    def id(self) -> int:
        """The plan as a product."""
        return self.product_id


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
    `time_left` is kept while it is paused, None while it waits for the entry, and for ever."""

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
    reason: str  # why people ended it, in the holder's language
    channels: list[ChannelPlace]
    order_number: str | None
    source: Source
    subscription: bool  # Telegram charges it by itself
    by_card: bool  # Stripe does, or may
    then: Money | None  # what a card is charged when the trial that runs is over
    can_enter: bool
    can_renew: bool
    can_cancel: bool
    can_undo: bool
    can_pause: bool
    can_resume: bool
    can_change: bool  # to another plan, at its price less what is left

    @property
    def is_endless(self) -> bool:
        """Held for ever."""
        return self.state == "active" and self.ends_at is None

    @property
    def days_left(self) -> int:
        """Whole and begun days of what is left, 0 when nothing is or nobody counts. Ends are rounded up to
        the second: just bought, 30 days are 30."""
        return -(-(self.time_left - ROUNDING) // DAY) if self.time_left else 0


def plan_view(session: Session, plan_id: int) -> PlanView:
    """One plan. Raises `NotFound` "plan-unknown"."""
    plan = must_get(session, Plan, plan_id, "plan-unknown")
    product = must_get(session, Product, plan_id, "plan-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    members = places_taken(session, plan_id)
    return PlanView(
        product_id=plan_id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        seller_name=seller.name,
        published=product.status == "published",
        status=plan.status,
        terms=terms_of(plan),
        prices=prices_of(session, [plan_id])[plan_id],
        channels=channels_of_plan(session, plan_id),
        members=members,
        places_left=None if plan.places is None else max(0, plan.places - members),
        rails=rails_of(session, [(product, seller)])[0],
        on_sale=is_on_sale(product, seller),
    )


def plans_of(session: Session, seller_id: int) -> list[PlanView]:
    """All plans of a shop, newest first."""
    statement = select(Plan.product_id).join(Product, col(Product.id) == Plan.product_id)
    statement = statement.where(Product.seller_id == seller_id).order_by(col(Product.id).desc())
    return build_readable(session, statement, lambda rows: [plan_view(session, number) for (number,) in rows])


def memberships_of(session: Session, user_id: int, *, now: datetime) -> list[Card]:
    """A person's memberships: those that run first, then by their end, the latest first."""
    own = select(Membership).where(Membership.user_id == user_id, *bought()).order_by(col(Membership.id))
    cards = build_readable(session, own, lambda rows: [_card(session, row, now) for (row,) in rows])
    latest = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(cards, key=lambda card: (card.can_enter, card.ends_at or latest), reverse=True)


def card(session: Session, user_id: int, membership_id: int, *, now: datetime) -> Card:
    """One of the person's own memberships. Raises `NotFound` "membership-unknown"."""
    row = must_get(session, Membership, membership_id, "membership-unknown")
    if row.user_id != user_id:
        raise NotFound("membership-unknown")
    return _card(session, row, now)


def _card(session: Session, row: Membership, now: datetime) -> Card:
    plan = must_get(session, Plan, row.plan_id, "plan-unknown")
    product = must_get(session, Product, row.plan_id, "plan-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    standing = lapse(standing_of(session, row), now)
    subscription = subscription_of(session, id_of(row))
    by_card = living(session, id_of(row))
    charging = subscription is not None and subscription.renews
    ahead = [period for period in standing.periods if not period.taken_back]
    order_id = next((period.order_id for period in reversed(ahead) if period.order_id), None)
    sold = row.barred_at is None and is_on_sale(product, seller)
    return Card(
        membership_id=id_of(row),
        plan_id=row.plan_id,
        slug=product.slug,
        title=product.title,
        seller_id=id_of(seller),
        seller_name=seller.name,
        state=_shown_state(standing, by_card),
        started_at=row.started_at,
        ends_at=standing.ends_at,
        access_until=standing.access_until,
        time_left=_time_left(standing, now),
        reason=_reason(session, row),
        channels=_places(session, row),
        order_number=number_of(order_id) if order_id else None,
        source=ahead[-1].source if ahead else "order",
        subscription=charging,
        by_card=by_card is not None,
        then=price_after_trial(session, row),
        can_enter=may_be_in(standing, now),
        can_renew=sold and may_buy_again(session, row.user_id, row.plan_id, now=now),
        can_cancel=standing.is_cancellable,
        can_undo=standing.state == "cancelled"
        and ((by_card is None and subscription is None) or _may_be_charged(session, row, plan)),
        can_pause=standing.state == "active"
        and plan.unit != "until"
        and not standing.is_endless
        and not charging
        and (by_card is None or not renews(by_card) or can_hold(by_card)),
        can_resume=standing.state == "paused",
        can_change=by_card is not None and bool(targets(session, row, now=now)),
    )


def _may_be_charged(session: Session, row: Membership, plan: Plan) -> bool:
    """Whether a subscription that was cancelled may go on."""
    return plan.status != "closed" and held_for_ever(session, row.user_id, row.plan_id) is None


def _shown_state(standing: Standing, by_card: CardSubscription | None) -> MembershipState:
    """A charge that is on its way has not failed: Stripe takes about an hour for it."""
    waits = standing.state == "past_due" and by_card is not None and is_collecting(by_card)
    return "active" if waits else standing.state


def _reason(session: Session, row: Membership) -> str:
    if not row.ended_for:
        return row.reason
    language = session.exec(select(User.language).where(User.id == row.user_id)).one()
    return why_put_out(language, row.ended_for, row.reason)


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


def bought() -> tuple[Any, ...]:
    """Conditions that leave out rows that nothing was ever bought for."""
    return (or_(col(Membership.started_at).is_not(None), col(Membership.state).in_((*HOLDING, "revoked"))),)
