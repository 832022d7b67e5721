"""What a worker does with a row of the ledger: claim, renew, finish, fail, give back.

`attempt` is the fence. It rises at every claim and never falls; whatever a run writes requires the attempt
that began it, so of two workers that hold one job, one commits. All times are the database's.

A job whose worker died (`lost` > 0) is claimed only by a message that says `alone`: a process runs one
such job at a time, so that a job that kills its worker takes no neighbour with it a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from core.errors import ComptoirError
from core.retries import Fault, Verdict

LEASE = 30.0  # seconds
LOST_LIMIT = 3  # lost leases that make a job dead


class LostFence(ComptoirError):
    """Another worker has this job, or it has ended: what this run wrote is rolled back."""


@dataclass(frozen=True)
class Claim:
    """One start of a job."""

    id: UUID
    attempt: int
    actor: str
    args: dict[str, Any]
    failures: int
    lost: int
    correlation_id: str


CLAIMED = "id, attempt, actor, args, failures, lost, correlation_id"
BEGIN = """
    UPDATE job SET state = 'running', attempt = attempt + 1, started_at = clock_timestamp(),
                   lease_until = clock_timestamp() + make_interval(secs => :lease), worker = :worker
"""
MAY_BEGIN = """
    state = 'queued' AND due_at <= clock_timestamp() AND (lost = 0 OR :alone)
    AND NOT EXISTS (SELECT FROM queue_pause WHERE queue_pause.queue = job.queue)
"""
CLAIM = text(f"{BEGIN} WHERE id = :id AND {MAY_BEGIN} RETURNING {CLAIMED}")

# Asked for again while it ran (`rerun`), a job is queued once more at its end instead of resting.
REST = """
    rerun = false, lease_until = NULL,
    unique_key = CASE WHEN release_key AND NOT rerun THEN NULL ELSE unique_key END,
    finished_at = CASE WHEN rerun THEN NULL ELSE clock_timestamp() END,
    due_at = CASE WHEN rerun THEN clock_timestamp() ELSE due_at END
"""
MINE = "id = :id AND attempt = :attempt AND state = 'running'"
FINISH = f"""
    UPDATE job SET state = CASE WHEN rerun THEN 'queued' ELSE 'done' END,
                   failures = CASE WHEN rerun THEN 0 ELSE failures END,
                   lost = CASE WHEN rerun THEN 0 ELSE lost END, {REST}
    WHERE {MINE} RETURNING id
"""  # noqa: S608 - constants only
FINISH_ONE = text(FINISH)

# The next job of the same thread begins in the transaction that ends this one: one commit for both, and no
# job is ever claimed without running. SKIP LOCKED, because two threads that each finish what the other has
# a stale message for would wait for each other.
FINISH_AND_CLAIM = text(
    f"""
    WITH finished AS ({FINISH}),
    next AS (
        {BEGIN} FROM (
            SELECT id AS next_id FROM job WHERE id = :next_id AND {MAY_BEGIN} FOR UPDATE SKIP LOCKED
        ) AS free WHERE id = next_id AND EXISTS (SELECT FROM finished)
        RETURNING {CLAIMED}
    )
    SELECT finished.id AS finished_id, next.* FROM finished LEFT JOIN next ON true
    """  # noqa: S608 - constants only
)

RECORD = """
    INSERT INTO job_attempt (job_id, attempt, outcome, worker, started_at, ended_at,
                             error_class, error_message, traceback, fingerprint)
    SELECT id, attempt, :outcome, worker, started_at, clock_timestamp(),
           :error_class, :message, :traceback, :fingerprint FROM ended RETURNING job_id
