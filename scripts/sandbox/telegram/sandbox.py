"""The sandbox: a small Telegram on loopback, driven by methods.

with Sandbox() as sandbox:
    bot = sandbox.add_bot("123:token", "shop_bot")
    ann = sandbox.person("Ann", language="fr")
    ...  # a client opened with TELEGRAM_SANDBOX=sandbox.address
    ann.says("/start")
    ann.wait_for("Bienvenue")
"""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self

from scripts.sandbox.telegram import (
    channel_methods,
    control,
    people,
    rpc_account,
    rpc_bots,
    rpc_channels,
    rpc_invites,
    rpc_messages,
    rpc_payments,
    subscriptions,
)
from scripts.sandbox.telegram.faults_driver import FaultsDriver
from scripts.sandbox.telegram.handshake import FINGERPRINT, MODULUS
from scripts.sandbox.telegram.registry import dispatch
from scripts.sandbox.telegram.verbs import perform
from scripts.sandbox.telegram.wire import Wire
from scripts.sandbox.telegram.world import World

PARTS = (
    control,
    people,
    channel_methods,
    rpc_account,
    rpc_bots,
    rpc_channels,
    rpc_invites,
    rpc_messages,
    rpc_payments,
    subscriptions,
)
"""Imported for what they register."""


class Server:
    """The sandbox's state and its socket, on the running event loop."""

    def __init__(self, state_path: Path | None) -> None:
        self.wire = Wire(state_path)
        self.world = World(self.wire)
        self.wire.dispatch = lambda link, query: dispatch(self.world, link, query)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.wire.port}:{FINGERPRINT}:{MODULUS:x}"

    async def perform(self, name: str, arguments: dict[str, Any]) -> Any:
        return await perform(self.world, name, arguments)


class Sandbox(FaultsDriver):
    """A sandbox in a thread of this process. `state_path` keeps auth keys for the next process."""

    def __init__(self, port: int = 0, state_path: Path | None = None) -> None:
        self._port = port
        self._server = Server(state_path)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox-telegram", daemon=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def start(self) -> Self:
        self._thread.start()
        self._run(self._server.wire.start(self._port))
        return self

    def stop(self) -> None:
        """Close everything and end the thread."""
        self._run(self._server.wire.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        return self._server.address

    def call(self, name: str, /, **arguments: Any) -> Any:
        return self._run(self._server.perform(name, arguments))
