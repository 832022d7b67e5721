"""The job ledger's tables: PostgreSQL is the truth of every durable job."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, moment

JobState = Literal["queued", "running", "done", "dead", "cancelled"]


class Job(SQLModel, table=True):
    """One durable job. `attempt` is the fence: an effect and `done` require the attempt that began it."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "queue", "due_at", postgresql_where=text("state = 'queued'")),
        Index("ix_job_lease", "lease_until", postgresql_where=text("state = 'running'")),
        Index(
            "uq_job_unique_key", "unique_key", unique=True, postgresql_where=text("unique_key is not null")
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    actor: str = Field(sa_type=Text)
    queue: str = Field(sa_type=Text)
    args: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    state: str = Field(default="queued", sa_type=Text)
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
    worker: str | None = Field(default=None, sa_type=Text)  # host:pid
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
    outcome: str = Field(sa_type=Text)  # failed, retry_after, lost, given_back, cancelled
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

    queue: str = Field(primary_key=True, sa_type=Text)
    paused_at: datetime = created_moment()
    paused_by: str = Field(default="", sa_type=Text)


class Schedule(SQLModel, table=True):
    """A periodic job: its cron line, its time zone, what to do with missed slots (none, latest, all)."""

    __tablename__ = "schedule"

    name: str = Field(primary_key=True, sa_type=Text)
    actor: str = Field(sa_type=Text)
    cron: str = Field(sa_type=Text)
    time_zone: str = Field(default="UTC", sa_type=Text)
    catch_up: str = Field(default="latest", sa_type=Text)
    last_slot: datetime | None = moment(default=None)
    paused: bool = Field(default=False)


class TelegramSlot(SQLModel, table=True):
    """A Telegram session file that one worker process at a time may use, by lease."""

    __tablename__ = "telegram_slot"

    name: str = Field(primary_key=True, sa_type=Text)
    owner: str = Field(sa_type=Text)
    lease_until: datetime = moment()
