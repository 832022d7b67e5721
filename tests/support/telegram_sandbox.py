"""Fixtures: a sandbox of Telegram, and a stock client that is logged in to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.telegram.client import TelegramClient
from scripts.sandbox.telegram.driver import BotHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import TOKEN, ClientLoop, Run, make_settings

__all__ = ["ann", "bot", "client", "clients", "run", "sandbox"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running
        assert running.counts["bugs"] == []


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[ClientLoop]:
    """Clients that end before the folder with their sessions does."""
    loop = ClientLoop()
    yield loop
    loop.close()


@pytest.fixture
def bot(sandbox: Sandbox) -> BotHandle:
    return sandbox.add_bot(TOKEN, "shop_bot")


@pytest.fixture
def client(sandbox: Sandbox, bot: BotHandle, clients: ClientLoop) -> TelegramClient:
    return clients.start(make_settings(sandbox))


@pytest.fixture
def ann(sandbox: Sandbox, client: TelegramClient) -> Person:
    """A person who has pressed Start."""
    person = sandbox.person("Ann", language="fr", username="ann")
    person.says("/start")
    return person


@pytest.fixture
def run(clients: ClientLoop) -> Run:
    return clients.run
