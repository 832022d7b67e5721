"""Work that outlives its handler, and retries while the database is away: Telegram says things only once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 20, *[30] * 40)
"""Seconds between attempts: 20 minutes in all, longer than a database restart takes."""

log = structlog.get_logger(__name__)


async def keep_trying(work: Callable[[], Awaitable[T]], failure: str, **facts: object) -> T | None:
    """Try `work` until it succeeds and return what it gives; None when it never did in 20 minutes.

    Each failure is logged under the name `failure`, with `facts`.
    """
    for pause in (*PAUSES, None):
        try:
            return await work()
        except Exception:
            log.exception(failure, **facts)
            if pause is not None:
                await asyncio.sleep(pause)
    return None


class BackgroundTasks:
    """Work that runs beside the handlers: a handler that waits would keep others waiting."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a piece of work; it is kept alive until it ends."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, timeout: float) -> None:
        """Give what runs `timeout` seconds to finish, at the end of the process."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout)
