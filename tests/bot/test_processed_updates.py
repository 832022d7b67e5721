"""Messages that Telegram brings again after a crash."""

import asyncio
from datetime import timedelta

from redis.asyncio import Redis

from bot.processed_updates import ProcessedUpdates
from tests.support import make

CHAT, OTHER = 7, 8


def test_a_message_is_known_once_it_or_a_later_one_of_its_chat_was_answered(redis_url: str) -> None:
    async def check() -> None:
        async with Redis.from_url(redis_url) as redis:
            processed, sent_at = ProcessedUpdates(redis), make.NOW
            assert not await processed.has(CHAT, sent_at, 5)
            await processed.keep(CHAT, sent_at, 5)
            assert await processed.has(CHAT, sent_at, 5)
            assert await processed.has(CHAT, sent_at - timedelta(seconds=9), 4)
            assert not await processed.has(CHAT, sent_at, 6)
            assert not await processed.has(CHAT, sent_at + timedelta(seconds=9), 7)
            assert not await processed.has(OTHER, sent_at, 5)

    asyncio.run(check())


def test_without_redis_every_message_is_answered() -> None:
    async def check() -> None:
        async with Redis.from_url("redis://127.0.0.1:1") as redis:
            processed = ProcessedUpdates(redis)
            await processed.keep(CHAT, make.NOW, 5)
            assert not await processed.has(CHAT, make.NOW, 5)

    asyncio.run(check())
