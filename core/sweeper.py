"""Keeping Redis and the ledger in step: push what is due, take back what died.

Any number of sweepers may run; rows are locked with SKIP LOCKED, and a job pushed twice runs once.
"""

import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from core.claims import LOST_LIMIT
from core.wire import DEPTH, Pending, Wire

REFILL = DEPTH * 3 // 4  # a list longer than this is left alone

log = logging.getLogger(__name__)

# A row that was just written is being pushed by its writer: it gets a second's grace. A row that a sweeper
# pushed is on its way for ten seconds. Whatever waits in the list already is not pushed again.
DUE = text(
    """
    UPDATE job SET pushed_at = clock_timestamp()
    WHERE id IN (
        SELECT id FROM job WHERE state = 'queued' AND queue = :queue AND due_at <= clock_timestamp()
        AND (pushed_at < clock_timestamp() - interval '10 seconds'
             OR pushed_at IS NULL AND (attempt > 0 OR created_at < clock_timestamp() - interval '1 second'))
        AND id <> ALL (CAST(:waiting AS uuid[]))
        AND NOT EXISTS (SELECT FROM queue_pause WHERE queue_pause.queue = :queue)
        ORDER BY due_at LIMIT :room FOR UPDATE SKIP LOCKED
    ) RETURNING id, actor, lost
    """
)

TAKE_BACK = text(
    """
    WITH gone AS (
        SELECT id AS gone_id, lost + 1 AS losses FROM job
        WHERE state = 'running' AND queue = ANY (CAST(:queues AS text[])) AND lease_until < clock_timestamp()
        ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED
    ), verdict AS (
        SELECT *, CASE WHEN cancel_requested THEN 'cancelled'
                       WHEN losses >= :limit THEN 'dead' ELSE 'queued' END AS next_state
        FROM gone JOIN job ON id = gone_id
    ), ended AS (
        UPDATE job SET state = next_state, lost = losses, rerun = false, lease_until = NULL, pushed_at = NULL,
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


def top_up(engine: Engine, wire: Wire, queue: str) -> int:
    """Fill the queue's list up to `DEPTH` from the ledger, oldest first; how many ids were pushed.

    Raises redis and database errors. A job marked as pushed whose push fails is pushed ten seconds later.
    """
    waiting = wire.waiting(queue) if wire.depth(queue) <= REFILL else None
    if waiting is None:
        return 0
    with engine.begin() as connection:
        pending = _due(connection, queue, waiting)
    return wire.push(queue, [item.envelope() for item in pending]) if pending else 0


def take_back(engine: Engine, queues: Sequence[str]) -> int:
    """Queue jobs again whose lease ran out, and bury those that lost three; how many there were."""
    with engine.begin() as connection:
        values = {"queues": list(queues), "limit": LOST_LIMIT, "message": LOST_MESSAGE}
        gone = connection.execute(TAKE_BACK, values).scalars().all()
    if gone:
        log.warning("%d jobs lost their worker: %s", len(gone), ", ".join(map(str, gone[:20])))
    return len(gone)


def _due(connection: Connection, queue: str, waiting: list[UUID]) -> list[Pending]:
    values = {"queue": queue, "waiting": waiting, "room": DEPTH - len(waiting)}
    return [Pending(row.id, row.actor, queue, alone=row.lost > 0) for row in connection.execute(DUE, values)]
