"""The question that the bot has put to a person and waits to have answered, in Redis for 15 minutes.

Losing it costs one repeated question, so it is not worth a table.
"""

from typing import Any

import msgspec
from redis.asyncio import Redis

from core.process import redis_keys

LIFE = 900
"""Seconds that the bot waits for an answer."""


class Dialog(msgspec.Struct, frozen=True):
    """An open question: `step` names the handler that takes the answer, `facts` are the answers so far."""

    step: str
    facts: dict[str, Any] = {}


class Dialogs:
    """The open questions, one a person."""

    def __init__(self, redis: Redis):
        self._redis = redis

    async def open(self, telegram_id: int, step: str, **facts: Any) -> None:
        """Wait for an answer to `step`; forgets an earlier question."""
        await self.put(telegram_id, Dialog(step, facts))

    async def put(self, telegram_id: int, dialog: Dialog) -> None:
        """Make this the open question; forgets an earlier one."""
        await self._redis.set(_key(telegram_id), msgspec.json.encode(dialog), ex=LIFE)

    async def current(self, telegram_id: int) -> Dialog | None:
        """The open question; None when there is none or it was too long ago."""
        raw = await self._redis.get(_key(telegram_id))
        return None if raw is None else msgspec.json.decode(raw, type=Dialog)

    async def close(self, telegram_id: int) -> bool:
        """Forget the question; whether one was open."""
        return bool(await self._redis.delete(_key(telegram_id)))


def _key(telegram_id: int) -> str:
    return f"{redis_keys.DIALOG}{telegram_id}"
