"""What remains: a row for each queue and minute, finished jobs for some days, the trash for a week."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, TextClause, text

from core.jobs.admin.trash import UNDO_DAYS
from schemas.contracts import QUEUES

MINUTES_KEPT = timedelta(days=90)
BEATS_KEPT = timedelta(days=1)
ACTS_KEPT = timedelta(days=400)  # as the audit log
BATCH = 1000  # jobs deleted in one transaction
LOOK_BACK = timedelta(minutes=10)  # minutes that a stopped scheduler left out and the next one adds

# Any number of processes may write a minute: the first one's count stays. Minutes that nobody sampled get
# what ended in them, and what is held now.
SAMPLE = text(
    """
    WITH name AS (SELECT unnest(CAST(:queues AS text[])) AS queue),
    missing AS (
        SELECT queue, minute FROM name, generate_series(
            greatest(CAST(:first AS timestamptz), coalesce(
                (SELECT max(minute) FROM queue_minute WHERE queue_minute.queue = name.queue)
                    + interval '1 minute', :last)),
            CAST(:last AS timestamptz), interval '1 minute') AS minute
    )
    INSERT INTO queue_minute (queue, minute, ready, later, running, done, dead, cancelled)
    SELECT queue, minute, held.ready, held.later, held.running, ended.done, ended.dead, ended.cancelled
    FROM missing, LATERAL (
        SELECT (SELECT count(*) FROM job WHERE state = 'queued' AND queue = missing.queue
                AND due_at <= :now) AS ready,
               (SELECT count(*) FROM job WHERE state = 'queued' AND queue = missing.queue
                AND due_at > :now) AS later,
               (SELECT count(*) FROM job WHERE state = 'running' AND queue = missing.queue) AS running
    ) AS held, LATERAL (
        SELECT count(*) FILTER (WHERE state = 'done') AS done,
               count(*) FILTER (WHERE state = 'dead') AS dead,
               count(*) FILTER (WHERE state = 'cancelled') AS cancelled
        FROM job WHERE state IN ('done', 'dead', 'cancelled') AND queue = missing.queue
        AND finished_at >= missing.minute - interval '1 minute' AND finished_at < missing.minute
    ) AS ended
    ON CONFLICT DO NOTHING
    """
)
PRUNE_JOBS = text(
    """
    DELETE FROM job WHERE id IN (
        SELECT id FROM job WHERE state = :state AND queue = :queue AND finished_at < :before
        ORDER BY finished_at LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    """
)
PRUNE_TRASH = text(
    """
    DELETE FROM job_trash WHERE job_id IN (
        SELECT job_id FROM job_trash WHERE deleted_at < :before LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    """
)
PRUNE_REST = (
    (text("DELETE FROM queue_minute WHERE minute < :before"), MINUTES_KEPT),
    (text("DELETE FROM worker_beat WHERE beat_at < :before"), BEATS_KEPT),
    (
        text(
            "DELETE FROM queue_act WHERE begun_at < :before "
            "AND NOT EXISTS (SELECT FROM job_trash WHERE act_id = queue_act.id)"
        ),
        ACTS_KEPT,
    ),
)


def sample(engine: Engine, *, now: datetime) -> int:
    """Write the rows of the minutes that have ended, if nobody has; how many were missing."""
    last = now.replace(second=0, microsecond=0)
    params = {"queues": list(QUEUES), "now": now, "first": last - LOOK_BACK, "last": last}
    with engine.begin() as connection:
        return connection.execute(SAMPLE, params).rowcount


def prune(engine: Engine, *, now: datetime, days: int) -> int:
    """Delete done and cancelled jobs that ended so many days ago, in small batches; how many.

    Dead jobs stay until somebody decides about them. Also ends the undo of what was deleted long ago.
    """
    deleted = 0
    for state in ("done", "cancelled"):
        for queue in QUEUES:
            params = {"state": state, "queue": queue, "before": now - timedelta(days=days), "batch": BATCH}
            deleted += _in_batches(engine, PRUNE_JOBS, params)
    _in_batches(engine, PRUNE_TRASH, {"before": now - timedelta(days=UNDO_DAYS), "batch": BATCH})
    with engine.begin() as connection:
        for statement, age in PRUNE_REST:
            connection.execute(statement, {"before": now - age})
    return deleted


def _in_batches(engine: Engine, statement: TextClause, params: Mapping[str, Any]) -> int:
    deleted = 0
    while True:
        with engine.begin() as connection:
            count = connection.execute(statement, params).rowcount
        deleted += count
        if count < BATCH:
            return deleted
