"""Admins are told once that something is wrong, and once that it is over.

A trouble that comes back within `CALM` belongs to the same occasion: what goes on and off writes to nobody
again and again. Prometheus' rules (docs/observability) see more; this needs no Prometheus.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.jobs.admin.invariants import invariants
from core.jobs.admin.overview import QueueLine, WorkerLine, queue_lines, worker_lines
from core.kit.rows import id_of
from core.notifications.notify import notify
from core.notifications.recipients import admins
from core.process.memory import HostMemory
from schemas.contracts import QUEUES, WORKER_GROUPS
from schemas.operations import Alert, AlertKind

CALM = timedelta(minutes=5)
LATE = 300.0  # seconds that a ready job may have been due
FULL = 0.8  # share of the machine's memory in use
STARTING = 60.0  # seconds within which all workers of a shop that starts again are there


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong now: `number` cases of it, or per cent, or minutes."""

    kind: AlertKind
    subject: str
    number: int

    @property
    def name(self) -> tuple[AlertKind, str]:
        """What makes it the same trouble later."""
        return (self.kind, self.subject)


@dataclass(frozen=True)
class Change:
    """What to write down: troubles that began, alerts that are seen again, alerts that are over."""

    new: list[Trouble]
    lasting: list[tuple[Alert, Trouble]]
    over: list[Alert]


def watch(session: Session, memory: HostMemory, *, now: datetime) -> Change:
    """Look at everything, and tell admins what began and what is over."""
    present = troubles(session, memory, now=now)
    alerts = session.exec(select(Alert).where(col(Alert.ended_at).is_(None)).with_for_update()).all()
    change = compare({(alert.kind, alert.subject): alert for alert in alerts}, present, now=now)
    for trouble in change.new:
        kind, subject = trouble.name
        alert = Alert(kind=kind, subject=subject, number=trouble.number, began_at=now, seen_at=now)
        session.add(alert)
        session.flush()
        _tell_admins(session, f"alert-{kind}", alert)
    for alert, trouble in change.lasting:
        alert.seen_at, alert.number = now, max(alert.number, trouble.number)
        session.add(alert)
    for alert in change.over:
        alert.ended_at = now
        session.add(alert)
        _tell_admins(session, "alert-over", alert)
    return change


def compare(
    alerts: Mapping[tuple[AlertKind, str], Alert], present: Collection[Trouble], *, now: datetime
) -> Change:
    """What changes when these alerts are open and these troubles are there."""
    lasting = [(alerts[trouble.name], trouble) for trouble in present if trouble.name in alerts]
    new = [trouble for trouble in present if trouble.name not in alerts]
    names = {trouble.name for trouble in present}
    gone = [alert for name, alert in alerts.items() if name not in names]
    return Change(new, lasting, [alert for alert in gone if now - alert.seen_at >= CALM])


def troubles(session: Session, memory: HostMemory, *, now: datetime) -> list[Trouble]:
    """All that is wrong now."""
    broken = [item for item in invariants(session, now=now) if not item.holds]
    return [
        *(Trouble("promise", item.name, item.count) for item in broken),
        *_of_queues(queue_lines(session, QUEUES, now=now)),
        *_of_workers(worker_lines(session, now=now)),
        *_of_memory(memory),
    ]


def _of_queues(lines: list[QueueLine]) -> list[Trouble]:
    dead = [Trouble("dead", line.queue, line.dead) for line in lines if line.dead]
    late = [
        Trouble("late", line.queue, int(line.oldest // 60))
        for line in lines
        if line.oldest is not None and line.oldest > LATE and line.paused_by is None
    ]
    return dead + late


def _of_workers(lines: list[WorkerLine]) -> list[Trouble]:
    """A group that works nowhere, in a shop that has had one in the last day.

    After a crash of everything, whoever starts first does not yet miss the others.
    """
    recent = {line.group for line in lines}
    alive = {line.group for line in lines if not line.lost}
    if all(line.up < STARTING for line in lines if not line.lost):
        return []
    return [Trouble("workers", group, 0) for group in WORKER_GROUPS if group in recent - alive]


def _of_memory(memory: HostMemory) -> list[Trouble]:
    used = 1 - memory.available / memory.total
    return [Trouble("memory", "host", round(used * 100))] if used > FULL else []


def _tell_admins(session: Session, text: str, alert: Alert) -> None:
    params: dict[str, str | int] = {"kind": alert.kind, "subject": alert.subject, "count": alert.number}
    for person in admins(session):
        notify(session, id_of(person), text, params, once=f"alert:{id_of(alert)}")
