"""The state of the queues and their workers at one glance, from indexes and minutes only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.jobs.heartbeat import GONE

CHART = 60  # minutes of the chart
RATE = 5  # minutes that a rate is the mean of
COUNT_LIMIT = 200_000  # waiting jobs that are counted; a longer queue is shown as this many and more


@dataclass(frozen=True)
class QueueLine:
    """One queue. Rates in jobs a second; `drain` in seconds, None while it does not get shorter.

    `coming` counts what was enqueued, or queued again. `chart`: what ended in each of the last minutes.
    """

    queue: str
    paused_by: str | None
    ready: int
    later: int
    running: int
    dead: int
    oldest: float | None  # seconds that the first ready job has been due
    coming: float
    going: float
    drain: float | None
    chart: list[int]


@dataclass(frozen=True)
class Doing:
    """A job that a worker runs, and for how many seconds."""

    id: UUID
    actor: str
    seconds: float


@dataclass(frozen=True)
class WorkerLine:
    """One worker process. `beat`: seconds since its last; after `GONE` of them it counts as lost."""

    name: str
    host: str
    pid: int
    group: str
    queues: list[str]
    threads: int
    memory: int
    beat: float
    up: float
    draining: bool
    lost: bool
    doing: list[Doing]


QUEUES = text(
    """
    WITH name AS (SELECT unnest(CAST(:queues AS text[])) AS queue)
    SELECT queue, paused_by,
        (SELECT count(*) FROM (SELECT FROM job WHERE state = 'queued' AND queue = name.queue
                               AND due_at <= :now LIMIT :most) AS counted) AS ready,
        (SELECT count(*) FROM (SELECT FROM job WHERE state = 'queued' AND queue = name.queue
                               AND due_at > :now LIMIT :most) AS counted) AS later,
        coalesce(running.number, 0) AS running,
        (SELECT count(*) FROM (SELECT FROM job WHERE state = 'dead' AND queue = name.queue
                               AND finished_at IS NOT NULL LIMIT :most) AS counted) AS dead,
        (SELECT min(due_at) FROM job WHERE state = 'queued' AND queue = name.queue) AS oldest
    FROM name LEFT JOIN queue_pause USING (queue)
    LEFT JOIN (SELECT queue, count(*) AS number FROM job WHERE state = 'running' GROUP BY queue) AS running
        USING (queue)
    """
)
MINUTES = text(
    """
    SELECT queue, minute, ready + later + running AS held, done + dead + cancelled AS ended
    FROM queue_minute WHERE minute > :since ORDER BY queue, minute
    """
)
WORKERS = text(
    """
    SELECT name, queue_group, queues, threads, memory, started_at, beat_at, draining,
        coalesce((SELECT jsonb_agg(jsonb_build_array(id, actor, extract(epoch FROM :now - started_at))
                                   ORDER BY started_at)
                  FROM job WHERE state = 'running' AND worker = name), '[]') AS doing
    FROM worker_beat ORDER BY name
    """
)


def queue_lines(session: Session, queues: tuple[str, ...], *, now: datetime) -> list[QueueLine]:
    """Every queue, in the order given."""
    since = now - timedelta(minutes=CHART + 1)
    minutes: dict[str, list[Any]] = {queue: [] for queue in queues}
    for row in session.execute(MINUTES, {"since": since}):
        minutes.get(row.queue, []).append(row)
    rows = session.execute(QUEUES, {"queues": list(queues), "now": now, "most": COUNT_LIMIT})
    lines = {row.queue: _queue_line(row, minutes[row.queue], now) for row in rows}
    return [lines[queue] for queue in queues]


def worker_lines(session: Session, *, now: datetime) -> list[WorkerLine]:
    """Every worker that lives, and those whose beat stopped in the last day."""
    return [_worker_line(row, now) for row in session.execute(WORKERS, {"now": now})]


def rates(minutes: list[tuple[datetime, int, int]]) -> tuple[float, float]:
    """Jobs a second that came and that ended, of (end of the minute, held then, ended in it), in order.

    What came is what ended and what the queue grew by; a missing minute counts to the one after it.
    """
    recent = minutes[-RATE - 1 :]
    if len(recent) < 2:
        return 0.0, 0.0
    seconds = (recent[-1][0] - recent[0][0]).total_seconds()
    ended = sum(minute[2] for minute in recent[1:])
    came = max(0, ended + recent[-1][1] - recent[0][1])
    return came / seconds, ended / seconds


def drain_seconds(ready: int, coming: float, going: float) -> float | None:
    """Until nothing is ready, if all goes on as it does; None while more comes than goes."""
    if ready == 0:
        return 0.0
    return ready / (going - coming) if going > coming else None


def chart(minutes: list[tuple[datetime, int, int]], now: datetime) -> list[int]:
    """What ended in each of the last `CHART` whole minutes, oldest first."""
    last = now.replace(second=0, microsecond=0)
    ended = {minute: count for minute, _, count in minutes}
    return [ended.get(last - timedelta(minutes=back), 0) for back in reversed(range(CHART))]


def _queue_line(row: Any, minutes: list[Any], now: datetime) -> QueueLine:
    figures = [(minute.minute, minute.held, minute.ended) for minute in minutes]
    coming, going = rates(figures)
    oldest = (now - row.oldest).total_seconds() if row.ready else None
    return QueueLine(
        queue=row.queue,
        paused_by=row.paused_by,
        ready=row.ready,
        later=row.later,
        running=row.running,
        dead=row.dead,
        oldest=oldest,
        coming=coming,
        going=going,
        drain=drain_seconds(row.ready, coming, going),
        chart=chart(figures, now),
    )


def _worker_line(row: Any, now: datetime) -> WorkerLine:
    host, pid = row.name.split(":")[:2]  # as workers.runtime.worker_identity names it
    beat = (now - row.beat_at).total_seconds()
    return WorkerLine(
        name=row.name,
        host=host,
        pid=int(pid),
        group=row.queue_group,
        queues=row.queues,
        threads=row.threads,
        memory=row.memory,
        beat=beat,
        up=(now - row.started_at).total_seconds(),
        draining=row.draining,
        lost=beat > GONE,
        doing=[Doing(UUID(job), actor, float(seconds)) for job, actor, seconds in row.doing],
    )
