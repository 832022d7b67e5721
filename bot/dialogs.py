"""What the bot waits for from a person, in Redis for a quarter of an hour.

Losing it costs one repeated question, so it is not worth a table.
"""

from typing import Any

import msgspec
from redis.asyncio import Redis

LIFE = 900
"""Seconds that the bot waits for an answer."""


class Dialog(msgspec.Struct, frozen=True):
    """A question that was asked: which handler takes the answer, and what was said so far."""

    step: str
    facts: dict[str, Any] = {}


class Dialogs:
    """One open question per person."""

    def __init__(self, redis: Redis):
        self._redis = redis

    async def open(self, telegram_id: int, step: str, **facts: Any) -> None:
        """Wait for an answer to `step`; forgets an earlier question."""
        await self._redis.set(_key(telegram_id), msgspec.json.encode(Dialog(step, facts)), ex=LIFE)

    async def current(self, telegram_id: int) -> Dialog | None:
        """The question that is open, None when there is none or it was too long ago."""
        raw = await self._redis.get(_key(telegram_id))
        return None if raw is None else msgspec.json.decode(raw, type=Dialog)

    async def close(self, telegram_id: int) -> bool:
        """Forget the question; whether one was open."""
        return bool(await self._redis.delete(_key(telegram_id)))


def _key(telegram_id: int) -> str:
    return f"dialog:{telegram_id}"
