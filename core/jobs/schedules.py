"""Periodic jobs: a table of cron lines whose slots any number of schedulers may claim, each slot once."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from croniter import croniter
from sqlalchemy import text
from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.errors import ComptoirError
from schemas import upkeep_jobs
from schemas.contracts import slot_keys
from schemas.jobs import CONTRACTS
from schemas.queue import Schedule

MISSED_AFTER = timedelta(seconds=60)  # a slot this late was missed; what then is the catch-up policy
LOOP = "schedules"
MOST_SLOTS = 1000  # enqueued at one look, however many were missed

log = logging.getLogger(__name__)

SEED = text(
    """
    INSERT INTO schedule (name, actor, cron, time_zone, catch_up, last_slot, paused, since)
    VALUES (:name, :actor, :cron, :time_zone, :catch_up, :now, false, :now) ON CONFLICT (name) DO NOTHING
    """
)
CLAIM = text("UPDATE schedule SET last_slot = :slot WHERE name = :name AND last_slot = :seen RETURNING name")
# An earlier slot that failed and waits to be tried again.
WAITS = text(
    """
    SELECT EXISTS (SELECT FROM job WHERE state = 'queued' AND queue = :queue AND due_at > clock_timestamp()
                   AND failures > 0 AND starts_with(unique_key, :keys))
    """
)


class BadSchedule(ComptoirError):
    """A schedule's cron line, time zone, policy or actor makes no sense."""


@dataclass(frozen=True)
class Periodic:
    """A schedule known to the code: job, cron line (five fields), IANA time zone, none | latest | all."""

    name: str
    cron: str
    time_zone: str = "UTC"
    catch_up: str = "latest"


KNOWN = (
    Periodic("poll_invoices", "* * * * *"),
    Periodic("watch_shop", "* * * * *", catch_up="none"),
    Periodic("retry_undelivered", "*/5 * * * *"),
    Periodic("expire_orders", "*/10 * * * *"),
    Periodic("reconcile_cards", "5-55/10 * * * *"),
    Periodic("remind_disputes", "25 * * * *"),
    Periodic("look_at_shop_fees", "35 * * * *"),
    Periodic("sweep_uploads", "7,37 * * * *"),
    Periodic("remake_previews", "*/5 * * * *"),
    Periodic("expire_tokens", "0 * * * *"),
    Periodic("expire_members", "0 0 * * *"),
    Periodic("warn_members", "0 9 * * *"),
    Periodic("check_rosters", "20 */6 * * *"),
    Periodic("reconcile_stars", "40 2 * * *"),
    Periodic("check_stripe_accounts", "50 2 * * *"),
    Periodic("compare_books", "20 4 * * *"),
    Periodic("seal_audit", "*/5 * * * *"),
    Periodic("prune_records", "10 3 * * *"),
    Periodic("make_backup", "30 3 * * *"),
    Periodic("prune_jobs", "17,47 * * * *"),
    Periodic("prune_notifications", "0 3 * * 1"),
)


def seed(session: Session, schedules: Iterable[Periodic], now: datetime) -> None:
    """Write the rows that are not there yet; what an operator changed stays. Their past begins at `now`."""
    for periodic in schedules:
        check(periodic.cron, periodic.time_zone, periodic.catch_up)
        session.connection().execute(
            SEED,
            {
                "name": periodic.name,
                "actor": CONTRACTS[periodic.name].actor,
                "cron": periodic.cron,
                "time_zone": periodic.time_zone,
                "catch_up": periodic.catch_up,
                "now": now,
            },
        )


def tick(session: Session, now: datetime) -> int:
    """Enqueue every slot that has come, in the caller's transaction; how many.

    A schedule that makes no sense is left out, and the watch that tells admins is asked for at once: the
    watch's own schedule may be the bad one.
    """
    running = select(Schedule).where(col(Schedule.paused).is_(False)).order_by(col(Schedule.name))
    names = select(Schedule.name).where(col(Schedule.paused).is_(False)).order_by(col(Schedule.name))
    counts = each(
        session,
        LOOP,
        session.exec(names).all(),
        lambda name: _run(session, session.exec(running.where(Schedule.name == name)).one(), now),
        together=lambda _: [_run(session, schedule, now) for schedule in session.exec(running).all()],
        when_new=lambda: enqueue(session, upkeep_jobs.WatchShop()),
        now=now,
    )
    return sum(counts)


def check(cron: str, time_zone: str, catch_up: str) -> None:
    """Raise `BadSchedule` unless the three make sense."""
    if len(cron.split()) != 5 or not croniter.is_valid(cron):
        raise BadSchedule(f"{cron!r} is no cron line. Give five fields: minute hour day month weekday.")
    if catch_up not in ("none", "latest", "all"):
        raise BadSchedule(f"{catch_up!r} is no catch-up policy. Choose none, latest or all.")
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        raise BadSchedule(f"{time_zone!r} is no time zone. Give a name like Europe/Paris.") from None


def slots(cron: str, time_zone: str, after: datetime, until: datetime) -> Iterable[datetime]:
    """The slots in (after, until], in UTC, as wall clocks of the zone show them.

    Where clocks go forward, a slot in the gap comes at its end. Where they go back, a fixed hour comes once
    and a starred one goes on coming, as in Vixie cron.
    """
    fixed_hour = not cron.split()[1].startswith("*")
    steps = croniter(cron, after.astimezone(ZoneInfo(time_zone)))
    while True:
        local: datetime = steps.get_next(datetime)
        if local.astimezone(UTC) > until:
            return
        if not (fixed_hour and local.fold):
            yield local.astimezone(UTC)


def due(came: Iterable[datetime], catch_up: str, now: datetime) -> list[datetime]:
    """Of the slots that have come, those to run: all, the latest, or the latest if it was not missed."""
    listed = list(islice(came, MOST_SLOTS)) if catch_up == "all" else list(came)[-1:]
    return [slot for slot in listed if catch_up != "none" or now - slot < MISSED_AFTER]


def _run(session: Session, schedule: Schedule, now: datetime) -> int:
    seen = schedule.last_slot
    assert seen is not None, "seed() writes it"
    came = list(islice(slots(schedule.cron, schedule.time_zone, seen, now), 100 * MOST_SLOTS))
    if not came:
        return 0
    chosen = due(came, schedule.catch_up, now)
    newest = chosen[-1] if schedule.catch_up == "all" else came[-1]
    values = {"slot": newest, "name": schedule.name, "seen": seen}
    if session.connection().execute(CLAIM, values).one_or_none() is None:
        return 0
    contract = CONTRACTS[schedule.actor]
    if schedule.catch_up != "all" and _waits(session, schedule.name, contract.queue):
        return 0  # what waits does the work of this slot too: a day without the store leaves one job, not 288
    for slot in chosen:
        enqueue(session, contract.decode({}).in_slot(schedule.name, slot))
    return len(chosen)


def _waits(session: Session, name: str, queue: str) -> bool:
    values = {"queue": queue, "keys": slot_keys(name)}
    return bool(session.connection().execute(WAITS, values).scalar_one())
