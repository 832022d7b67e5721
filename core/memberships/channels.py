"""Channels as their sellers connected them: what the bot may do there, and what the seller should know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.names import clean_text, one_of
from core.kit.pagination import Page, paginate
from core.kit.permissions import allowed
from core.kit.readable_rows import readable
from core.kit.rows import id_of, must_get
from core.memberships.events import RightsChanged
from core.memberships.notifications import notify_owner
from core.notifications.notify import notify
from core.orders.shown_texts import propose
from core.orders.text_review import TextRules
from core.people.people import find_user
from core.ports import NEEDED_RIGHTS
from schemas.membership import Channel, ChannelEvent, ChannelState, Enforcement, EventKind
from schemas.people import Seller, User

TITLE_LIMIT = 128  # characters, core.telegram.org/method/channels.editTitle
EVENTS_PER_PAGE = 10
ENFORCEMENTS: tuple[Enforcement, ...] = get_args(Enforcement)


@dataclass(frozen=True)
class EventLine:
    """Something that happened in a channel, as its seller sees it."""

    id: int
    channel_id: int
    channel: str
    kind: EventKind
    telegram_id: int | None
    membership_id: int | None
    details: dict[str, Any]
    at: datetime
    resolved_at: datetime | None


def rights_changed(
    session: Session, event: RightsChanged, *, review: TextRules, now: datetime
) -> Channel | None:
    """The bot's place in a channel has changed: a channel is connected, or rights come or go. Buyers read a
    new title of it once staff have seen that, if `review` wants it.

    A channel that we do not know belongs to the shop of whoever made the bot its admin; None when that
    person has no approved shop.
    """
    channel = _locked(session, event.channel) or _connect(session, event, now)
    if channel is None:
        return None
    title = clean_text(event.title)[:TITLE_LIMIT]
    if title:
        propose(session, "channel", channel, title, review, now=now)
    _set_rights(session, channel, event.rights if event.inside else None, now)
    return channel


def check_rights(
    session: Session, channel_id: int, rights: frozenset[str] | None, *, now: datetime
) -> ChannelState:
    """Write down what the bot may do in a channel (None: it is gone) and tell the seller of a change.

    Returns the channel's state. Nothing else stops: members stay, and jobs wait for the rights.
    """
    channel = must_get(session, Channel, channel_id, "channel-unknown", lock=True)
    return _set_rights(session, channel, rights, now)


def note(
    session: Session,
    channel_id: int,
    kind: EventKind,
    *,
    occasion: str,
    now: datetime,
    telegram_id: int | None = None,
    membership_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> bool:
    """Write an event for the seller, once for each occasion; whether it is new."""
    event = insert(ChannelEvent).values(
        channel_id=channel_id,
        kind=kind,
        occasion=f"{kind}:{channel_id}:{occasion}",
        telegram_id=telegram_id,
        membership_id=membership_id,
        details=details or {},
        created_at=now,
    )
    event = event.on_conflict_do_nothing(index_elements=["occasion"])
    return session.execute(event.returning(col(ChannelEvent.id))).one_or_none() is not None


def settle(session: Session, channel_id: int, telegram_id: int, *, now: datetime) -> None:
    """What was noted of this person in the channel is in order now."""
    session.execute(
        update(ChannelEvent)
        .where(
            col(ChannelEvent.channel_id) == channel_id,
            col(ChannelEvent.telegram_id) == telegram_id,
            col(ChannelEvent.resolved_at).is_(None),
        )
        .values(resolved_at=now)
        .execution_options(synchronize_session="fetch")
    )


def channels_of(session: Session, seller_id: int) -> list[Channel]:
    """A shop's channels, in the order they were connected."""
    return readable(session, select(Channel).where(Channel.seller_id == seller_id).order_by(col(Channel.id)))


def by_telegram_id(session: Session, telegram_id: int) -> Channel | None:
    """The channel with Telegram's id, if it was ever connected."""
    return session.exec(select(Channel).where(Channel.telegram_id == telegram_id)).one_or_none()


def own_channel(session: Session, channel_id: int, actor: User) -> Channel:
    """The channel, locked, for its seller or an admin. Raises `NotFound`, `NotAllowed`."""
    channel = must_get(session, Channel, channel_id, "channel-unknown", lock=True)
    owner = session.exec(select(Seller.user_id).where(Seller.id == channel.seller_id)).one()
    if owner != actor.id and not allowed(actor.roles, "approve_seller"):
        raise NotAllowed("not-allowed", {"act": "publish"})
    return channel


def set_enforcement(session: Session, channel_id: int, enforcement: str, *, actor_user: User) -> Channel:
    """Whether differences from the grants are only listed, or mended as well."""
    channel = own_channel(session, channel_id, actor_user)
    refusal = Refused("plan-terms", {"field": "enforcement"})
    channel.enforcement = one_of(enforcement, get_args(Enforcement), refusal)
    session.add(channel)
    record(session, f"user:{actor_user.id}", f"channel.{enforcement}", f"channel:{channel_id}")
    session.flush()
    return channel


