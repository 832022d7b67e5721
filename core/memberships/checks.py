"""Going through a channel's roster in the background: what differs from the grants is listed, and mended
where the seller's setting says so."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import literal, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, or_, select

from core.jobs.ledger import enqueue
from core.kit.bad_rows import each, note_bad_row
from core.kit.readable_rows import build_readable, readable
from core.kit.rows import id_of, must_get
from core.memberships.channel_payments import pays_channel
from core.memberships.channels import note, owner_telegram_id, settle
from core.memberships.machine import HOLDING, may_be_in
from core.memberships.roster import ORDINARY, entry_for
from core.memberships.transitions import outline, right_to
from core.ports import INSIDE, ChannelMember
from schemas import member_jobs
from schemas.membership import Channel, Membership, PlanChannel, RosterEntry
from schemas.people import User

AT_ONCE = 20  # people asked about in one job
PACE = 10.0  # seconds between two such jobs of one channel


@dataclass(frozen=True)
class Differences:
    """Who is in without a grant, by Telegram id; whose grant runs and who is not in, by membership."""

    without_grant: list[int]
    missing: list[int]


def begin_rounds(session: Session, *, now: datetime) -> int:
    """Begin to go through every channel where the bot is an admin; how many."""
    channels = session.exec(select(Channel.id).where(Channel.state != "gone").order_by(col(Channel.id))).all()
    start = int(now.timestamp())

    def begin(channel_id: int | None) -> None:
        if channel_id is not None:
            enqueue(session, member_jobs.CheckRoster(channel_id=channel_id, begun=start).once())

    return len(each(session, "channels", channels, begin, now=now))


def to_check(session: Session, channel_id: int, start: int) -> list[int]:
    """The next people of the round that began at `start` (Unix time), by Telegram id: all who were seen, and
    all whose grant runs."""
    _add_members(session, channel_id)
    statement = (
        select(RosterEntry.telegram_id)
        .where(
            RosterEntry.channel_id == channel_id,
            or_(
                col(RosterEntry.checked_at).is_(None),
                col(RosterEntry.checked_at) < datetime.fromtimestamp(start, UTC),
            ),
        )
        .order_by(col(RosterEntry.checked_at).asc().nulls_first(), col(RosterEntry.telegram_id))
    )
    return list(session.exec(statement.limit(AT_ONCE)))


def end_round(session: Session, channel_id: int, *, now: datetime) -> None:
    """Everybody of a round was asked about."""
    session.execute(
        update(Channel)
        .where(col(Channel.id) == channel_id)
        .values(checked_at=now)
        .execution_options(synchronize_session="fetch")
    )


def checked(
    session: Session, channel_id: int, telegram_id: int, member: ChannelMember, *, now: datetime
) -> None:
    """Telegram's word on one person: written down, and compared with the grants."""
    channel = must_get(session, Channel, channel_id, "channel-unknown")
    entry = entry_for(session, channel_id, telegram_id)
    entry.status, entry.checked_at, entry.paid_until = member.status, now, member.paid_until
    session.add(entry)
    session.flush()
    right = right_to(session, channel_id, telegram_id, now=now)
    entry.membership_id = right.id if right else None
    inside = member.status in INSIDE
    if inside == (right is not None):
        settle(session, channel_id, telegram_id, now=now)
    elif right is not None:
        _missing(session, channel, entry, right, now)
    elif (
        member.status in ORDINARY
        and telegram_id != owner_telegram_id(session, channel)
        and not pays_channel(session, channel, entry, now)
    ):
        _without_grant(session, channel, entry, now)
    session.flush()


def cannot_check(
    session: Session, channel_id: int, telegram_id: int, error: Exception, *, now: datetime
) -> None:
    """Nothing can be made of one person of a round: left out, so that the round goes on to the others."""
    session.execute(
        update(RosterEntry)
        .where(col(RosterEntry.channel_id) == channel_id, col(RosterEntry.telegram_id) == telegram_id)
        .values(checked_at=now)
        .execution_options(synchronize_session=False)
    )
    note_bad_row(session, "rosters", f"{channel_id}:{telegram_id}", error, now=now)


