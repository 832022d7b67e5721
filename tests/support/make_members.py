"""Builders of channels, plans and members, through the real rules."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from core.kit.prices import Prices
from core.kit.rows import id_of
from core.memberships.admission import keep_link, prepare
from core.memberships.channels import rights_changed
from core.memberships.events import JoinRequested, MemberChanged, RightsChanged, Visitor
from core.memberships.plans import Terms, channels_of_plan, create_plan
from core.memberships.putting_out import end_access
from core.memberships.roster import member_changed
from core.memberships.transitions import Ending
from core.orders.publication import publish
from core.ports import NEEDED_RIGHTS, MemberStatus
from schemas.card_subscription import CardStatus, CardSubscription
from schemas.catalogue import Product
from schemas.membership import (
    Channel,
    ChannelEvent,
    Enforcement,
    Invite,
    Membership,
    MembershipPeriod,
    RosterEntry,
)
from schemas.people import Seller, User
from schemas.queue import Job
from tests.support import make

DAY = timedelta(days=1)
_numbers = count(1)


def channel(
    session: Session,
    shop: Seller | None = None,
    *,
    title: str = "Couture privée",
    rights: Collection[str] = NEEDED_RIGHTS,
    enforcement: Enforcement = "list",
    telegram_id: int | None = None,
    now: datetime = make.NOW,
) -> Channel:
    """A channel that a seller new the bot an admin of."""
    shop = shop or make.seller(session)
    owner = make.owner_of(session, shop)
    number = telegram_id or -1_000_000_000_000 - next(_numbers)
    event = RightsChanged(
        channel=number,
        title=title,
        kind="channel",
        inside=True,
        rights=frozenset(rights),
        by=Visitor(owner.telegram_id, owner.name),
        at=now,
    )
    new = rights_changed(session, event, review=make.NO_REVIEW, now=now)
    assert new is not None
    new.enforcement = enforcement
    session.add(new)
    session.flush()
    return new


def plan(
    session: Session,
    *channels: Channel,
    shop: Seller | None = None,
    title: str = "Abonnement couture",
    prices: Prices = make.PRICES,
    published: bool = True,
    now: datetime = make.NOW,
    **terms: Any,
) -> Product:
    """A plan on sale, of 30 days unless the terms differ, with a channel of its own if none is given."""
    shop = shop or (session.get_one(Seller, channels[0].seller_id) if channels else make.seller(session))
    opened = channels or (channel(session, shop),)
    thirty_days: dict[str, Any] = {"unit": "days", "count": 30}
    new = create_plan(
        session,
        shop,
        title=title,
        description="Chaque semaine un patron.",
        prices=prices,
        terms=Terms(**(thirty_days | terms)),
        channel_ids=[id_of(item) for item in opened],
        now=now,
    )
    if published:
        publish(session, id_of(new), actor_user=make.owner_of(session, shop), now=now)
    return new


def member(
    session: Session,
    item: Product | None = None,
    person: User | None = None,
    *,
    rail: str = "stars",
    now: datetime = make.NOW,
) -> Membership:
    """Somebody who paid for a plan."""
    order = make.paid_order(session, item or plan(session), person or make.user(session), rail=rail, now=now)
    return session.exec(
        select(Membership).where(Membership.user_id == order.buyer_id, Membership.plan_id == order.product_id)
    ).one()


def charge_card(
    session: Session,
    membership: Membership,
    status: CardStatus = "active",
    *,
    account: str = "acct_1",
    seen_at: datetime = make.NOW,
) -> CardSubscription:
    """A card is charged from now on for what somebody is a member of."""
    (first, *_) = periods(session, membership)
    assert first.order_id is not None, "somebody paid for it"
    row = CardSubscription(
        order_id=first.order_id,
        membership_id=membership.id,
        account=account,
        subscription_id=f"sub_{membership.id}",
        customer_id=f"cus_{membership.id}",
        status=status,
        until=membership.ends_at or seen_at,
        seen_at=seen_at,
    )
    session.add(row)
    session.flush()
    return row


def put_out(session: Session, membership: Membership, *, words: str = "", now: datetime = make.NOW) -> int:
    """Staff end all access of its holder to the shop."""
    ending = Ending("staff", "other", words)
    return end_access(session, id_of(membership), ending=ending, actor="cli", now=now)


def person_of(session: Session, membership: Membership) -> User:
    """Whose membership it is."""
    return session.get_one(User, membership.user_id)


def channel_of(session: Session, membership: Membership) -> Channel:
    """The first channel that it opens."""
    return channels_of_plan(session, membership.plan_id)[0]


def asks(room: Channel, person: User, link: str = "", *, at: datetime = make.NOW) -> JoinRequested:
    """The update of a request to join."""
    visitor = Visitor(person.telegram_id, person.name, person.username, person.language)
    return JoinRequested(room.telegram_id, visitor, link, at)


def moved(
    session: Session,
    room: Channel,
    person: User | int,
    before: MemberStatus,
    after: MemberStatus,
    *,
    at: datetime = make.NOW,
    link: str | None = None,
    by_bot: bool = False,
    until: datetime | None = None,
) -> None:
    """Telegram tells that somebody's place in a channel has changed."""
    number = person if isinstance(person, int) else person.telegram_id
    event = MemberChanged(room.telegram_id, Visitor(number), before, after, at, link, by_bot, until)
    member_changed(session, event, now=at)


def joins(
    session: Session,
    room: Channel,
    person: User | int,
    *,
    at: datetime = make.NOW,
    link: str | None = None,
    until: datetime | None = None,
) -> None:
    """Somebody comes in."""
    moved(session, room, person, "left", "member", at=at, link=link, until=until)


def leaves(session: Session, room: Channel, person: User | int, *, at: datetime = make.NOW) -> None:
    """Somebody goes."""
    moved(session, room, person, "member", "left", at=at)


def periods(session: Session, membership: Membership) -> list[MembershipPeriod]:
    """What was paid for it, oldest first."""
    rows = select(MembershipPeriod).where(MembershipPeriod.membership_id == membership.id)
    return list(session.exec(rows.order_by(col(MembershipPeriod.id))))


def due_of(session: Session, actor: str) -> list[datetime]:
    """When the jobs of an actor are due, in the order they were asked for."""
    return list(session.exec(select(Job.due_at).where(Job.actor == actor).order_by(col(Job.created_at))))


def shop_of(session: Session, item: Product) -> Seller:
    """The shop that sells a plan."""
    return session.get_one(Seller, item.seller_id)


def own_link(session: Session, membership: Membership, url: str = "https://t.me/+abc") -> Invite:
    """The member's own link into their first channel, as Telegram new it."""
    admission = prepare(session, id_of(membership), now=make.NOW)
    assert admission is not None
    invite = admission.places[0].invite
    assert invite is not None
    keep_link(session, invite.id, url)
    return invite


def roster_entry(session: Session, room: Channel, person: User) -> RosterEntry:
    """The line of a person in a channel's roster, as the database has it."""
    return session.get_one(RosterEntry, (room.id, person.telegram_id), populate_existing=True)


def event_kinds(session: Session) -> list[str]:
    """The kinds of what was written down for sellers about their channels, but for connections."""
    return [row.kind for row in session.exec(select(ChannelEvent)) if row.kind != "connected"]
