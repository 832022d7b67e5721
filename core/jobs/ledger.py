"""The job ledger, as senders see it: enqueue in the transaction of the change that needs the job.

core.jobs.claims holds what workers do with a row, core.jobs.sweeper what keeps Redis and the ledger in step,
core.jobs.schedules the periodic jobs.
"""

import secrets
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlmodel import Session

from core.jobs.push import remember
from core.jobs.redis_queue import Pending
from core.jobs.single_statement import Statement
from core.kit.correlation import correlation, new_correlation, parent_job
from core.kit.db import driver
from core.kit.errors import ComptoirError, NotFound
from schemas.contracts import EphemeralContract, JobContract, Once

T = TypeVar("T")

# A key that is taken answers the job that holds it. Where the key is released at the job's end and the job
# runs now, the new request may be about something that the run has already looked at: it runs once more.
INTO = """
    INSERT INTO job (id, actor, queue, args, state, attempt, failures, lost, unique_key, release_key, rerun,
                     due_at, created_at, cancel_requested, correlation_id, parent_id)
"""
VALUES = """
    %(id)s, %(actor)s, %(queue)s, CAST(%(args)s AS jsonb), 'queued', 0, 0, 0,
    %(unique_key)s, %(release_key)s, false, coalesce(CAST(%(due_at)s AS timestamptz), now()),
    clock_timestamp(), false, %(correlation_id)s, CAST(%(parent_id)s AS uuid)
"""
INSERT = f"""
    {INTO} VALUES ({VALUES})
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL
    DO UPDATE SET rerun = job.rerun OR (job.state = 'running' AND job.release_key)
    RETURNING id, actor, due_at <= clock_timestamp()
"""
AFTER = f"WITH effect AS ({{effect}}) {INTO} SELECT {VALUES} FROM effect RETURNING id"  # noqa: S608 - of constants

CANCEL = text(
    """
    UPDATE job SET state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
                   finished_at = CASE state WHEN 'queued' THEN clock_timestamp() END,
                   unique_key = CASE WHEN state = 'queued' AND release_key THEN NULL ELSE unique_key END,
                   cancel_requested = true
    WHERE id = :id AND state IN ('queued', 'running') RETURNING state
    """
)

PAUSE = text(
    "INSERT INTO queue_pause (queue, paused_at, paused_by) VALUES (:queue, now(), :by) ON CONFLICT DO NOTHING"
)
RESUME = text("DELETE FROM queue_pause WHERE queue = :queue")


class KeyTaken(ComptoirError):
    """A job of another actor has the key: two contracts write the same text, which is a fault of ours."""


def enqueue(session: Session, job: JobContract | Once, *, due_at: datetime | None = None) -> UUID:
    """Write a job in the caller's transaction and return its id; without `due_at` it is due at once.

    A job that is to be there `Once` has a key from its contract; where the key is taken, the id is that of
    the job that has it. Raises `KeyTaken` where that is a job of another actor.
    """
    values = _values(job) | {"due_at": due_at}
    stored_id, actor, due = driver(session.connection()).execute(INSERT, values).fetchall()[0]
    if actor != values["actor"]:
        raise KeyTaken(f"{values['actor']} asks for the key {values['unique_key']}, which {actor} has")
    if stored_id == values["id"] and due:
        remember(session, Pending(values["id"], values["actor"], values["queue"]))
    return UUID(str(stored_id))


def enqueue_after(effect: str, params: Mapping[str, Any], job: Once, *, answer: T) -> Statement[T | None]:
    """Write a job if the SQL statement `effect` returns a row, both in one; then it answers `answer`.

    For a key that no job can have yet. `params` are the statement's parameters, `%(name)s`, named unlike
    the columns of a job.
    """
    values = _values(job)
    return Statement(
        AFTER.format(effect=effect),
        {**values, **params},
        lambda rows: answer if rows else None,
        Pending(values["id"], values["actor"], values["queue"]),
    )


def cancel(session: Session, job_id: UUID) -> str:
    """Cancel a queued job, or ask a running one to stop. The state after: cancelled or running.

    Raises `NotFound` when there is no such job or it has ended.
    """
    state: Any = session.connection().execute(CANCEL, {"id": job_id}).scalar_one_or_none()
    if state is None:
        raise NotFound("job-not-cancellable", {"job": str(job_id)})
    return str(state)


def pause(session: Session, queue: str, by: str) -> None:
    """Stop pushing and claiming jobs of a queue; what runs goes on."""
    session.connection().execute(PAUSE, {"queue": queue, "by": by})


def resume(session: Session, queue: str) -> None:
    """End a pause; the sweeper pushes what waited."""
    session.connection().execute(RESUME, {"queue": queue})


def _values(entry: JobContract | Once) -> dict[str, Any]:
    if isinstance(entry, Once):
        job, key, released = entry.job, entry.key, entry.released
    else:
        job, key, released = entry, None, False
    if isinstance(job, EphemeralContract):
        raise TypeError(f"{job.actor} is ephemeral: ask for it with core.jobs.request_reply")
    return {
        "id": _new_id(),
        "actor": job.actor,
        "queue": job.queue,
        "args": msgspec.json.encode(job).decode(),
        "unique_key": key,
        "release_key": released,
        "due_at": None,
        "correlation_id": correlation.get() or new_correlation(),
        "parent_id": parent_job.get(),
    }


def _new_id() -> UUID:
    """A UUID that begins with the time in milliseconds (RFC 9562, 5.7): new jobs lie side by side in
    the indexes of a large ledger, where random ids would each touch a page of their own."""
    bits = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 7 << 76  # the version
    return UUID(int=bits & ~(0b11 << 62) | 0b10 << 62)  # the variant
