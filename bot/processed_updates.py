"""Which messages were answered already, by Redis: Telegram sends messages again, after a crash, and when a
connection comes back both by itself and when it is asked what was missed.

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


KEPT = 100
"""Answered messages that are remembered of each chat: more than a person may write in the time."""


class ProcessedUpdates:
    """The last messages of each chat that were answered, by date and Telegram's id.

    Each by itself: one that was missed may come after a later one.
    """

    def __init__(self, redis: Redis):
        self._redis = redis

    async def has(self, chat_id: int, sent_at: datetime, message_id: int) -> bool:
        """Whether a message was answered; no, while Redis cannot say."""
        try:
            found = await self._redis.zscore(_key(chat_id), _name(sent_at, message_id))
        except RedisError as error:
            log.warning("heard_unavailable", error=str(error))
            return False
        return found is not None

    async def keep(self, chat_id: int, sent_at: datetime, message_id: int) -> None:
        """A message has been answered."""
        key = _key(chat_id)
        try:
            async with self._redis.pipeline(transaction=False) as together:
                together.zadd(key, {_name(sent_at, message_id): sent_at.timestamp()})
                together.zremrangebyrank(key, 0, -KEPT - 1)
                together.expire(key, LIFE)
                await together.execute()
        except RedisError as error:
            log.warning("heard_unavailable", error=str(error))


def _name(sent_at: datetime, message_id: int) -> str:
    return f"{sent_at.timestamp():.0f}:{message_id}"


def _key(chat_id: int) -> str:
    return f"{redis_keys.PROCESSED}{chat_id}"
