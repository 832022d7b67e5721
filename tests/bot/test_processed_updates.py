"""Messages that Telegram brings again after a crash."""

import asyncio
from datetime import timedelta

from redis.asyncio import Redis

from bot.processed_updates import KEPT, ProcessedUpdates
from tests.support import make

CHAT, OTHER = 7, 8


def test_a_message_is_known_once_it_was_answered_and_no_earlier_one_with_it(redis_url: str) -> None:
    async def check() -> None:
        async with Redis.from_url(redis_url) as redis:
            processed, sent_at = ProcessedUpdates(redis), make.NOW
            assert not await processed.has(CHAT, sent_at, 5)
            await processed.keep(CHAT, sent_at, 5)
            assert await processed.has(CHAT, sent_at, 5)
            assert not await processed.has(CHAT, sent_at - timedelta(seconds=9), 4)  # it was missed
            assert not await processed.has(CHAT, sent_at, 6)
            assert not await processed.has(OTHER, sent_at, 5)

    asyncio.run(check())


def test_of_each_chat_as_much_is_known_as_a_person_may_write(redis_url: str) -> None:
    async def check() -> None:
        async with Redis.from_url(redis_url) as redis:
            processed = ProcessedUpdates(redis)
            for number in range(KEPT + 5):
                await processed.keep(CHAT, make.NOW + timedelta(seconds=number), number)
            assert not await processed.has(CHAT, make.NOW + timedelta(seconds=4), 4)
            assert await processed.has(CHAT, make.NOW + timedelta(seconds=5), 5)
            assert await processed.has(CHAT, make.NOW + timedelta(seconds=KEPT + 4), KEPT + 4)

    asyncio.run(check())


def test_without_redis_every_message_is_answered() -> None:
    async def check() -> None:
        async with Redis.from_url("redis://127.0.0.1:1") as redis:
            processed = ProcessedUpdates(redis)
            await processed.keep(CHAT, make.NOW, 5)
            assert not await processed.has(CHAT, make.NOW, 5)

    asyncio.run(check())
