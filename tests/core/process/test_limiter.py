"""Counting: at once in memory, together through Redis, and alone where Redis is away or was lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from core.process import limiter as module
from core.process.limiter import BREAK, Limiter, TooMany
from core.process.limits import Limit, parse_limits

THREE = Limit("three", 3, 60, "address")
NOBODY = "redis://127.0.0.1:1/0"


class Clock:
    """Seconds that pass when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def run(url: str, work: Callable[["Redis"], Awaitable[Any]]) -> Any:
    async def live() -> Any:
        async with Redis.from_url(url, socket_connect_timeout=0.5) as redis:
            return await work(redis)

    return asyncio.run(live())


@contextmanager
def refused(seconds: int, *, first: bool = True) -> Iterator[None]:
    with pytest.raises(TooMany) as refusal:
        yield
    assert (refusal.value.seconds, refusal.value.first) == (seconds, first)


def test_one_try_too_many_is_told_once_and_when_to_come_back(redis_url: str, clock: Clock) -> None:
    async def work(redis: Redis) -> None:
        limiter = Limiter(redis, clock=clock)
        for _ in range(3):
            limiter.admit(THREE, "ann")
        clock.now += 10.5
        with refused(50):
            limiter.admit(THREE, "ann")
        with refused(50, first=False):
            limiter.admit(THREE, "ann")
        limiter.admit(THREE, "bob")
        clock.now += 49.5
        limiter.admit(THREE, "ann")
        await limiter.close()

    run(redis_url, work)


def test_processes_learn_of_each_other(redis_url: str) -> None:
    async def work(redis: Redis) -> None:
        first, second = Limiter(redis), Limiter(redis)
        for _ in range(2):
            first.admit(THREE, "ann")
        await first.share()
        second.admit(THREE, "ann")
        await second.share()
        with pytest.raises(TooMany):
            second.admit(THREE, "ann")
        await first.close()
        await second.close()

    run(redis_url, work)


def test_a_weighty_try_asks_the_others_at_once(redis_url: str) -> None:
    async def work(redis: Redis) -> None:
        first, second = Limiter(redis), Limiter(redis)
        for limiter in (first, second, first):
            await limiter.count(THREE, "ann")
        with pytest.raises(TooMany):
            await Limiter(redis).check(THREE, "ann")
        with pytest.raises(TooMany):
            await second.count(THREE, "ann")
        await Limiter(redis).check(THREE, "bob")

    run(redis_url, work)


def test_counts_outlive_the_process_and_end_together(redis_url: str, clock: Clock) -> None:
    async def work(redis: Redis) -> list[int]:
        limiter = Limiter(redis, clock=clock)
        for _ in range(3):
            limiter.admit(THREE, "ann")
        clock.now += 20
        await limiter.close()
        return [await redis.pttl(key) for key in await redis.keys("limit:three:*")]

    (left,) = run(redis_url, work)
    assert 35_000 < left <= 40_000


def test_a_redis_that_was_lost_frees_nobody(redis_url: str) -> None:
    async def work(redis: Redis) -> None:
        limiter = Limiter(redis)
        for _ in range(3):
            await limiter.count(THREE, "ann")
        await redis.flushall()
        with pytest.raises(TooMany):
            await limiter.count(THREE, "ann")

    run(redis_url, work)


def test_without_redis_each_process_counts_alone(clock: Clock) -> None:
    async def work(redis: Redis) -> None:
        limiter = Limiter(redis, clock=clock)
        with capture_logs() as logs:
            for _ in range(3):
                await limiter.count(THREE, "ann")
            for _ in range(3):
                limiter.admit(THREE, "bob")
            await limiter.close()
        for name in ("ann", "bob"):
            with pytest.raises(TooMany):
                await limiter.count(THREE, name)
        # Asked once, and not again for a while: an outage must not make every request wait.
        assert [entry["event"] for entry in logs] == ["limits_count_alone"]

    run(NOBODY, work)


def test_what_was_counted_in_an_outage_is_told_afterwards(redis_url: str, clock: Clock) -> None:
    async def work(redis: Redis) -> None:
        async with Redis.from_url(NOBODY) as nobody:
            limiter = Limiter(nobody, clock=clock)
            await limiter.count(THREE, "ann")
            limiter.admit(THREE, "ann")
            limiter._redis = redis
            await limiter.share()
            assert await redis.keys("limit:*") == []
            clock.now += BREAK
            await limiter.share()
            assert await redis.get("limit:three:ann") == b"2"
            await limiter.close()

    run(redis_url, work)


def test_a_flood_of_clients_is_held_in_bounded_memory(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 100)

    async def work(redis: Redis) -> tuple[int, int]:
        limiter = Limiter(redis)
        for number in range(1000):
            limiter.admit(THREE, str(number))
        sizes = len(limiter._windows), len(limiter._unshared)
        await limiter.close()
        return sizes

    assert run(redis_url, work) == (100, 100)


def test_a_setting_moves_a_limit_or_takes_it_away(redis_url: str) -> None:
    changed = {"three": Limit("three", 0, 60, "address")}

    async def work(redis: Redis) -> None:
        limiter = Limiter(redis, changed)
        for _ in range(10):
            limiter.admit(THREE, "ann")
            await limiter.count(THREE, "ann")
            await limiter.check(THREE, "ann")
        assert await redis.keys("limit:*") == []

    run(redis_url, work)
    assert parse_limits("message=1/60")["message"].most == 1


def test_whom_a_class_does_not_mean_begins_anew(redis_url: str) -> None:
    async def work(redis: Redis) -> None:
        limiter = Limiter(redis)
        for _ in range(3):
            limiter.admit(THREE, "ann")
        limiter.forget(THREE, "ann")
        limiter.admit(THREE, "ann")
        await limiter.close()

    run(redis_url, work)


def test_counts_are_shared_by_themselves(redis_url: str) -> None:
    async def work(redis: Redis) -> None:
        limiter = Limiter(redis)
        limiter.admit(THREE, "ann")
        assert limiter._sharing is not None
        await limiter._sharing
        assert await redis.get("limit:three:ann") == b"1"
        await limiter.close()

    run(redis_url, work)
