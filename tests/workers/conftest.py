"""The parts that workers reach: an S3 server, a loopback Telegram."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyrogram import types

from core.process.settings import Settings
from scripts.bench.stored_file import store_file
from scripts.embedded.store import Store
from scripts.sandbox.telegram.driver import BotHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.stored import StoredFile, reaching
from tests.support.telegram_clients import TOKEN, ClientLoop, make_settings
from workers.store import S3Store


@pytest.fixture
def store_settings(settings: Callable[..., Settings], store: Store) -> Callable[..., Settings]:
    """Settings that reach the S3 server."""

    def make(**changes: Any) -> Settings:
        return settings(
            s3_endpoint=store.url,
            s3_bucket=store.bucket,
            s3_region=store.region,
            s3_access_key=store.keys.access,
            s3_secret_key=store.keys.secret,
            **changes,
        )

    return make


@pytest.fixture
def s3(store_settings: Callable[..., Settings]) -> S3Store:
    """The adapter."""
    return S3Store(store_settings())


@pytest.fixture(scope="session")
def large(store: Store) -> StoredFile:
    """A file in the store that is larger than any process of ours may grow."""
    file = StoredFile("uploads/1/large/film.mp4", 64 << 20)
    store_file(reaching(store), file.key, file.size, "video/mp4")
    return file


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
    def make(**changes: object) -> Settings:
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
            | changes
        )

    return make


@pytest.fixture
def ann(sandbox: Sandbox) -> Person:
    """A person who has written to the bot."""
    person = sandbox.person("Ann", language="fr", username="ann")
    person.says("/start")
    return person


@pytest.fixture
def bot(sandbox: Sandbox) -> BotHandle:
    """The shop's bot."""
    return sandbox.add_bot(TOKEN, "shop_bot")


@pytest.fixture
def cashier(sandbox: Sandbox, bot: BotHandle) -> Iterator[Callable[..., str]]:
    """Makes invoice links of a session that agrees to all payments; of a period, or once."""
    loop = ClientLoop()

    def require_confirmation(client: Any) -> None:
        @client.on_pre_checkout_query()  # type: ignore[untyped-decorator]
        async def check(_: Any, query: Any) -> None:
            await query.answer(True)

    client = loop.start(make_settings(sandbox), prepare=require_confirmation)

    def invoice(period: int | None, payload: str = "plan-1", stars: int = 50) -> str:
        export, price = client.create_invoice_link, [types.LabeledPrice("total", stars)]
        link = loop.run(export, "Club", "A", payload, "XTR", price, subscription_period=period)
        return str(link)

    yield invoice
    loop.close()
