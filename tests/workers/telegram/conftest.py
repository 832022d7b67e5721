"""The messenger on a loopback Telegram, with real PostgreSQL and Redis."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from core.db import Database
from core.settings import Settings
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from workers.telegram.messenger import TelegramMessenger

TOKEN = "4242:test-token"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.add_bot(TOKEN, "shop_bot")
        yield running
        assert running.counts["bugs"] == []


@pytest.fixture
def telegram_settings(
    settings: Callable[..., Settings], sandbox: Sandbox, tmp_path: Path
) -> Callable[..., Settings]:
    def make(**given: object) -> Settings:
        return settings(
            **{
                "bot_token": TOKEN,
                "telegram_api_id": 1,
                "telegram_api_hash": "test",
                "telegram_sandbox": sandbox.address,
                "session_dir": tmp_path / "sessions",
                "telegram_rate": 1000,
                "telegram_chat_rate": 1000,
            }
            | given
        )

    return make


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


@pytest.fixture
def ann(sandbox: Sandbox) -> Person:
    """A person who has written to the bot."""
    person = sandbox.person("Ann", language="fr", username="ann")
    person.says("/start")
    return person
