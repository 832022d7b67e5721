"""Moving memberships: the row and its periods as the machine sees them, and what follows from a change.

A change asks the machine about a locked row, and writes under the turn that was read. With it, in the same
transaction, go the clock of the new turn and the removal of who lost the right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import ComptoirError
from core.kit.rows import id_of, must_get
from core.memberships.clocks import set_clock, set_warning
from core.memberships.machine import OUTSIDE, OVER, Standing, can_move, lapse, may_be_in
from core.memberships.periods import Length, Period
from schemas import member_jobs
from schemas.membership import (
    EndedBy,
    Membership,
    MembershipAct,
    MembershipPeriod,
    PlanChannel,
    PutOutReason,
)
from schemas.people import User


class ForbiddenMove(ComptoirError):
    """The machine was asked for what its table does not hold: a mistake of ours."""


@dataclass(frozen=True)
class Ending:
    """What ends a membership; where people do, why: one of `PutOutReason`, and in their own words."""

    by: EndedBy
    why: PutOutReason | Literal[""] = ""
    words: str = ""


BY_TIME = Ending("time")
STILL_RUNS = Ending("")


@dataclass(frozen=True)
class Change:
    """What became of a membership: as it was written, as time had made it, and as it is now."""

    membership: Membership
    stored: Standing
    before: Standing
    after: Standing

    @property
    def moved(self) -> bool:
        """Whether the event made it another state."""
        return self.before.state != self.after.state

    @property
    def lapsed(self) -> bool:
        """Whether time alone did."""
        return self.stored.state != self.before.state == self.after.state


def membership_for(session: Session, user_id: int, plan_id: int, *, now: datetime) -> Membership:
    """The one membership of a person and a plan, locked; made empty when there is none."""
    new = insert(Membership).values(user_id=user_id, plan_id=plan_id, created_at=now)
    session.execute(new.on_conflict_do_nothing(index_elements=["user_id", "plan_id"]))
    one = select(Membership).where(Membership.user_id == user_id, Membership.plan_id == plan_id)
    return session.exec(one.with_for_update(key_share=True).execution_options(populate_existing=True)).one()


def locked_membership(session: Session, membership_id: int) -> Membership:
    """The membership as it is now, locked. Raises `NotFound` "membership-unknown"."""
    return must_get(session, Membership, membership_id, "membership-unknown", lock=True)


def change(
    session: Session,
    membership: Membership,
    event: Callable[[Standing], Standing],
    *,
    now: datetime,
    act: MembershipAct,
    actor: str = "system",
    ending: Ending = BY_TIME,
) -> Change:
    """Let something happen to a locked membership; `ending` says what ends it, where this does.

    Raises what the machine raises, before any change.
    """
    membership_id = id_of(membership)
    stored = standing_of(session, membership)
    before = lapse(stored, now)
    after = lapse(event(before), now)
    if after == stored:
        return Change(membership, stored, before, after)
    for source, target in ((stored.state, before.state), (before.state, after.state)):
        if not can_move(source, target):
            raise ForbiddenMove(f"membership {membership_id} cannot go from {source} to {target}")
    _write_periods(session, membership_id, stored, after, now)
    _write(session, membership, after, now, ending)
    _record(session, membership, after, act, actor)
    set_clock(session, membership, after)
    set_warning(session, membership, after, now)
    if after.state in OUTSIDE and stored.state not in OUTSIDE:
        _put_out(session, membership)
    return Change(membership, stored, before, after)


def standing_of(session: Session, membership: Membership) -> Standing:
    """A membership with its periods, as the machine sees it."""
    rows = select(MembershipPeriod).where(MembershipPeriod.membership_id == membership.id)
    periods = tuple(map(_period, session.exec(rows.order_by(col(MembershipPeriod.id)))))
    return replace(outline(membership), periods=periods)


def outline(membership: Membership) -> Standing:
    """The same without its periods: enough to know whether the person may be in."""
    return Standing(
        state=membership.state,
        started_at=membership.started_at,
        ends_at=membership.ends_at,
        grace=timedelta(days=membership.grace_days),
        paused_at=membership.paused_at,
    )


def right_to(session: Session, channel_id: int, telegram_id: int, *, now: datetime) -> Membership | None:
    """The membership by which this person may be in the channel now; the one that lasts longest."""
    return best_right(memberships_in(session, channel_id, telegram_id), now)


def best_right(memberships: Sequence[Membership], now: datetime) -> Membership | None:
    """Of a person's memberships, the one that lets them in now, and longest."""
    good = [row for row in memberships if may_be_in(outline(row), now)]
    return max(good, key=lambda row: (row.ends_at is None, row.ends_at), default=None)


