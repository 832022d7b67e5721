"""Jobs that only these tests have, and a worker inside the test's process that does them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, cast
from uuid import UUID

import redis
from sqlmodel import Session, select

from core.jobs.push import Pusher
from core.kit.db import Database
from core.kit.redis_client import open_redis
from core.process.settings import Settings
from schemas.contracts import PICTURES, EphemeralContract, JobContract, Queue, RetryPolicy
from schemas.queue import Job, JobAttempt
from workers.instrumentation import SILENT
from workers.registry import Registry
from workers.runtime.child import Child
from workers.runtime.groups import Group, Pool
from workers.services import REDIS_TIMEOUT, Services

GROUP = Group("test", (Pool(("bulk", "interactive"), threads=4, prefetch=16),))


class Work(JobContract, frozen=True):
    """Whatever a test makes of it; fails fast."""

    actor: ClassVar[str] = "work"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = RetryPolicy(failures=3, first=0.05, longest=0.1)

    number: int = 0


class Brief(JobContract, frozen=True):
    """A job that may take half a second."""

    actor: ClassVar[str] = "brief"
    queue: ClassVar[Queue] = "bulk"
    time_limit: ClassVar[float] = 0.5
    retry: ClassVar[RetryPolicy] = RetryPolicy(failures=1)


class Question(EphemeralContract, frozen=True):
    """A question with a number in it."""

    actor: ClassVar[str] = "question"
    queue: ClassVar[Queue] = "interactive"

    number: int = 0


class Picture(EphemeralContract, frozen=True):
    """A question that may wait while there are others."""

    actor: ClassVar[str] = "picture"
    queue: ClassVar[Queue] = PICTURES

    number: int = 0


class Shop:
    """A database, a Redis, and workers on them in this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.pusher = Pusher(settings.redis_url)
        self.database.after_commit = self.pusher.flush
        self.redis: redis.Redis = open_redis(settings.redis_url, timeout=REDIS_TIMEOUT, retries=2)
        self.registry = Registry()
        self.meter = SILENT

    def services(self) -> Services:
        """What actors get; no test here uses the ports."""
        database = Database(self.settings.database_url)
        port = cast(Any, None)
        return Services(self.settings, database, self.redis, port, port, port, self.meter)

    @contextmanager
    def worker(self, group: Group = GROUP, **options: Any) -> Iterator[Child]:
        """A child that works in this process."""
        services = self.services()
        child = Child(group, services, self.registry, **({"schedules": ()} | options))
        child.start()
        try:
            yield child
        finally:
            child.stop()
            services.database.dispose()

    def job(self, job_id: UUID) -> Job:
        """The row as it is now."""
        with Session(self.database.engine) as session:
            return session.exec(select(Job).where(Job.id == job_id)).one()

    def attempts(self, job_id: UUID) -> list[JobAttempt]:
        """The attempts that did not end in done."""
        with Session(self.database.engine) as session:
            return list(session.exec(select(JobAttempt).where(JobAttempt.job_id == job_id)))

    def states(self) -> dict[str, int]:
        """How many jobs are in each state."""
        with Session(self.database.engine) as session:
            states = [job.state for job in session.exec(select(Job))]
        return {state: states.count(state) for state in set(states)}

    def close(self) -> None:
        """Close all connections."""
        self.pusher.close()
        self.redis.close()
        self.database.dispose()
