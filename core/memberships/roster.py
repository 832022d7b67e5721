"""Who is seen in a channel, matched to who may be there; putting out who may not.

Bots cannot list a channel's members, so the roster is what updates told us and what we asked.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.jobs.ledger import enqueue
from core.kit.rows import id_of, must_get
from core.memberships import machine
from core.memberships.admission import invite_of, replace_invite
from core.memberships.bars import is_barred_visitor
from core.memberships.channel_payments import pays_channel
from core.memberships.channels import by_telegram_id, note, owner_telegram_id, settle
from core.memberships.door_log import log_act, visitor_name
from core.memberships.events import MemberChanged
from core.memberships.notifications import notify_member
from core.memberships.transitions import (
    best_right,
    change,
    locked_membership,
    memberships_in,
    right_to,
)
from core.people.people import find_user
from core.ports import INSIDE
from schemas import member_jobs
from schemas.membership import Channel, Invite, Membership, RosterEntry, RosterStatus

ORDINARY: tuple[RosterStatus, ...] = ("member", "restricted")
"""Those who can be put out; a channel's admins cannot."""


@dataclass(frozen=True)
class Removal:
    """What is to be done at Telegram. `lift_only`: a removal of ours was cut off, and they bought again,
    so only what it left behind is undone. `was_in`: Telegram put them out, which is known afterwards."""

    chat_id: int
    lift_only: bool
    was_in: bool = False


def member_changed(session: Session, event: MemberChanged, *, now: datetime) -> None:
    """Somebody came in, left, or was put out; told by Telegram, in any order and more than once."""
    channel = by_telegram_id(session, event.channel)
    if channel is None:
        return
    key, is_inside = (id_of(channel), event.visitor.telegram_id), event.after in INSIDE
    if event.by_bot and not is_inside and session.get(RosterEntry, key) is None:
        return  # the echo of a removal of ours whose line was deleted meanwhile
    entry = entry_for(session, *key)
    was_inside = entry.status in INSIDE
    entry.status, entry.paid_until = event.after, event.until if is_inside else None
    session.add(entry)
    if is_inside and not was_inside:
        _came_in(session, channel, entry, event, now)
    elif was_inside and not is_inside:
        _went_out(session, channel, entry, event, now)
    session.flush()


