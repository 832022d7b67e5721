"""Admins are told once that something is wrong, and once that it is over.

A trouble that comes back within `CALM` belongs to the same occasion: what goes on and off writes to nobody
again and again. Prometheus' rules (docs/observability) see more; this needs no Prometheus.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from core.audit.head import Break
from core.jobs.admin.invariants import invariants
from core.jobs.admin.overview import QueueLine, WorkerLine, queue_lines, worker_lines
from core.jobs.waking import waiting_for_store
from core.kit.bad_rows import bad_rows, each
from core.kit.rows import id_of
from core.monitoring.bot_beat import silent_for
from core.monitoring.disk import Disk
from core.monitoring.memory import HostMemory
from core.notifications.notify import notify
from core.notifications.recipients import admin_ids
from core.people.support_inbox import waiting_longer
from schemas.contracts import QUEUES, WORKER_GROUPS
from schemas.operations import Alert, AlertKind

CALM = timedelta(minutes=5)
LATE = 300.0  # seconds that a ready job may have been due
FULL = 0.8  # share of the machine's memory in use
NEARLY_FULL = 0.9  # share of the store's disk in use; a full store frees nothing by deleting
STARTING = 60.0  # seconds within which all workers of a shop that starts again are there


@dataclass(frozen=True)
class Machine:
    """What is looked at outside of the database. `disk` is the store's, None where nobody knows it."""

    memory: HostMemory
    disk: Disk | None = None


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


def watch(session: Session, machine: Machine, *, answer_within: timedelta, now: datetime) -> Change:
    """Look at everything, and tell admins what began and what is over."""
    present = troubles(session, machine, answer_within=answer_within, now=now)
    return _tell(session, present, col(Alert.kind) != "audit", now=now)


def watch_audit(session: Session, broken: Break | None, *, now: datetime) -> Change:
    """Tell admins that the audit log does not hold, or that it holds again, by what checking it found."""
    present = [] if broken is None else [Trouble("audit", broken.why, _where(broken))]
    return _tell(session, present, col(Alert.kind) == "audit", now=now)


def _where(broken: Break) -> int:
    """The number that finds it: of an entry by itself its id, of the chain the place."""
    by_itself = broken.why in ("unreadable", "backdated")
    return (broken.entry if by_itself else broken.place) or 0


def _tell(
    session: Session, present: Collection[Trouble], which: ColumnElement[bool], *, now: datetime
) -> Change:
    alerts = _open_alerts(session, which, now)
    change = compare({(alert.kind, alert.subject): alert for alert in alerts}, present, now=now)
    each(session, "new alerts", change.new, lambda it: _begin(session, it, now), name=_name, now=now)
    for alert, trouble in change.lasting:
        alert.seen_at, alert.number = now, max(alert.number, trouble.number)
        session.add(alert)
    each(session, "ended alerts", change.over, lambda it: _end(session, it, now), name=id_of, now=now)
    return change


def _open_alerts(session: Session, which: ColumnElement[bool], now: datetime) -> list[Alert]:
    running = select(Alert.id).where(col(Alert.ended_at).is_(None), which)
    ids = session.exec(running.order_by(col(Alert.id))).all()

    def load(some: Sequence[int | None]) -> list[Alert]:
        return list(session.exec(select(Alert).where(col(Alert.id).in_(some)).with_for_update()))

    return each(session, "open alerts", ids, lambda number: load([number])[0], together=load, now=now)


def _begin(session: Session, trouble: Trouble, now: datetime) -> None:
    kind, subject = trouble.name
    alert = Alert(kind=kind, subject=subject, number=trouble.number, began_at=now, seen_at=now)
    session.add(alert)
    session.flush()
    _tell_admins(session, f"alert-{kind}", alert)


def _end(session: Session, alert: Alert, now: datetime) -> None:
    alert.ended_at = now
    session.add(alert)
    _tell_admins(session, "alert-over", alert)


def _name(trouble: Trouble) -> str:
    return f"{trouble.kind} {trouble.subject}"


