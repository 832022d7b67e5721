"""What a worker process says about itself every few seconds, and what it reads in the same breath."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlmodel import Session

from core.audit.record import record
from core.kit.db import driver
from core.kit.errors import NotFound

BEAT = 5.0  # seconds between two
GONE = 20.0  # seconds without one after which a worker counts as lost

# Nothing is lost with the last beats, so they do not wait for the disk.
BEAT_NOW = """
    WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO worker_beat (name, queue_group, queues, threads, memory, started_at, beat_at, draining)
    SELECT %(name)s, %(group)s, to_jsonb(CAST(%(queues)s AS text[])), %(threads)s, %(memory)s,
           clock_timestamp(), clock_timestamp(), false FROM soon
    ON CONFLICT (name) DO UPDATE SET memory = excluded.memory, beat_at = excluded.beat_at
    RETURNING draining
"""
END = text("DELETE FROM worker_beat WHERE name = :name")
DRAIN = text("UPDATE worker_beat SET draining = :draining WHERE name = :name RETURNING name")


@dataclass(frozen=True)
class Self:
    """What does not change while a process lives."""

    name: str
    group: str
    queues: Sequence[str]
    threads: int


def beat(connection: Connection, me: Self, memory: int) -> bool:
    """Say that we live and hold so many bytes; whether we were asked to begin nothing more."""
    values = {"name": me.name, "group": me.group, "queues": list(me.queues), "threads": me.threads}
    row = driver(connection).execute(BEAT_NOW, values | {"memory": memory}).fetchone()
    assert row is not None, "it inserts or updates"
    return bool(row[0])


def end(connection: Connection, name: str) -> None:
    """The process stops by itself."""
    connection.execute(END, {"name": name})


def drain(session: Session, name: str, *, actor: str, draining: bool = True) -> None:
    """Ask a worker to begin nothing more, or to go on; it learns of it at its next beat.

    Raises `NotFound` when no such worker has spoken lately.
    """
    if session.execute(DRAIN, {"name": name, "draining": draining}).one_or_none() is None:
        raise NotFound("worker-unknown", {"worker": name})
    record(session, actor, "worker.drained" if draining else "worker.resumed", f"worker:{name}")
