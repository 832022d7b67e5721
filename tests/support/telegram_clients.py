"""Stock Telegram clients on an event loop of their own, so that tests themselves stay synchronous."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.process.settings import Settings
from core.telegram.client import TelegramClient, open_client
from scripts.sandbox.telegram.driver import Driver

TOKEN = "4242:test-token"
MONTH = 2_592_000  # seconds, the only period of Stars subscriptions

Run = Callable[..., Any]


class ClientLoop:
    """Clients live on this loop; `run` waits for a coroutine on it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.clients: list[TelegramClient] = []

    def run(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a client's method on the loop. Called elsewhere, it would run on the loop of that thread."""

        async def call() -> Any:
            return await method(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(30)

    def start(
        self,
        settings: Settings,
        name: str = "bot",
        *,
        receive_updates: bool = True,
        prepare: Callable[[Any], None] = lambda _: None,
    ) -> TelegramClient:
        async def begin() -> TelegramClient:
            client = open_client(settings, name, receive_updates=receive_updates)
            prepare(client)
            await client.start()
            return client

        client: TelegramClient = self.run(begin)
        self.clients.append(client)
        return client

    def stop(self, client: TelegramClient) -> None:
        self.clients.remove(client)
        self.run(client.stop)
        client.executor.shutdown()

    def close(self) -> None:
        for client in list(self.clients):
            self.stop(client)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def make_settings(sandbox: Driver, session_dir: Path | None = None, **more: Any) -> Settings:
    return Settings(
        **{
            "env": "sandbox",
            "database_url": "postgresql:///unused",
            "redis_url": "redis://127.0.0.1/0",
            "bot_token": TOKEN,
            "telegram_api_id": 1,
            "telegram_api_hash": "test",
            "telegram_sandbox": sandbox.address,
            "session_dir": session_dir,
            **more,
        }
    )