def memberships_in(session: Session, channel_id: int, telegram_id: int) -> list[Membership]:
    """All memberships of a person whose plan opens the channel, whatever their state, the latest first."""
    statement = (
        select(Membership)
        .join(User, col(User.id) == Membership.user_id)
        .join(PlanChannel, col(PlanChannel.plan_id) == Membership.plan_id)
        .where(User.telegram_id == telegram_id, PlanChannel.channel_id == channel_id)
        .order_by(col(Membership.ends_at).desc().nulls_first(), col(Membership.id).desc())
    )
    return list(session.exec(statement.execution_options(populate_existing=True)))


def _record(
    session: Session, membership: Membership, after: Standing, act: MembershipAct, actor: str
) -> None:
    """One entry for each change: what happened, the state it led to, and the end of access as it is now."""
    record(
        session,
        actor,
        f"membership.{after.state}",
        f"membership:{membership.id}",
        act=act,
        ends=int(after.ends_at.timestamp()) if after.ends_at else None,
        ended_by=membership.ended_by,
        ended_for=membership.ended_for,
    )


def _write(session: Session, membership: Membership, after: Standing, now: datetime, ending: Ending) -> None:
    over = after.state in OVER
    if membership.state in OVER and over:  # what ended it first is what ended it
        ending = Ending(membership.ended_by, membership.ended_for, membership.reason)
    elif not over:
        ending = STILL_RUNS
    values = {
        "state": after.state,
        "turn": membership.turn + 1,
        "started_at": after.started_at,
        "ends_at": after.ends_at,
        "grace_days": after.grace.days,
        "paused_at": after.paused_at,
        "clock_at": after.clock_at,
        "ended_at": (membership.ended_at or now) if over else None,
        "ended_by": ending.by,
        "ended_for": ending.why,
        "reason": ending.words,
    }
    written = session.execute(
        update(Membership)
        .where(col(Membership.id) == membership.id, col(Membership.turn) == membership.turn)
        .values(**values)
        .returning(col(Membership.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    if written is None:
        raise ForbiddenMove(f"membership {membership.id} has moved on from turn {membership.turn}")


def _write_periods(
    session: Session, membership_id: int, stored: Standing, after: Standing, now: datetime
) -> None:
    written = {period.id: period for period in stored.periods}
    for period in after.periods:
        if period.id is not None and written[period.id] == period:
            continue
        row = session.get(MembershipPeriod, period.id) if period.id is not None else None
        if row is None:
            row = MembershipPeriod(
                membership_id=membership_id,
                order_id=period.order_id,
                source=period.source,
                unit=period.length.unit,
                count=period.length.count,
                until=period.length.until,
                created_at=now,
            )
        row.starts_at, row.ends_at, row.anchor_day = period.starts_at, period.ends_at, period.anchor_day
        row.seconds = int(period.duration.total_seconds()) if period.ends_at else None
        row.paused_seconds = int(period.paused.total_seconds())
        row.held_seconds = int(period.held.total_seconds()) if period.held is not None else None
        row.taken_back_at = (row.taken_back_at or now) if period.taken_back else None
        session.add(row)
    session.flush()


def _put_out(session: Session, membership: Membership) -> None:
    """Ask for the removal from every channel of the plan. The job looks again, and asks Telegram who is in:
    an update about a join may have been lost."""
    telegram_id = session.exec(select(User.telegram_id).where(User.id == membership.user_id)).one()
    channels = select(PlanChannel.channel_id).where(PlanChannel.plan_id == membership.plan_id)
    for channel_id in session.exec(channels.order_by(col(PlanChannel.channel_id))):
        job = member_jobs.RemoveMember(channel_id=channel_id, telegram_id=telegram_id)
        enqueue(session, job.once(id_of(membership), membership.turn))


def _period(row: MembershipPeriod) -> Period:
    return Period(
        length=Length(row.unit, row.count, row.until),
        source=row.source,
        order_id=row.order_id,
        id=id_of(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        duration=timedelta(seconds=row.seconds or 0),
        paused=timedelta(seconds=row.paused_seconds),
        anchor_day=row.anchor_day,
        taken_back=row.taken_back_at is not None,
        held=timedelta(seconds=row.held_seconds) if row.held_seconds is not None else None,
    )
