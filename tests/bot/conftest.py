"""The bot at work, for tests that talk to it as people do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from core.kit.db import Database
from core.process.settings import Settings
from schemas.catalogue import Product
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.month_simulation import Clock, MonthSimulation, Simulate, simulate_month
from tests.support.shop_bot import ShopBot, running_bot
from tests.support.telegram_clients import TOKEN
from tests.support.waiting import wait_until


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running
        assert running.counts["bugs"] == []


@pytest.fixture
def bot_settings(
    settings: Callable[..., Settings], sandbox: Sandbox, database_url: str, redis_url: str
) -> Callable[..., Settings]:
    """Make the settings of a bot in the sandbox."""

    def make(**changes: Any) -> Settings:
        defaults = {
            "database_url": database_url,
            "redis_url": redis_url,
            "bot_token": TOKEN,
            "bot_username": "shop_bot",
            "telegram_api_id": 1,
            "telegram_api_hash": "test",
            "telegram_sandbox": sandbox.address,
            "public_url": "https://shop.example",
            "limits": "message=off;step=off",  # people of a test type as fast as a machine
        }
        return settings(**(defaults | changes))

    return make


@pytest.fixture
def start_bot(
    bot_settings: Callable[..., Settings], sandbox: Sandbox, database: Database
) -> Iterator[Callable[..., ShopBot]]:
    """Start the bot with settings of the test's choice."""
    with ExitStack() as bots:

        def start(**changes: Any) -> ShopBot:
            shop = ShopBot(sandbox, database)
            bots.enter_context(running_bot(bot_settings(**changes), database))
            wait_until(shop.is_ready, 60, "the bot did not start")
            return shop

        yield start


@pytest.fixture
def shop(start_bot: Callable[..., ShopBot]) -> ShopBot:
    """The bot with its usual settings."""
    return start_bot()


@pytest.fixture
def item(shop: ShopBot) -> Product:
    """A product on sale."""
    return shop.do(lambda session: make.product(session))


@pytest.fixture
def simulate(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    start_bot: Callable[..., ShopBot],
    bot_settings: Callable[..., Settings],
) -> Iterator[Simulate]:
    """Start a month with a plan of the terms that the test names; the bot stops before its folder goes.

    `more`: what its worker is set to besides.
    """
    with ExitStack() as simulations:
        clock = Clock(monkeypatch)
        usual: dict[str, Any] = {"session_dir": tmp_path, "telegram_rate": 1000, "telegram_chat_rate": 1000}

        def start(more: Mapping[str, Any] | None = None, **terms: Any) -> MonthSimulation:
            workers = bot_settings(**usual, **(more or {}))
            return simulations.enter_context(simulate_month(start_bot(**usual), workers, clock, **terms))

        yield start
