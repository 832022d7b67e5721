"""A limit on guessing links: wrong start tokens are counted for each person, in Redis (C41)."""

from redis.asyncio import Redis

LIMIT = 20
"""Wrong tokens in one hour. A person with a link of their own opens it a few times at most."""
WINDOW = 3600  # seconds


class TokenGuessLimit:
    """Counts each person's wrong tokens; beyond 20 in an hour they are stopped."""

    def __init__(self, redis: Redis):
        self._redis = redis

    async def is_reached(self, telegram_id: int) -> bool:
        """Whether this person has been wrong too often to be listened to."""
        return int(await self._redis.get(_key(telegram_id)) or 0) >= LIMIT

    async def count_wrong(self, telegram_id: int) -> bool:
        """Count a wrong token; whether it is the one that stops the person."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.set(_key(telegram_id), 0, ex=WINDOW, nx=True)  # the hour runs from the first
            pipeline.incr(_key(telegram_id))
            count = int((await pipeline.execute())[1])
        if count == LIMIT:  # and anew from the stop
            await self._redis.expire(_key(telegram_id), WINDOW)
        return count == LIMIT


def _key(telegram_id: int) -> str:
    return f"guesses:{telegram_id}"
