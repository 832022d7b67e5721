"""Actors with everything they work with: PostgreSQL, Redis, the S3 server, a loopback Telegram."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, cast

import pytest
import redis

from core.kit.db import Database
from core.process.settings import Settings
from scripts.embedded.postgres import AUDIT
from tests.support import make
from tests.support.servers import as_role
from tests.support.worker import PUBLIC, Worker
from workers.services import Services
from workers.store import S3Store
from workers.telegram.messenger import TelegramMessenger


@pytest.fixture
def worker_settings(
    store_settings: Callable[..., Settings],
    telegram_settings: Callable[..., Settings],
    database_url: str,
    redis_url: str,
) -> Callable[..., Settings]:
    """Settings with every part in them."""

    def make_settings(**changes: Any) -> Settings:
        parts = store_settings()
        return telegram_settings(
            **{
                "database_url": database_url,
                "audit_database_url": as_role(database_url, AUDIT),
                "redis_url": redis_url,
                "link_secret": make.SECRET,
                "public_url": PUBLIC,
                "s3_endpoint": parts.s3_endpoint,
                "s3_bucket": parts.s3_bucket,
                "s3_region": parts.s3_region,
                "s3_access_key": parts.s3_access_key,
                "s3_secret_key": parts.s3_secret_key,
            }
            | changes
        )

    return make_settings


@pytest.fixture
def make_worker(worker_settings: Callable[..., Settings]) -> Iterator[Callable[..., Worker]]:
    """Make a worker with the settings that the test names."""
    with ExitStack() as connections:

        def make(**changes: Any) -> Worker:
            settings = worker_settings(**changes)
            database = Database(settings.database_url)
            connections.callback(database.dispose)
            client = connections.enter_context(redis.Redis.from_url(settings.redis_url))
            messenger = TelegramMessenger(settings, database, client)
            connections.callback(messenger.close)
            provider = cast(Any, None)  # no job of these asks a payment provider
            return Worker(Services(settings, database, client, S3Store(settings), messenger, provider))

        yield make


@pytest.fixture
def worker(make_worker: Callable[..., Worker]) -> Worker:
    """A worker of a shop with a web address."""
    return make_worker()