def events_of(
    session: Session, seller_id: int, *, page: int, channel_id: int | None = None
) -> Page[EventLine]:
    """What happened in a shop's channels, newest first."""
    statement = (
        select(ChannelEvent, func.coalesce(Channel.title_waiting, Channel.title))
        .join(Channel, col(Channel.id) == ChannelEvent.channel_id)
        .where(Channel.seller_id == seller_id)
        .order_by(col(ChannelEvent.created_at).desc(), col(ChannelEvent.id).desc())
    )
    if channel_id is not None:
        statement = statement.where(ChannelEvent.channel_id == channel_id)
    return paginate(session, statement, _lines, page=page, size=EVENTS_PER_PAGE)


def owner_telegram_id(session: Session, channel: Channel) -> int:
    """The seller, who is in their own channel without a grant."""
    statement = select(User.telegram_id).join(Seller, col(Seller.user_id) == User.id)
    return session.exec(statement.where(Seller.id == channel.seller_id)).one()


def _locked(session: Session, telegram_id: int) -> Channel | None:
    locked = select(Channel).where(Channel.telegram_id == telegram_id).with_for_update(key_share=True)
    return session.exec(locked).one_or_none()


def _set_rights(
    session: Session, channel: Channel, rights: frozenset[str] | None, now: datetime
) -> ChannelState:
    missing = [right for right in NEEDED_RIGHTS if rights is not None and right not in rights]
    state: ChannelState = "gone" if rights is None else "rights_missing" if missing else "connected"
    if (state, missing) == (channel.state, channel.missing):
        return state
    before = channel.state
    channel.state, channel.missing = state, missing
    channel.lost_at = None if state == "connected" else channel.lost_at or now
    session.add(channel)
    record(session, "telegram", f"channel.{state}", f"channel:{channel.id}", missing=",".join(missing))
    session.flush()
    _notify_state(session, channel, before, now)
    return state


def _connect(session: Session, event: RightsChanged, now: datetime) -> Channel | None:
    if not event.inside:
        return None
    owner = select(Seller).join(User, col(User.id) == Seller.user_id)
    seller = session.exec(
        owner.where(User.telegram_id == event.by.telegram_id, Seller.status == "approved")
    ).one_or_none()
    if seller is None:
        _notify_shopless(session, event, now)
        return None
    new = insert(Channel).values(
        seller_id=seller.id,
        telegram_id=event.channel,
        title="",
        kind=event.kind,
        state="gone",  # until its rights are looked at, a moment from now
        missing=[],
        created_at=now,
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["telegram_id"]))
    channel = _locked(session, event.channel)
    if channel is None:
        raise NotFound("channel-unknown")
    channel.title = channel.title or f"#{channel.id}"  # until one may be shown: buttons must say something
    session.add(channel)
    return channel


def _notify_shopless(session: Session, event: RightsChanged, now: datetime) -> None:
    """Say to whoever made the bot an admin before their shop was open what is left to do, once a day."""
    user = find_user(session, event.by.telegram_id)
    if user is not None:
        params = {"channel": clean_text(event.title)[:TITLE_LIMIT]}
        once = f"{event.channel}:{now:%Y-%m-%d}"
        notify(
            session, id_of(user), "channel-needs-shop", params, once=once, buttons=[["button-shop", "shop"]]
        )


def _notify_state(session: Session, channel: Channel, before: ChannelState, now: datetime) -> None:
    """Notify the seller, once for each change."""
    kinds: dict[ChannelState, EventKind] = {
        "gone": "gone",
        "rights_missing": "rights_lost",
        "connected": "rights_back",
    }
    first = before == "gone" and not _was_noted(session, channel)
    kind = "connected" if first and channel.state == "connected" else kinds[channel.state]
    occasion = now.isoformat(timespec="microseconds")
    details = {"missing": channel.missing}
    note(session, id_of(channel), kind, occasion=occasion, now=now, details=details)
    text = {"rights_lost": "channel-rights-lost", "rights_back": "channel-rights-back"}
    params: dict[str, str | int] = {
        right: "no" if right in channel.missing else "yes" for right in NEEDED_RIGHTS
    }
    notify_owner(
        session,
        channel,
        text.get(kind, f"channel-{kind}"),
        occasion=occasion,
        params=params if kind == "rights_lost" else None,
    )


def _was_noted(session: Session, channel: Channel) -> bool:
    seen = select(ChannelEvent.id).where(ChannelEvent.channel_id == channel.id)
    return session.exec(seen.limit(1)).first() is not None


def _lines(rows: Any) -> list[EventLine]:
    return [
        EventLine(
            id=id_of(event),
            channel_id=event.channel_id,
            channel=title,
            kind=event.kind,
            telegram_id=event.telegram_id,
            membership_id=event.membership_id,
            details=event.details,
            at=event.created_at,
            resolved_at=event.resolved_at,
        )
        for event, title in rows
    ]
