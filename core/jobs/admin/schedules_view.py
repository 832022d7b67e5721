"""The schedules as an operator sees them: last and next runs, slots that nobody ran, run now, pause."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DataError
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.jobs.schedules import MISSED_AFTER, BadSchedule, check, slots
from core.kit.errors import NotFound
from schemas.contracts import slot_key
from schemas.jobs import CONTRACTS
from schemas.queue import CatchUp, JobState, Schedule

LOOK_BACK = timedelta(days=1)  # in which missed slots are counted; their jobs are certainly still there
AHEAD = timedelta(days=366)  # a schedule that never comes in this time has no next slot
MOST_SLOTS = 1500  # those of a day, one a minute

RUNS = text(
    """
    SELECT unique_key, id, state, created_at, finished_at - started_at AS took FROM job
    WHERE unique_key = ANY (CAST(:keys AS text[]))
    """
)


@dataclass(frozen=True)
class ScheduleLine:
    """One schedule. `took` in seconds; `missed`: slots of the last day that were not run, and should have
    been: none while it is paused."""

    name: str
    actor: str
    cron: str
    time_zone: str
    catch_up: CatchUp
    paused: bool
    last_slot: datetime | None
    last_job: UUID | None
    last_state: JobState | None
    took: float | None
    next_slot: datetime | None
    missed: list[datetime]


def schedule_lines(session: Session, *, now: datetime) -> list[ScheduleLine]:
    """Every schedule by name."""
    rows = _readable(session)
    came = {row.name: _came(row, now) for row in rows}
    keys = [slot_key(name, slot) for name, listed in came.items() for slot in listed]
    keys += [slot_key(row.name, row.last_slot) for row in rows if row.last_slot]
    runs = {run.unique_key: run for run in session.execute(RUNS, {"keys": keys})}
    return [_line(row, came[row.name], runs, now) for row in rows]


def _readable(session: Session) -> list[Schedule]:
    """All schedules but those that hold a date beyond what Python knows."""
    every = select(Schedule).order_by(col(Schedule.name))
    try:
        with session.begin_nested():
            return list(session.exec(every).all())
    except DataError:
        rows: list[Schedule] = []
        for name in session.exec(select(Schedule.name).order_by(col(Schedule.name))).all():
            with suppress(DataError), session.begin_nested():
                rows += session.exec(every.where(Schedule.name == name))
        return rows


def run_now(session: Session, name: str, *, actor: str) -> UUID:
    """Enqueue a schedule's job at once, beside its slots; the job's id. Raises `NotFound`."""
    row = _schedule(session, name)
    job_id = enqueue(session, CONTRACTS[row.actor].decode({}))
    record(session, actor, "schedule.run", f"schedule:{name}", job=job_id)
    return job_id


def set_paused(session: Session, name: str, *, actor: str, paused: bool) -> None:
    """Pause a schedule, or let it go on: then its policy says what becomes of the slots left out.

    Raises `NotFound`.
    """
    row = _schedule(session, name)
    row.paused = paused
    session.add(row)
    record(session, actor, "schedule.paused" if paused else "schedule.resumed", f"schedule:{name}")


def missed_slots(came: Iterable[datetime], run: set[datetime], now: datetime) -> list[datetime]:
    """Those that came long enough ago for a scheduler to have run them, and were not run."""
    return [slot for slot in came if slot not in run and now - slot >= MISSED_AFTER]


def _schedule(session: Session, name: str) -> Schedule:
    schedule = session.exec(select(Schedule).where(Schedule.name == name).with_for_update()).one_or_none()
    if schedule is None:
        raise NotFound("schedule-unknown", {"name": name})
    return schedule


def _came(row: Schedule, now: datetime) -> list[datetime]:
    return _slots(row, max(row.since, now - LOOK_BACK), now, MOST_SLOTS)


def _slots(row: Schedule, after: datetime, until: datetime, most: int) -> list[datetime]:
    """The first slots of a row; none where the row makes no sense, which `core.jobs.schedules` tells of."""
    try:
        check(row.cron, row.time_zone, row.catch_up)
        return list(islice(slots(row.cron, row.time_zone, after, until), most))
    except (BadSchedule, ValueError, OverflowError):
        return []


def _line(row: Schedule, came: list[datetime], runs: dict[str, Any], now: datetime) -> ScheduleLine:
    run = {slot for slot in came if slot_key(row.name, slot) in runs}
    last = runs.get(slot_key(row.name, row.last_slot)) if row.last_slot else None
    return ScheduleLine(
        name=row.name,
        actor=row.actor,
        cron=row.cron,
        time_zone=row.time_zone,
        catch_up=row.catch_up,
        paused=row.paused,
        last_slot=row.last_slot if last else None,
        last_job=last.id if last else None,
        last_state=last.state if last else None,
        took=last.took.total_seconds() if last and last.took is not None else None,
        next_slot=next(iter(_slots(row, now, now + AHEAD, 1)), None),
        missed=[] if row.paused else missed_slots(came, run, now),
    )
