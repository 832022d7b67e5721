"""The bot says every few seconds that it lives and what failed, so that one that hangs is seen.

It beats from the event loop that serves people, so a loop that is held up does not beat.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.request import AppContext
from core.monitoring.bot_beat import beat, end
from core.monitoring.memory import proportional_bytes
from schemas.base import utc_now

PERIOD = 10.0  # seconds

log = structlog.get_logger(__name__)


@dataclass
class Heartbeat:
    """Beats while the bot serves."""

    app: AppContext
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._task = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """The bot stops by itself: nobody is to be alarmed. Without `start`, nothing happens."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        try:
            await self.app.run(end)
        except SQLAlchemyError as error:
            log.warning("beat_not_written", error=type(error).__name__)

    async def _beat(self) -> None:
        started = utc_now()
        while True:
            meter = self.app.meter
            beat_now = partial(
                beat,
                started_at=started,
                served=meter.served,
                failed=meter.failed,
                memory=proportional_bytes(),
                now=utc_now(),
            )
            try:
                await self.app.run(beat_now)
            except SQLAlchemyError as error:
                log.warning("beat_not_written", error=type(error).__name__)
            await asyncio.sleep(PERIOD)
