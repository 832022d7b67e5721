"""The messenger alone."""

from collections.abc import Callable, Iterator

import pytest
import redis

from core.kit.db import Database
from core.process.settings import Settings
from workers.telegram.messenger import TelegramMessenger


@pytest.fixture
def redis_client(redis_url: str) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def messenger(
    telegram_settings: Callable[..., Settings], database: Database, redis_client: "redis.Redis"
) -> Iterator[TelegramMessenger]:
    messenger = TelegramMessenger(telegram_settings(), database, redis_client)
    yield messenger
    messenger.close()
