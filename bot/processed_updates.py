"""Which messages were answered already, by Redis: after a crash Telegram sends messages again.

An answer to a question of ours would then be taken for the answer to a later one. Losing this costs an answer
that nobody sees (`core.telegram.client.answer_identity`), so it is not worth a table.
"""

from datetime import datetime

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.process import redis_keys

LIFE = 86_400
"""Seconds that a bot may be down for and still know."""

log = structlog.get_logger(__name__)


class ProcessedUpdates:
    """The last message of each chat that was answered, by its date and Telegram's id, which only rise."""

    def __init__(self, redis: Redis):
        self._redis = redis

    async def has(self, chat_id: int, sent_at: datetime, message_id: int) -> bool:
        """Whether a message was answered; no, while Redis cannot say."""
        try:
            last = await self._redis.get(_key(chat_id))
        except RedisError as error:
            log.warning("heard_unavailable", error=str(error))
            return False
        return last is not None and _place(sent_at, message_id) <= tuple(map(int, last.split()))

    async def keep(self, chat_id: int, sent_at: datetime, message_id: int) -> None:
        """A message has been answered."""
        date, number = _place(sent_at, message_id)
        try:
            await self._redis.set(_key(chat_id), f"{date} {number}", ex=LIFE)
        except RedisError as error:
            log.warning("heard_unavailable", error=str(error))


def _place(sent_at: datetime, message_id: int) -> tuple[int, int]:
    return int(sent_at.timestamp()), message_id


def _key(chat_id: int) -> str:
    return f"{redis_keys.PROCESSED}{chat_id}"