def differences(session: Session, channel_id: int, *, now: datetime) -> Differences:
    """What differs by the roster as it is known now. Of whom nothing can be read is neither."""
    channel = must_get(session, Channel, channel_id, "channel-unknown")
    holders, doubtful = _holders(session, channel_id, now)
    inside = select(RosterEntry).where(
        RosterEntry.channel_id == channel_id, col(RosterEntry.status).in_(INSIDE)
    )
    seen: dict[int, RosterEntry] = {entry.telegram_id: entry for entry in readable(session, inside)}
    entitled = {*holders, *doubtful, owner_telegram_id(session, channel)}
    ordinary = [who for who, entry in seen.items() if entry.status in ORDINARY and who not in entitled]
    strangers = [who for who in ordinary if not pays_channel(session, channel, seen[who], now)]
    inside_ids = {*session.execute(inside.with_only_columns(col(RosterEntry.telegram_id))).scalars()}
    missing = [membership_id for who, membership_id in holders.items() if who not in inside_ids]
    return Differences(strangers, missing)


def _holders(session: Session, channel_id: int, now: datetime) -> tuple[dict[int, int], set[int]]:
    """Who may be in by which membership, and those of whose memberships one cannot be read."""
    statement = (
        select(Membership, User.telegram_id)
        .join(User, col(User.id) == Membership.user_id)
        .join(PlanChannel, col(PlanChannel.plan_id) == Membership.plan_id)
        .where(PlanChannel.channel_id == channel_id, col(Membership.state).in_(HOLDING))
    )
    holding: list[tuple[int, int, bool]] = build_readable(
        session,
        statement,
        lambda rows: [(who, id_of(row), may_be_in(outline(row), now)) for row, who in rows],
    )
    listed = {number for _, number, _ in holding}
    every = session.execute(statement.with_only_columns(col(Membership.id), col(User.telegram_id)))
    doubtful = {who for number, who in every if number not in listed}
    return {who: number for who, number, holds in holding if holds}, doubtful


def _add_members(session: Session, channel_id: int) -> None:
    """A line for everyone whose grant runs: an update about their entry may have been lost."""
    statement = (
        select(literal(channel_id), User.telegram_id)
        .distinct()
        .join(Membership, col(Membership.user_id) == User.id)
        .join(PlanChannel, col(PlanChannel.plan_id) == Membership.plan_id)
        .where(PlanChannel.channel_id == channel_id, col(Membership.state).in_(HOLDING))
    )
    new = insert(RosterEntry).from_select(["channel_id", "telegram_id"], statement)
    session.execute(new.on_conflict_do_nothing(index_elements=["channel_id", "telegram_id"]))


def _missing(
    session: Session, channel: Channel, entry: RosterEntry, right: Membership, now: datetime
) -> None:
    """A grant whose member is not in: they left, or never came. Once for each turn, a way in is sent."""
    occasion = f"{entry.telegram_id}:{right.id}:{right.turn}"
    note(
        session,
        id_of(channel),
        "missing",
        occasion=occasion,
        now=now,
        telegram_id=entry.telegram_id,
        membership_id=right.id,
        details={"status": entry.status},
    )
    if channel.enforcement == "act":
        job = member_jobs.Admit(membership_id=id_of(right), occasion="reissued")
        enqueue(session, job.when_missing(id_of(channel), entry.telegram_id, right.turn))


def _without_grant(session: Session, channel: Channel, entry: RosterEntry, now: datetime) -> None:
    """Somebody is in without a grant: shown to the seller, and put out where that is wanted."""
    since = f"{entry.joined_at.timestamp():.0f}" if entry.joined_at else "unseen"
    note(
        session,
        id_of(channel),
        "without_grant",
        occasion=f"{entry.telegram_id}:{since}",
        now=now,
        telegram_id=entry.telegram_id,
        details={"status": entry.status},
    )
    if channel.enforcement == "act":
        job = member_jobs.RemoveStranger(channel_id=id_of(channel), telegram_id=entry.telegram_id)
        enqueue(session, job.on_check())
