"""Keeping Redis and the ledger in step: push what is due, take back what died.

Any number of sweepers may run: a job pushed twice runs once. Losing all of Redis loses the marks of what
is on its way too, so everything due is pushed again at once.
"""

import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from core.jobs.claims import LOST_LIMIT
from core.jobs.redis_queue import DEPTH, Pending, RedisQueue

REFILL = DEPTH // 4  # a list longer than this is left alone
AT_LEAST = 64  # rows read beyond the room, as the oldest may be in the hands of consumers already

log = logging.getLogger(__name__)

# What waits in the list already is left out; what is on its way is sorted out in Redis, by its mark.
DUE = text(
    """
    SELECT id, actor, attempt, lost FROM job
    WHERE state = 'queued' AND queue = :queue AND due_at <= clock_timestamp()
    AND id <> ALL (CAST(:waiting AS uuid[]))
    AND NOT EXISTS (SELECT FROM queue_pause WHERE queue_pause.queue = :queue)
    ORDER BY due_at LIMIT :limit
    """
)

TAKE_BACK = text(
    """
    WITH gone AS (
        SELECT id AS gone_id, lost + 1 AS losses FROM job
        WHERE state = 'running' AND queue = ANY (CAST(:queues AS text[]))
        AND (lease_until < clock_timestamp() OR worker = ANY (CAST(:died AS text[])))
        ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED
    ), verdict AS (
        SELECT *, CASE WHEN cancel_requested THEN 'cancelled'
                       WHEN losses >= :limit THEN 'dead' ELSE 'queued' END AS next_state
        FROM gone JOIN job ON id = gone_id
    ), ended AS (
        UPDATE job SET state = next_state, lost = losses, rerun = false, lease_until = NULL,
            due_at = clock_timestamp(), error_class = 'LostLease', error_message = :message,
            fingerprint = 'lost-lease',
            finished_at = CASE WHEN next_state = 'queued' THEN NULL ELSE clock_timestamp() END,
            unique_key = CASE WHEN job.release_key AND next_state <> 'queued' THEN NULL
                              ELSE job.unique_key END
        FROM verdict WHERE job.id = gone_id
        RETURNING job.id, job.attempt, job.worker, job.started_at, job.state
    )
    INSERT INTO job_attempt (job_id, attempt, outcome, worker, started_at, ended_at, error_class,
                             error_message, fingerprint)
    SELECT id, attempt, 'lost', worker, started_at, clock_timestamp(), 'LostLease', :message, 'lost-lease'
    FROM ended RETURNING job_id
    """
)
LOST_MESSAGE = (
    "The worker stopped renewing its lease: it was killed, ran out of memory, lost the database, or the job "
    "hung beyond its time limit."
)


class Filler:
    """Fills the lists of Redis from the ledger, up to `DEPTH`, oldest first."""

    def __init__(self, engine: Engine, queue: RedisQueue) -> None:
        self._engine = engine
        self._queue = queue
        self._on_the_way: dict[str, int] = {}

    def top_up(self, queue: str) -> bool:
        """Whether there is a backlog, so that the next look should come soon.

        Raises redis and database errors.
        """
        # Not for correctness: two that fill at once read the same rows for nothing. But it is a write, and so
        # finds out that this Redis is only a replica by now, whose lists nobody empties.
        with self._queue.alone(f"fill:{queue}") as first:
            if not first or self._queue.depth(queue) > REFILL:
                return True
            return self._fill(queue)

    def _fill(self, queue: str) -> bool:
        waiting = self._queue.waiting(queue)
        limit = DEPTH - len(waiting) + AT_LEAST + self._on_the_way.get(queue, 0)
        with self._engine.connect() as connection:
            pending = _due(connection, queue, waiting, limit)
        pushed = self._queue.push(queue, pending) if pending else 0
        self._on_the_way[queue] = len(pending) - pushed
        # All that was read is on its way: there may be more behind it.
        return pushed > 0 or len(pending) == limit


def take_back(engine: Engine, queues: Sequence[str], *, died: Sequence[str] = ()) -> int:
    """Queue jobs again whose lease ran out, and bury those that lost three; how many there were.

    `died` are workers that are certain to have ended: what they held does not wait for its lease.
    """
    with engine.begin() as connection:
        values = {"queues": list(queues), "limit": LOST_LIMIT, "message": LOST_MESSAGE, "died": list(died)}
        gone = connection.execute(TAKE_BACK, values).scalars().all()
    if gone:
        log.warning("%d jobs lost their worker: %s", len(gone), ", ".join(map(str, gone[:20])))
    return len(gone)


def _due(connection: Connection, queue: str, waiting: list[UUID], limit: int) -> list[Pending]:
    values = {"queue": queue, "waiting": waiting, "limit": limit}
    return [
        Pending(row.id, row.actor, queue, row.attempt, isolated=row.lost > 0)
        for row in connection.execute(DUE, values)
    ]