"""
FAIL = text(
    f"""
    WITH ended AS (
        UPDATE job SET state = 'queued', due_at = clock_timestamp() + make_interval(secs => :delay),
                       failures = failures + :counts, rerun = false, lease_until = NULL,
                       error_class = :error_class, error_message = :message, fingerprint = :fingerprint
        WHERE {MINE} RETURNING id, attempt, worker, started_at
    ) {RECORD}
    """  # noqa: S608 - constants only
)
BURY = text(
    f"""
    WITH ended AS (
        UPDATE job SET state = CASE WHEN rerun THEN 'queued' ELSE :state END,
                       failures = CASE WHEN rerun THEN 0 ELSE failures + :counts END, {REST},
                       error_class = :error_class, error_message = :message, fingerprint = :fingerprint
        WHERE {MINE} RETURNING id, attempt, worker, started_at
    ) {RECORD}
    """  # noqa: S608 - constants only
)
GIVE_BACK = text(
    f"""
    WITH ended AS (
        UPDATE job SET state = 'queued', due_at = clock_timestamp(), lease_until = NULL,
                       rerun = false
        WHERE {MINE} RETURNING id, attempt, worker, started_at
    )
    INSERT INTO job_attempt (job_id, attempt, outcome, worker, started_at, ended_at)
    SELECT id, attempt, 'given_back', worker, started_at, clock_timestamp() FROM ended RETURNING job_id
    """  # noqa: S608 - constants only
)
RENEW = text(
    """
    UPDATE job SET lease_until = clock_timestamp() + make_interval(secs => :lease)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[])) AS held (held_id, held_attempt)
    WHERE id = held_id AND attempt = held_attempt AND state = 'running' RETURNING id, cancel_requested
    """
)


def claim(
    connection: Connection, job_id: UUID, worker: str, *, alone: bool = False, lease: float = LEASE
) -> Claim | None:
    """Begin a job. None: another has it, it has ended, is not due, or its queue is paused."""
    values = {"id": job_id, "worker": worker, "alone": alone, "lease": lease}
    row = connection.execute(CLAIM, values).one_or_none()
    return _claim(row) if row else None


def finish(connection: Connection, held: Claim) -> None:
    """Mark the job done in the caller's transaction. Raises `LostFence`."""
    if connection.execute(FINISH_ONE, {"id": held.id, "attempt": held.attempt}).one_or_none() is None:
        raise LostFence(_lost(held))


def finish_and_claim(
    connection: Connection, held: Claim, next_id: UUID, worker: str, *, lease: float = LEASE
) -> Claim | None:
    """As `finish`, and begin `next_id` in the same transaction; None when it cannot begin just now."""
    values = {"id": held.id, "attempt": held.attempt, "next_id": next_id, "worker": worker}
    row = connection.execute(FINISH_AND_CLAIM, values | {"alone": False, "lease": lease}).one_or_none()
    if row is None:
        raise LostFence(_lost(held))
    return _claim(row) if row.id is not None else None


def fail(connection: Connection, held: Claim, verdict: Verdict, fault: Fault) -> bool:
    """Record an error and what follows from it; False when the run no longer held the job."""
    values = {
        "id": held.id,
        "attempt": held.attempt,
        "counts": int(verdict.counts),
        "outcome": verdict.outcome,
        "error_class": fault.error_class,
        "message": fault.message,
        "traceback": fault.traceback,
        "fingerprint": fault.fingerprint,
    }
    if verdict.state == "queued":
        return connection.execute(FAIL, values | {"delay": verdict.delay}).one_or_none() is not None
    return connection.execute(BURY, values | {"state": verdict.state}).one_or_none() is not None


def give_back(connection: Connection, held: Claim) -> bool:
    """Queue the job again without counting anything; False when the run no longer held it."""
    return connection.execute(GIVE_BACK, {"id": held.id, "attempt": held.attempt}).one_or_none() is not None


def renew(connection: Connection, held: Sequence[Claim], *, lease: float = LEASE) -> dict[UUID, bool]:
    """Prolong the leases. The jobs still held, each with whether its cancellation was asked for."""
    values = {"ids": [item.id for item in held], "attempts": [item.attempt for item in held], "lease": lease}
    return {row.id: row.cancel_requested for row in connection.execute(RENEW, values)}


def _claim(row: Row[Any]) -> Claim:
    return Claim(row.id, row.attempt, row.actor, row.args, row.failures, row.lost, row.correlation_id)


def _lost(held: Claim) -> str:
    return f"job {held.id} is no longer ours at attempt {held.attempt}: this run's changes are dropped"