def entry_for(session: Session, channel_id: int, telegram_id: int) -> RosterEntry:
    """The roster's line for a person, locked; made when there is none."""
    locked = (
        select(RosterEntry)
        .where(RosterEntry.channel_id == channel_id, RosterEntry.telegram_id == telegram_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    entry = session.exec(locked).one_or_none()
    if entry is not None:
        return entry
    new = insert(RosterEntry).values(channel_id=channel_id, telegram_id=telegram_id)
    session.execute(new.on_conflict_do_nothing(index_elements=["channel_id", "telegram_id"]))
    return session.exec(locked).one()


def begin_removal(session: Session, channel_id: int, telegram_id: int, *, now: datetime) -> Removal | None:
    """Whether to put this person out, looked at just before it is done; None where they may be in.

    That it has begun is written down first: cut off between ban and its end, the next attempt finishes.
    """
    channel = must_get(session, Channel, channel_id, "channel-unknown")
    if channel.state == "gone":
        return None
    entry = entry_for(session, channel_id, telegram_id)
    if _belongs(session, channel, entry, now):
        return Removal(channel.telegram_id, lift_only=True) if entry.removing_since else None
    entry.removing_since = entry.removing_since or now
    session.add(entry)
    session.flush()
    return Removal(channel.telegram_id, lift_only=False)


def end_removal(
    session: Session, channel_id: int, telegram_id: int, removal: Removal, *, now: datetime
) -> None:
    """It is done at Telegram. Who bought again in that very moment is let in again."""
    entry = entry_for(session, channel_id, telegram_id)
    entry.removing_since = None
    memberships = memberships_in(session, channel_id, telegram_id)
    if not removal.lift_only:
        if removal.was_in or entry.status in INSIDE:
            _log_removal(session, channel_id, memberships)
        entry.status, entry.removed_at, entry.left_at = "left", now, now
        settle(session, channel_id, telegram_id, now=now)
    session.add(entry)
    session.flush()
    right = best_right(memberships, now)
    if right is not None and entry.status not in INSIDE:
        job = member_jobs.Admit(membership_id=id_of(right), occasion="restored")
        enqueue(session, job.of_removal_undone(channel_id, right.turn))


def cannot_remove(session: Session, channel_id: int, telegram_id: int, *, now: datetime) -> None:
    """Telegram refuses: an admin of the channel. The seller is shown."""
    entry = entry_for(session, channel_id, telegram_id)
    entry.removing_since = None
    session.add(entry)
    note(
        session,
        channel_id,
        "without_grant",
        occasion=f"admin:{telegram_id}",
        now=now,
        telegram_id=telegram_id,
        details={"admin": True},
    )
    session.flush()


def stranger_removed(session: Session, invite_id: UUID | None, *, now: datetime) -> None:
    """A stranger is out; the link that let them in is replaced."""
    invite = session.get(Invite, invite_id) if invite_id else None
    if invite is not None:
        replace_invite(session, invite, now=now)


def _log_removal(session: Session, channel_id: int, memberships: list[Membership]) -> None:
    """Somebody was put out by us, and for what: how their membership ended, its pause, or having none."""
    last = memberships[0] if memberships else None
    reason = "no_grant" if last is None else "paused" if last.state == "paused" else last.ended_by
    log_act(
        session,
        "member.removed",
        channel_id,
        membership_id=id_of(last) if last else None,
        user_id=last.user_id if last else None,
        reason=reason or "no_grant",
        ended_for=last.ended_for if last else "",
    )


def _came_in(
    session: Session, channel: Channel, entry: RosterEntry, event: MemberChanged, now: datetime
) -> None:
    entry.joined_at, entry.left_at, entry.requested_at = event.at, None, None
    invite = invite_of(session, id_of(channel), event.link)
    entry.invite_id = invite.id if invite else None
    if invite is not None and invite.used_at is None:
        invite.used_by, invite.used_at = entry.telegram_id, event.at
        session.add(invite)
    session.flush()
    right = right_to(session, id_of(channel), entry.telegram_id, now=now)
    entry.membership_id = right.id if right else None
    session.flush()
    _log_entry(session, channel, entry, right, invite)
    if right is not None:
        _welcome(session, channel, entry, right, event, now)
        if invite is not None and invite.membership_id != right.id:
            replace_invite(session, invite, now=now)
    elif not _belongs(session, channel, entry, now):
        _stranger(session, channel, entry, invite, event, now)


def _log_entry(
    session: Session, channel: Channel, entry: RosterEntry, right: Membership | None, invite: Invite | None
) -> None:
    """Somebody is in: by which right, and by whose link."""
    user = None if right else find_user(session, entry.telegram_id)
    user_id = right.user_id if right else id_of(user) if user else None
    own = invite is not None and right is not None and invite.membership_id == right.id
    log_act(
        session,
        "member.joined",
        id_of(channel),
        membership_id=id_of(right) if right else None,
        user_id=user_id,
        actor=visitor_name(user_id),
        link="own" if own else "passed_on" if invite else "none",
    )


def _welcome(
    session: Session,
    channel: Channel,
    entry: RosterEntry,
    right: Membership,
    event: MemberChanged,
    now: datetime,
) -> None:
    """The first entry starts what waited for it; the time counts from the entry, not from our hearing."""
    membership = locked_membership(session, id_of(right))
    came_at = min(event.at, now)
    change(session, membership, lambda standing: machine.enter(standing, came_at), now=now, act="entered")
    settle(session, id_of(channel), entry.telegram_id, now=now)
    ends = int(membership.ends_at.timestamp()) if membership.ends_at else 0  # 0: in for ever
    notify_member(
        session,
        membership,
        "member-joined",
        occasion=f"joined:{channel.id}:{event.at.timestamp():.0f}",
        params={"channel": channel.title, "ends": ends},
    )


def _stranger(
    session: Session,
    channel: Channel,
    entry: RosterEntry,
    invite: Invite | None,
    event: MemberChanged,
    now: datetime,
) -> None:
    """Somebody without a right is in. By a link of ours, or where the seller wants it, they go again."""
    barred = is_barred_visitor(session, entry.telegram_id, channel.seller_id)
    goes = invite is not None or barred or channel.enforcement == "act"
    occasion = f"{entry.telegram_id}:{event.at.timestamp():.0f}"
    note(
        session,
        id_of(channel),
        "stranger" if invite else "without_grant",
        occasion=occasion,
        now=now,
        telegram_id=entry.telegram_id,
        membership_id=invite.membership_id if invite else None,
        details={"name": event.visitor.name[:64], "removed": goes},
    )
    if goes:
        job = member_jobs.RemoveStranger(
            channel_id=id_of(channel), telegram_id=entry.telegram_id, invite_id=invite.id if invite else None
        )
        enqueue(session, job.once(event.at))


def _went_out(
    session: Session, channel: Channel, entry: RosterEntry, event: MemberChanged, now: datetime
) -> None:
    """Leaving keeps the grant. Put out by somebody else while the grant runs is shown to the seller."""
    entry.left_at = event.at
    session.flush()
    if not event.by_bot:  # our own removals are written down when they are done
        _log_exit(session, channel, entry, event)
    if event.after != "banned" or event.by_bot or entry.removing_since is not None:
        return
    right = right_to(session, id_of(channel), entry.telegram_id, now=now)
    if right is not None:
        note(
            session,
            id_of(channel),
            "missing",
            occasion=f"{entry.telegram_id}:{event.at.timestamp():.0f}",
            now=now,
            telegram_id=entry.telegram_id,
            membership_id=right.id,
            details={"banned": True},
        )


def _log_exit(session: Session, channel: Channel, entry: RosterEntry, event: MemberChanged) -> None:
    """Somebody is out: by themselves, or banned by an admin of the channel."""
    user = find_user(session, entry.telegram_id)
    user_id = id_of(user) if user else None
    log_act(
        session,
        "member.left",
        id_of(channel),
        membership_id=entry.membership_id,
        user_id=user_id,
        actor=visitor_name(user_id if event.after == "left" else None),
        how="banned" if event.after == "banned" else "left",
    )


def _belongs(session: Session, channel: Channel, entry: RosterEntry, now: datetime) -> bool:
    """Whether the person may be in: by a grant, by paying the channel, as an admin, or as its own seller."""
    if entry.status in ("creator", "administrator") or entry.telegram_id == owner_telegram_id(
        session, channel
    ):
        return True
    if pays_channel(session, channel, entry, now):
        return True
    return right_to(session, id_of(channel), entry.telegram_id, now=now) is not None
