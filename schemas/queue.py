"""The job ledger's tables: PostgreSQL is the truth of every durable job."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference
from schemas.contracts import Queue

JobState = Literal["queued", "running", "done", "dead", "cancelled"]
AttemptOutcome = Literal["failed", "retry_after", "lost", "given_back", "cancelled"]
CatchUp = Literal["none", "latest", "all"]
Verb = Literal["retry", "cancel", "delete", "move", "edit", "run"]


class Job(SQLModel, table=True):
    """One durable job. `attempt` is the fence: an effect and `done` require the attempt that began it."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "queue", "due_at", postgresql_where=text("state = 'queued'")),
        Index("ix_job_lease", "lease_until", postgresql_where=text("state = 'running'")),
        Index(
            "uq_job_unique_key", "unique_key", unique=True, postgresql_where=text("unique_key is not null")
        ),
        # For people. The first two grow at their ends only, and only when a job ends.
        Index(
            "ix_job_finished",
            *("state", "queue", "finished_at"),
            postgresql_where=text("finished_at is not null"),
        ),
        Index(
            "ix_job_actor_finished",
            *("actor", "finished_at"),
            postgresql_where=text("finished_at is not null"),
        ),
        Index("ix_job_dead", "fingerprint", "finished_at", postgresql_where=text("state = 'dead'")),
        Index("ix_job_failed", "fingerprint", postgresql_where=text("error_class is not null")),
        Index("ix_job_correlation_id", "correlation_id"),
        # Without the pending list, whose emptying would fall on one unlucky writer.
        Index(
            "ix_job_args",
            "args",
            postgresql_using="gin",
            postgresql_ops={"args": "jsonb_path_ops"},
            postgresql_with={"fastupdate": "off"},
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    actor: str = Field(sa_type=Text)
    queue: Queue = Field(sa_type=Text)
    args: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    state: JobState = Field(default="queued", sa_type=Text)
    attempt: int = Field(default=0)  # rises at each start; the fence
    failures: int = Field(default=0)  # starts that ended in an error
    lost: int = Field(default=0)  # starts whose lease ran out: the worker died
    unique_key: str | None = Field(default=None, sa_type=Text)
    release_key: bool = Field(default=False)  # drop unique_key at a terminal state
    rerun: bool = Field(default=False)  # asked again while running: queue once more at its end
    due_at: datetime = created_moment()
    created_at: datetime = created_moment()
    started_at: datetime | None = moment(default=None)
    finished_at: datetime | None = moment(default=None)
    lease_until: datetime | None = moment(default=None)
    worker: str | None = Field(
        default=None, sa_type=Text
    )  # host:pid:mark, see workers.runtime.worker_identity
    cancel_requested: bool = Field(default=False)
    correlation_id: str = Field(default="", sa_type=Text)
    parent_id: UUID | None = Field(default=None)  # the job that enqueued it
    error_class: str | None = Field(default=None, sa_type=Text)
    error_message: str | None = Field(default=None, sa_type=Text)
    fingerprint: str | None = Field(default=None, sa_type=Text)


class JobAttempt(SQLModel, table=True):
    """One start that did not end in `done`: what went wrong, for people."""

    __tablename__ = "job_attempt"

    job_id: UUID = Field(primary_key=True, foreign_key="job.id", ondelete="CASCADE")
    attempt: int = Field(primary_key=True)
    outcome: AttemptOutcome = Field(sa_type=Text)
    worker: str | None = Field(default=None, sa_type=Text)
    started_at: datetime | None = moment(default=None)
    ended_at: datetime = moment()
    error_class: str | None = Field(default=None, sa_type=Text)
    error_message: str | None = Field(default=None, sa_type=Text)
    traceback: str | None = Field(default=None, sa_type=Text)
    fingerprint: str | None = Field(default=None, sa_type=Text)


class QueuePause(SQLModel, table=True):
    """A paused queue is neither pushed nor claimed; its presence here is the pause."""

    __tablename__ = "queue_pause"

    queue: Queue = Field(primary_key=True, sa_type=Text)
    paused_at: datetime = created_moment()
    paused_by: str = Field(default="", sa_type=Text)


class Schedule(SQLModel, table=True):
    """A periodic job: its cron line, its time zone, which of missed slots run after all."""

    __tablename__ = "schedule"

    name: str = Field(primary_key=True, sa_type=Text)
    actor: str = Field(sa_type=Text)
    cron: str = Field(sa_type=Text)
    time_zone: str = Field(default="UTC", sa_type=Text)
    catch_up: CatchUp = Field(default="latest", sa_type=Text)
    last_slot: datetime | None = moment(default=None)
    paused: bool = Field(default=False)
    since: datetime = created_moment()  # no slot before it was missed


class TelegramSlot(SQLModel, table=True):
    """A Telegram session file that one worker process at a time may use, by lease."""

    __tablename__ = "telegram_slot"

    name: str = Field(primary_key=True, sa_type=Text)
    owner: str = Field(sa_type=Text)
    lease_until: datetime = moment()


class WorkerBeat(SQLModel, table=True):
    """A worker process that lives: it writes its row every few seconds and reads what is asked of it."""

    __tablename__ = "worker_beat"

    name: str = Field(primary_key=True, sa_type=Text)  # as in job.worker
    queue_group: str = Field(sa_type=Text)
    queues: list[str] = Field(sa_type=JSONB)
    threads: int
    memory: int = Field(sa_type=BigInteger)  # bytes; pages that others use too count by its share
    started_at: datetime = moment()
    beat_at: datetime = moment()
    draining: bool = Field(default=False)  # an operator asked it to begin nothing more


class QueueMinute(SQLModel, table=True):
    """What a queue held at the end of a minute, and what ended in it. Kept for charts and rates."""

    __tablename__ = "queue_minute"

    queue: Queue = Field(primary_key=True, sa_type=Text)
    minute: datetime = moment(primary_key=True)  # its end
    ready: int
    later: int
    running: int
    done: int
    dead: int
    cancelled: int


class QueueAct(SQLModel, table=True):
    """What an operator did to everything that matched a filter, and how far it has come."""

    __tablename__ = "queue_act"

    id: int | None = identity()
    verb: Verb = Field(sa_type=Text)
    filter: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)  # who, as in the audit log
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    matched: int
    changed: int = Field(default=0)
    begun_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class JobTrash(SQLModel, table=True):
    """A deleted job as it was, attempts included, until the undo's time is over."""

    __tablename__ = "job_trash"

    job_id: UUID = Field(primary_key=True)
    act_id: int = reference("queue_act.id", index=True)
    deleted_at: datetime = moment(index=True)
    job: dict[str, Any] = Field(sa_type=JSONB)
    attempts: list[dict[str, Any]] = Field(sa_type=JSONB)
