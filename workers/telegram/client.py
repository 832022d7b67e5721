"""The one Telegram client of a worker process, on an event loop thread of its own.

It starts at its first use, so after the fork, with the session file of a leased slot. A client is not
thread-safe: every call is carried to its loop, with a deadline.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from core.kit.db import Database
from core.kit.errors import ComptoirError, RetryAfter
from core.process.settings import Settings
from core.telegram.client import TelegramClient, open_client
from workers.instrumentation import SILENT, Meter
from workers.telegram.replies import OutcomeUnknown, SessionLost, telegram_errors
from workers.telegram.slots import LEASE, lease_slot, own_name, release_slot, renew_slot

T = TypeVar("T")
Work = Callable[[TelegramClient], Awaitable[T]]
LOGIN = 20.0
RENEWAL = LEASE.total_seconds() / 4
SILENT_CALLS = 3  # deadlines in a row after which the connection is made anew

log = logging.getLogger(__name__)


class Connection:
    """The connection to Telegram, which any thread of this process may call."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        meter: Meter = SILENT,
        *,
        renewal: float = RENEWAL,
    ) -> None:
        settings.require("bot_token", "telegram_api_id", "telegram_api_hash")
        self._settings = settings
        self._database = database
        self._meter = meter
        self._renewal = renewal
        self._owner = own_name()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: TelegramClient | None = None
        self._opening: asyncio.Task[TelegramClient] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._slot = ""
        self._login_after = 0.0
        self._silent = 0

    def call(self, work: Work[T], seconds: float) -> T:
        """Do `work` with the started client within `seconds`; the first call may take a login longer.

        Raises `RetryAfter`, `Unreachable`, `Permanent`; anything else may be tried again.
        """
        future = asyncio.run_coroutine_threadsafe(self._call(work, seconds), self._running_loop())
        try:
            return future.result(LOGIN + seconds + 1)
        except BaseException:
            future.cancel()
            raise

    def open_soon(self) -> None:
        """Begin to log in, so that the first message need not wait; it gets the error if there is one."""
        asyncio.run_coroutine_threadsafe(self._opened(), self._running_loop())

    def close(self) -> None:
        """Stop the client and its thread, and free the slot."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._shut(), loop).result(LOGIN)
            loop.call_soon_threadsafe(loop.stop)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run_loop, args=(self._loop,), name="telegram", daemon=True).start()
            return self._loop

    async def _call(self, work: Work[T], seconds: float) -> T:
        client = await self._opened()
        try:
            with telegram_errors():
                async with asyncio.timeout(seconds):
                    result = await work(client)
        except OutcomeUnknown:
            self._meter.telegram("unknown")
            self._silent += 1
            if self._silent >= SILENT_CALLS and client is self._client:
                log.warning("Telegram was silent %s times; connecting anew", self._silent)
                await self._discard()
            raise
        except RetryAfter as error:
            self._meter.telegram("flood_wait", error.seconds)
            raise
        except SessionLost:
            self._meter.telegram("refused")
            if client is self._client:
                await self._discard(forget=True)
            raise
        except ComptoirError:
            self._meter.telegram("refused")
            raise
        self._meter.telegram("ok")
        self._silent = 0
        return result

    async def _opened(self) -> TelegramClient:
        if self._client is not None:
            return self._client
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(self._opening_ended)
        # One caller's deadline must not cut a login that others wait for too.
        return await asyncio.shield(self._opening)

    def _opening_ended(self, opening: "asyncio.Task[TelegramClient]") -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # seen here, whoever still waits gets it too

    async def _open(self) -> TelegramClient:
        if (wait := self._login_after - time.monotonic()) > 0:
            raise RetryAfter(wait, "Telegram asked for a pause before the next login")
        self._slot = await asyncio.to_thread(self._lease)
        client = open_client(self._settings, self._slot, receive_updates=False)
        try:
            with telegram_errors():
                async with asyncio.timeout(LOGIN):
                    await client.start()
        except BaseException as error:
            if isinstance(error, RetryAfter):
                self._login_after = time.monotonic() + error.seconds
            await self._end(client, forget=isinstance(error, SessionLost))
            raise
        self._client, self._silent = client, 0
        self._keeper = asyncio.ensure_future(self._keep_slot())
        log.info("Connected to Telegram as session %s", self._slot)
        return client

    async def _shut(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait([self._opening])
        await self._discard()

    async def _discard(self, *, forget: bool = False) -> None:
        """Let go of client and slot; the next call opens anew. `forget`: the session file is worthless."""
        client, self._client = self._client, None
        keeper, self._keeper = self._keeper, None
        if keeper is not None and keeper is not asyncio.current_task():
            keeper.cancel()
        if client is not None:
            await self._end(client, forget=forget)

    async def _end(self, client: TelegramClient, *, forget: bool) -> None:
        slot, self._slot = self._slot, ""
        try:
            async with asyncio.timeout(5):
                if client.is_initialized:
                    await client.stop()
                elif client.is_connected:
                    await client.disconnect()
        except (ConnectionError, OSError, TimeoutError) as error:
            log.warning("The Telegram client did not stop cleanly (%s)", error)
        client.executor.shutdown(wait=False)
        if forget and self._settings.session_dir is not None:
            Path(self._settings.session_dir, f"{slot}.session").unlink(missing_ok=True)
        await asyncio.to_thread(self._release, slot)

    async def _keep_slot(self) -> None:
        """Renew the lease until it is lost; then the session is somebody else's and we let go of it."""
        renewed_at = time.monotonic()
        while time.monotonic() - renewed_at < LEASE.total_seconds() - self._renewal:
            await asyncio.sleep(self._renewal)
            try:
                if not await asyncio.to_thread(self._renew):
                    break
            except Exception as error:  # noqa: BLE001 - PostgreSQL may be away for a while
                log.warning("The Telegram slot %s was not renewed (%s)", self._slot, error)
            else:
                renewed_at = time.monotonic()
        log.warning("The Telegram slot %s is lost; another is taken at the next message", self._slot)
        await self._discard()

    def _lease(self) -> str:
        with self._database.transaction() as session:
            return lease_slot(session, self._owner)

    def _renew(self) -> bool:
        with self._database.transaction() as session:
            return renew_slot(session, self._slot, self._owner)

    def _release(self, slot: str) -> None:
        try:
            with self._database.transaction() as session:
                release_slot(session, slot, self._owner)
        except Exception as error:  # noqa: BLE001 - its lease ends by itself
            log.warning("The Telegram slot %s was not released (%s)", slot, error)


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()
