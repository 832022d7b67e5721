"""Actors with everything they work with: PostgreSQL, Redis, the S3 server, a loopback Telegram."""

from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import UUID

import pytest
import redis
from sqlmodel import Session, col, func, select

from core.jobs.ledger import enqueue
from core.kit.db import Database
from core.process.settings import Settings
from schemas.contracts import JobContract
from schemas.jobs import CONTRACTS
from schemas.queue import Job
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from workers.actors import delivery, imports, links, members, notices, pictures, presign, preview, rosters
from workers.registry import registry
from workers.runtime.runner import Runner
from workers.services import Services
from workers.store import S3Store
from workers.telegram.messenger import TelegramMessenger

PUBLIC = "https://shop.example"
REGISTERED = (delivery, imports, links, members, notices, pictures, presign, preview, rosters)
"""Imported for what they register."""


class Worker:
    """Does jobs one at a time, in the test's own process."""

    def __init__(self, services: Services, sandbox: Sandbox) -> None:
        self.services = services
        self.database = services.database
        self.sandbox = sandbox
        self._runner = Runner(services, "test:1")

    def do(self, job: JobContract) -> Job:
        """Enqueue a job, do it, and return its row."""
        with self.database.transaction() as session:
            job_id = enqueue(session, job)
        return self.perform(job_id)

    def perform(self, job_id: UUID) -> Job:
        """Do a job of the ledger, if it may be claimed."""
        contract = CONTRACTS[self.job(job_id).actor]
        self._runner.perform(contract, registry.actors[contract], job_id)
        return self.job(job_id)

    def do_all(self, *actors: str) -> list[Job]:
        """Do all due jobs of these actors, and those that come of them."""
        done: list[Job] = []
        while (job_id := self._next(actors)) is not None:
            done.append(self.perform(job_id))
        return done

    def job(self, job_id: UUID) -> Job:
        """The row as it is now."""
        with Session(self.database.engine) as session:
            return session.exec(select(Job).where(Job.id == job_id)).one()

    def row(self, table: type[Any], identity: object) -> Any:
        """Any row as it is now."""
        with Session(self.database.engine) as session:
            found = session.get(table, identity)
            assert found is not None
            return found

    def _next(self, actors: tuple[str, ...]) -> UUID | None:
        with Session(self.database.engine) as session:
            due = select(Job.id).where(
                Job.state == "queued", col(Job.due_at) <= func.now(), col(Job.actor).in_(actors)
            )
            return session.exec(due.order_by(col(Job.created_at)).limit(1)).first()


@pytest.fixture
def hand_settings(
    store_settings: Callable[..., Settings],
    telegram_settings: Callable[..., Settings],
    database_url: str,
    redis_url: str,
) -> Callable[..., Settings]:
    """Settings with every part in them."""

    def make_settings(**given: Any) -> Settings:
        parts = store_settings()
        return telegram_settings(
            **{
                "database_url": database_url,
                "redis_url": redis_url,
                "link_secret": make.SECRET,
                "public_url": PUBLIC,
                "s3_endpoint": parts.s3_endpoint,
                "s3_bucket": parts.s3_bucket,
                "s3_region": parts.s3_region,
                "s3_access_key": parts.s3_access_key,
                "s3_secret_key": parts.s3_secret_key,
            }
            | given
        )

    return make_settings


@pytest.fixture
def make_hands(hand_settings: Callable[..., Settings], sandbox: Sandbox) -> Iterator[Callable[..., Worker]]:
    """Hands with the settings that the test names."""
    made: list[Worker] = []

    def build(**given: Any) -> Worker:
        settings = hand_settings(**given)
        database = Database(settings.database_url)
        client: redis.Redis = redis.Redis.from_url(settings.redis_url)
        messenger = TelegramMessenger(settings, database, client)
        # No job of these asks a payment provider.
        provider = cast(Any, None)
        hands = Worker(Services(settings, database, client, S3Store(settings), messenger, provider), sandbox)
        made.append(hands)
        return hands

    yield build
    for hands in made:
        cast(TelegramMessenger, hands.services.messenger).close()
        hands.services.redis.close()
        hands.database.dispose()


@pytest.fixture
def hands(make_hands: Callable[..., Worker]) -> Worker:
    """Hands of a shop with a web address."""
    return make_hands()
