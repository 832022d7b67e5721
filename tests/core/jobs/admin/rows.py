"""Rows of the ledger as a busy week leaves them: plain functions with defaults."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from schemas.contracts import Queue
from schemas.queue import Job, JobAttempt, QueueMinute, WorkerBeat
from tests.support.make import NOW

MINUTE = timedelta(minutes=1)
Found = Callable[[str], list[UUID]]
"""The ids that a filter finds, in the order of the list."""
TRACEBACK = (
    'Traceback (most recent call last):\n  File "delivery.py", line 40, in deliver\nTimeoutError: timed out\n'
)


def job(session: Session, state: str = "queued", *, ago: timedelta = MINUTE, **given: Any) -> Job:
    """A job that came, began or ended so long ago, as its state has it."""
    then = NOW - ago
    values: dict[str, Any] = {
        "actor": "deliver",
        "queue": "delivery",
        "args": {"order_id": 42},
        "state": state,
        "due_at": then,
        "created_at": then - MINUTE,
        "correlation_id": "c0ffee000001",
    }
    if state != "queued":
        values |= {"attempt": 1, "started_at": then - timedelta(seconds=2), "worker": "shop:4242:a1b2c3"}
    if state == "running":
        values |= {"started_at": then, "lease_until": NOW + timedelta(seconds=20)}
    if state in ("done", "dead", "cancelled"):
        values |= {"finished_at": then}
    if state == "dead":
        values |= {
            "failures": 60,
            "error_class": "TimeoutError",
            "error_message": "the store timed out",
            "fingerprint": "f00d00000001",
        }
    row = Job(**(values | given))
    session.add(row)
    session.flush()
    return row


def attempt(
    session: Session, job_id: UUID, number: int = 1, *, ago: timedelta = MINUTE, **given: Any
) -> None:
    """A start of a job that did not end well."""
    values: dict[str, Any] = {
        "outcome": "failed",
        "worker": "shop:4242:a1b2c3",
        "started_at": NOW - ago - timedelta(seconds=3),
        "ended_at": NOW - ago,
        "error_class": "TimeoutError",
        "error_message": "the store timed out",
        "traceback": TRACEBACK,
        "fingerprint": "f00d00000001",
    }
    session.add(JobAttempt(job_id=job_id, attempt=number, **(values | given)))
    session.flush()


def beat(
    session: Session, name: str = "shop:4242:a1b2c3", *, ago: timedelta = timedelta(seconds=2), **given: Any
) -> None:
    """A worker that spoke so long ago."""
    values: dict[str, Any] = {
        "queue_group": "delivery",
        "queues": ["delivery"],
        "threads": 8,
        "memory": 96 * 2**20,
        "started_at": NOW - timedelta(hours=5),
        "beat_at": NOW - ago,
    }
    session.add(WorkerBeat(name=name, **(values | given)))
    session.flush()


def minute(session: Session, back: int, *, queue: Queue = "delivery", **given: int) -> None:
    """What a queue held so many minutes ago, and what ended in that minute."""
    counts = dict.fromkeys(("ready", "later", "running", "done", "dead", "cancelled"), 0)
    session.add(QueueMinute(queue=queue, minute=NOW - back * MINUTE, **(counts | given)))
    session.flush()
