"""What a worker does with a row of the ledger: claim, renew, finish, fail, give back.

`attempt` is the fence. It rises at every claim and never falls; whatever a run writes requires the attempt
that began it, so of two workers that hold one job, one commits. All times are the database's.

A job whose worker died (`lost` > 0) is claimed only by a message that says so: a process runs one
such job at a time, isolated, so that a job that kills its worker takes no neighbour with it a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from core.jobs.retries import Fault, Verdict
from core.kit.db import driver
from core.kit.errors import ComptoirError

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
                   lease_until = clock_timestamp() + make_interval(secs => %(lease)s), worker = %(worker)s
"""
MAY_BEGIN = """
    state = 'queued' AND due_at <= clock_timestamp() AND (lost = 0 OR %(isolated)s)
    AND NOT EXISTS (SELECT FROM queue_pause WHERE queue_pause.queue = job.queue)
"""
CLAIM = f"{BEGIN} WHERE id = %(id)s AND {MAY_BEGIN} RETURNING {CLAIMED}"

# Asked for again while it ran (`rerun`), a job is queued once more at its end instead of resting.
REST = """
    rerun = false, lease_until = NULL,
    unique_key = CASE WHEN release_key AND NOT rerun THEN NULL ELSE unique_key END,
    finished_at = CASE WHEN rerun THEN NULL ELSE clock_timestamp() END,
    due_at = CASE WHEN rerun THEN clock_timestamp() ELSE due_at END
"""
MINE = "id = %(id)s AND attempt = %(attempt)s AND state = 'running'"
FINISH = f"""
    UPDATE job SET state = CASE WHEN rerun THEN 'queued' ELSE 'done' END,
                   failures = CASE WHEN rerun THEN 0 ELSE failures END,
                   lost = CASE WHEN rerun THEN 0 ELSE lost END, {REST}
    WHERE {MINE} RETURNING id
"""  # noqa: S608 - constants only

# The next job of the same thread begins in the transaction that ends this one: one commit for both, and no
# job is ever claimed without running. SKIP LOCKED, because two threads that each finish what the other has
# a stale message for would wait for each other.
FINISH_AND_CLAIM = f"""
    WITH finished AS ({FINISH}),
    next AS (
        {BEGIN} FROM (
            SELECT id AS next_id FROM job WHERE id = %(next_id)s AND {MAY_BEGIN} FOR UPDATE SKIP LOCKED
        ) AS free WHERE id = next_id AND EXISTS (SELECT FROM finished)
        RETURNING {CLAIMED}
    )
    SELECT next.* FROM finished LEFT JOIN next ON true
"""  # noqa: S608 - constants only

RECORD = """
    INSERT INTO job_attempt (job_id, attempt, outcome, worker, started_at, ended_at,
                             error_class, error_message, traceback, fingerprint)
    SELECT id, attempt, %(outcome)s, worker, started_at, clock_timestamp(),
           %(error_class)s, %(message)s, %(traceback)s, %(fingerprint)s FROM ended RETURNING job_id
"""
FAIL = f"""
    WITH ended AS (
        UPDATE job SET state = 'queued', due_at = clock_timestamp() + make_interval(secs => %(delay)s),
                       failures = failures + %(counts)s, rerun = false, lease_until = NULL,
                       error_class = %(error_class)s, error_message = %(message)s,
                       fingerprint = %(fingerprint)s
        WHERE {MINE} RETURNING id, attempt, worker, started_at
    ) {RECORD}
    """  # noqa: S608 - constants only
BURY = f"""
    WITH ended AS (
        UPDATE job SET state = CASE WHEN rerun THEN 'queued' ELSE %(state)s END,
                       failures = CASE WHEN rerun THEN 0 ELSE failures + %(counts)s END, {REST},
                       error_class = %(error_class)s, error_message = %(message)s,
                       fingerprint = %(fingerprint)s
        WHERE {MINE} RETURNING id, attempt, worker, started_at
    ) {RECORD}
    """  # noqa: S608 - constants only
GIVE_BACK = f"""
    WITH ended AS (
        UPDATE job SET state = 'queued', due_at = clock_timestamp(), lease_until = NULL,
                       rerun = false
        WHERE {MINE} RETURNING id, attempt, worker, started_at
    )
    INSERT INTO job_attempt (job_id, attempt, outcome, worker, started_at, ended_at)
    SELECT id, attempt, 'given_back', worker, started_at, clock_timestamp() FROM ended RETURNING job_id
    """  # noqa: S608 - constants only
RENEW = """
    UPDATE job SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
    FROM unnest(CAST(%(ids)s AS uuid[]), CAST(%(attempts)s AS int[])) AS held (held_id, held_attempt)
    WHERE id = held_id AND attempt = held_attempt AND state = 'running' RETURNING id, cancel_requested
    """


def claim(
    connection: Connection, job_id: UUID, worker: str, *, isolated: bool = False, lease: float = LEASE
) -> Claim | None:
    """Begin a job, on a connection that commits each statement.

    None: another has it, it has ended, is not due, or its queue is paused.
    """
    values = {"id": job_id, "worker": worker, "isolated": isolated, "lease": lease}
    row = driver(connection).execute(CLAIM, values).fetchone()
    return Claim(*row) if row else None


def finish(connection: Connection, claim: Claim) -> None:
    """Mark the job done in the caller's transaction. Raises `LostFence`."""
    if driver(connection).execute(FINISH, {"id": claim.id, "attempt": claim.attempt}).fetchone() is None:
        raise LostFence(_lost(claim))


def finish_and_claim(
    connection: Connection, claim: Claim, next_id: UUID, worker: str, *, lease: float = LEASE
) -> Claim | None:
    """As `finish`, and begin `next_id` in the same transaction; None when it cannot begin just now."""
    values = {"id": claim.id, "attempt": claim.attempt, "next_id": next_id, "worker": worker, "lease": lease}
    row = driver(connection).execute(FINISH_AND_CLAIM, values | {"isolated": False}).fetchone()
    if row is None:
        raise LostFence(_lost(claim))
    return Claim(*row) if row[0] is not None else None


def fail(connection: Connection, claim: Claim, verdict: Verdict, fault: Fault) -> bool:
    """Record an error and what follows from it; False when the run no longer held the job."""
    values = {
        "id": claim.id,
        "attempt": claim.attempt,
        "counts": int(verdict.counts),
        "outcome": verdict.outcome,
        "error_class": fault.error_class,
        "message": fault.message,
        "traceback": fault.traceback,
        "fingerprint": fault.fingerprint,
    }
    if verdict.state == "queued":
        return connection.exec_driver_sql(FAIL, values | {"delay": verdict.delay}).one_or_none() is not None
    return connection.exec_driver_sql(BURY, values | {"state": verdict.state}).one_or_none() is not None


def give_back(connection: Connection, claim: Claim) -> bool:
    """Queue the job again without counting anything; False when the run no longer held it."""
    return (
        connection.exec_driver_sql(GIVE_BACK, {"id": claim.id, "attempt": claim.attempt}).one_or_none()
        is not None
    )


def renew(connection: Connection, claims: Sequence[Claim], *, lease: float = LEASE) -> dict[UUID, bool]:
    """Prolong the leases. The jobs still held, each with whether its cancellation was asked for."""
    values = {
        "ids": [claim.id for claim in claims],
        "attempts": [claim.attempt for claim in claims],
        "lease": lease,
    }
    return {row.id: row.cancel_requested for row in connection.exec_driver_sql(RENEW, values)}


def _lost(claim: Claim) -> str:
    return f"job {claim.id} is no longer ours at attempt {claim.attempt}: this run's changes are dropped"
