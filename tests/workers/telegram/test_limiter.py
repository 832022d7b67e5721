"""The shared pace. Waits are read from the script itself, so that no test depends on how fast it runs."""

from uuid import UUID, uuid4

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.kit.errors import RetryAfter
from workers.telegram.limiter import LINE, LOOK, LOOKS, PATIENCE, Limiter


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that would have been slept."""
    naps: list[float] = []
    monkeypatch.setattr("workers.telegram.limiter.time.sleep", naps.append)
    return naps


def client(redis_url: str) -> "redis.Redis":
    return redis.Redis.from_url(redis_url)


def test_a_few_messages_go_at_once_and_the_rest_at_the_rate(redis_url: str, naps: list[float]) -> None:
    with client(redis_url) as connection:
        limiter = Limiter(connection, rate=20, chat_rate=1)
        for chat in range(25):
            limiter.wait(chat, uuid4(), "1")

    assert len(naps) == 20  # a burst of five
    assert max(naps) == pytest.approx(1.0, abs=0.2)


def test_what_would_wait_long_comes_back_later(redis_url: str, naps: list[float]) -> None:
    seconds: list[float] = []
    with client(redis_url) as connection:
        limiter = Limiter(connection, rate=4, chat_rate=1)
        for chat in range(12):
            try:
                limiter.wait(chat, uuid4(), "1")
            except RetryAfter as error:
                seconds.append(error.seconds)

    assert len(seconds) >= 4
    assert min(seconds) > PATIENCE >= max(naps)


def test_thousands_of_notices_leave_a_delivery_a_short_line(redis_url: str, naps: list[float]) -> None:
    late: list[float] = []
    with client(redis_url) as connection:
        limiter = Limiter(connection, rate=4, chat_rate=4)
        for chat in range(8):
            try:
                limiter.wait(chat, uuid4(), "1", awaited=False)
            except RetryAfter as error:
                late.append(error.seconds)
        looks = naps.count(LOOK)
        naps.clear()
        limiter.wait(9, uuid4(), "1")

    # They come back after having looked in vain, and hold no place in the line meanwhile.
    assert late
    assert min(late) > LINE
    assert looks >= len(late) * (LOOKS - 1)
    assert max(naps, default=0) <= LINE + 1 / 4


def test_one_chat_gets_one_message_a_second_and_others_do_not_wait_for_it(
    redis_url: str, naps: list[float]
) -> None:
    with client(redis_url) as connection:
        limiter = Limiter(connection, rate=1000, chat_rate=1)
        limiter.wait(1, uuid4(), "1")
        limiter.wait(1, uuid4(), "1")
        limiter.wait(2, uuid4(), "1")

    assert naps == [pytest.approx(1.0, abs=0.2)]


def test_a_long_line_for_one_chat_gives_each_message_a_place_of_its_own(
    redis_url: str, naps: list[float]
) -> None:
    jobs: list[UUID] = [uuid4() for _ in range(50)]
    seconds: list[float] = []
    with client(redis_url) as connection:
        limiter = Limiter(connection, rate=1000, chat_rate=1)
        for job in jobs:
            try:
                limiter.wait(7, job, "1")
            except RetryAfter as error:
                seconds.append(error.seconds)
        with pytest.raises(RetryAfter) as again:
            limiter.wait(7, jobs[-1], "1")

    assert len(seconds) == 48
    assert seconds == sorted(seconds)
    assert seconds[-1] == pytest.approx(49, abs=1)
    assert again.value.seconds <= seconds[-1]  # it kept its place, and did not go to the end


def test_who_comes_back_in_time_does_not_wait_again(redis_url: str, naps: list[float]) -> None:
    job = uuid4()
    with client(redis_url) as connection:
        limiter = Limiter(connection, rate=1000, chat_rate=1)
        connection.set(f"telegram:place:{job}:1", "1")  # its moment has passed
        limiter.wait(7, job, "1")

        assert not connection.exists(f"telegram:place:{job}:1")
    assert naps == []


def test_without_redis_a_message_waits_and_is_not_lost() -> None:
    away = redis.Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0))
    with away as connection, pytest.raises(RetryAfter, match="Redis"):
        Limiter(connection, rate=1, chat_rate=1).wait(1, uuid4(), "1")