def compare(
    alerts: Mapping[tuple[AlertKind, str], Alert], present: Collection[Trouble], *, now: datetime
) -> Change:
    """What changes when these alerts are open and these troubles are there."""
    lasting = [(alerts[trouble.name], trouble) for trouble in present if trouble.name in alerts]
    new = [trouble for trouble in present if trouble.name not in alerts]
    names = {trouble.name for trouble in present}
    gone = [alert for name, alert in alerts.items() if name not in names]
    return Change(new, lasting, [alert for alert in gone if now - alert.seen_at >= CALM])


def troubles(session: Session, machine: Machine, *, answer_within: timedelta, now: datetime) -> list[Trouble]:
    """All that is wrong now; a question to support is to be answered within that time. A look that fails
    hides nothing of what the others see."""
    looks: dict[str, Callable[[], list[Trouble]]] = {
        "promises": lambda: _of_promises(session, now),
        "queues": lambda: _of_queues(queue_lines(session, QUEUES, now=now)),
        "workers": lambda: _of_workers(worker_lines(session, now=now)),
        "bot": lambda: _of_bot(silent_for(session, now=now)),
        "memory": lambda: _of_memory(machine.memory),
        "disk": lambda: _of_disk(machine.disk),
        "store": lambda: _of_store(waiting_for_store(session, timedelta(seconds=LATE), now=now)),
        "questions": lambda: _of_questions(waiting_longer(session, answer_within, now=now)),
    }
    seen = each(session, "looks", looks, lambda name: looks[name](), now=now)
    left_out = [Trouble("rows", loop, count) for loop, count in bad_rows(session, now=now)]
    return [trouble for some in (*seen, left_out) for trouble in some]


def _of_promises(session: Session, now: datetime) -> list[Trouble]:
    broken = (promise for promise in invariants(session, now=now) if not promise.holds)
    return [Trouble("promise", promise.name, promise.count) for promise in broken]


def _of_questions(late: int) -> list[Trouble]:
    return [Trouble("questions", "support", late)] if late else []


def _of_bot(silence: timedelta | None) -> list[Trouble]:
    return [Trouble("bot", "bot", max(1, int(silence.total_seconds() // 60)))] if silence else []


def _of_queues(lines: list[QueueLine]) -> list[Trouble]:
    dead = [Trouble("dead", line.queue, line.dead) for line in lines if line.dead]
    late = [
        Trouble("late", line.queue, int(line.oldest // 60))
        for line in lines
        if line.oldest is not None and line.oldest > LATE and line.paused_by is None
    ]
    return dead + late


def _of_workers(lines: list[WorkerLine]) -> list[Trouble]:
    """A group of queues one of which nobody serves, and somebody did in the last day, in whatever process.

    After a crash of everything, whoever starts first does not yet miss the others.
    """
    if all(line.up < STARTING for line in lines if not line.lost):
        return []
    served = {queue for line in lines if not line.lost for queue in line.queues}
    deserted = {queue for line in lines for queue in line.queues} - served
    return [Trouble("workers", group, 0) for group, queues in WORKER_GROUPS.items() if deserted & {*queues}]


def _of_memory(memory: HostMemory) -> list[Trouble]:
    used = 1 - memory.available / memory.total
    return [Trouble("memory", "host", round(used * 100))] if used > FULL else []


def _of_disk(disk: Disk | None) -> list[Trouble]:
    if disk is None:
        return []
    used = 1 - disk.free / disk.total
    return [Trouble("disk", "store", round(used * 100))] if used > NEARLY_FULL else []


def _of_store(waiting: int) -> list[Trouble]:
    return [Trouble("store", "store", waiting)] if waiting else []


def _tell_admins(session: Session, text: str, alert: Alert) -> None:
    params: dict[str, str | int] = {"kind": alert.kind, "subject": alert.subject, "count": alert.number}
    for user_id in admin_ids(session):
        notify(session, user_id, text, params, once=f"alert:{id_of(alert)}")
