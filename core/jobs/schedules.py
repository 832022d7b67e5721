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
from core.kit.errors import ComptoirError
from schemas.jobs import CONTRACTS
from schemas.queue import Schedule

MISSED_AFTER = timedelta(seconds=60)  # a slot this late was missed; what then is the catch-up policy
MOST_SLOTS = 1000  # enqueued at one look, however many were missed

log = logging.getLogger(__name__)

SEED = text(
    """
    INSERT INTO schedule (name, actor, cron, time_zone, catch_up, last_slot, paused, since)
    VALUES (:name, :actor, :cron, :time_zone, :catch_up, :now, false, :now) ON CONFLICT (name) DO NOTHING
    """
)
CLAIM = text("UPDATE schedule SET last_slot = :slot WHERE name = :name AND last_slot = :seen RETURNING name")


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
    Periodic("sweep_uploads", "7,37 * * * *"),
    Periodic("expire_tokens", "0 * * * *"),
    Periodic("expire_members", "0 0 * * *"),
    Periodic("warn_members", "0 9 * * *"),
    Periodic("check_rosters", "20 */6 * * *"),
    Periodic("reconcile_stars", "40 2 * * *"),
    Periodic("seal_audit", "*/5 * * * *"),
    Periodic("prune_records", "10 3 * * *"),
    Periodic("make_backup", "30 3 * * *"),
    Periodic("prune_jobs", "17,47 * * * *"),
    Periodic("prune_notifications", "0 3 * * 1"),
)


def seed(session: Session, schedules: Iterable[Periodic], now: datetime) -> None:
    """Write the rows that are not there yet; what an operator changed stays. Their past begins at `now`."""
    for item in schedules:
        check(item.cron, item.time_zone, item.catch_up)
        session.connection().execute(
            SEED,
            {
                "name": item.name,
                "actor": CONTRACTS[item.name].actor,
                "cron": item.cron,
                "time_zone": item.time_zone,
                "catch_up": item.catch_up,
                "now": now,
            },
        )


def tick(session: Session, now: datetime) -> int:
    """Enqueue every slot that has come, in the caller's transaction; how many."""
    running = session.exec(select(Schedule).where(col(Schedule.paused).is_(False))).all()
    return sum(_run(session, item, now) for item in running)


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


def _run(session: Session, item: Schedule, now: datetime) -> int:
    seen = item.last_slot
    assert seen is not None, "seed() writes it"
    came = list(islice(slots(item.cron, item.time_zone, seen, now), 100 * MOST_SLOTS))
    if not came:
        return 0
    chosen = due(came, item.catch_up, now)
    newest = chosen[-1] if item.catch_up == "all" else came[-1]
    values = {"slot": newest, "name": item.name, "seen": seen}
    if session.connection().execute(CLAIM, values).one_or_none() is None:
        return 0
    contract = CONTRACTS[item.actor]
    for slot in chosen:
        enqueue(session, contract.decode({}).in_slot(item.name, slot))
    return len(chosen)
