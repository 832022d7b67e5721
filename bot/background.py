"""Writing down what Telegram says only once: a database that is away is waited for."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 20, *[30] * 40)
"""Seconds between attempts: 20 minutes in all, longer than a database restart takes."""

log = structlog.get_logger(__name__)


async def insist(work: Callable[[], Awaitable[T]], failure: str, **facts: object) -> T | None:
    """What `work` gives, tried until it succeeds; None when it never did. Failures are logged by name."""
    for pause in (*PAUSES, None):
        try:
            return await work()
        except Exception:
            log.exception(failure, **facts)
            if pause is not None:
                await asyncio.sleep(pause)
    return None


class Tasks:
    """Work beside the handlers: a handler that waits would keep others waiting."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it now."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, timeout: float) -> None:
        """Give what runs `timeout` seconds to finish, at the end of the process."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout)
