"""Questions through Redis, asked without Dramatiq and answered by whoever reads the queue."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
import redis
import redis.asyncio

from core.jobs.redis_queue import RedisQueue
from core.jobs.request_reply import AT_ONCE, PICTURES_AT_ONCE, Busy, NoReply, call, write_refusal, write_reply
from core.kit.errors import NotFound, Refused
from schemas.ephemeral_jobs import Presign, PresignPicture

Answer = Callable[[dict[str, Any]], bytes]


async def with_client(url: str, work: Callable[["redis.asyncio.Redis"], Awaitable[Any]]) -> Any:
    client = redis.asyncio.Redis.from_url(url, max_connections=AT_ONCE + 36)
    try:
        return await work(client)
    finally:
        await client.aclose()


def answer_one(url: str, answer: Answer) -> None:
    """Take one question from the queue as a worker would, and answer it."""
    with redis.Redis.from_url(url) as client:
        queue = RedisQueue(client)
        body = queue.pop("interactive", 10)
        assert body is not None
        kwargs = json.loads(body)["kwargs"]
        client.lpush(kwargs["answer_to"], answer(kwargs["payload"]))


def exchange(url: str, answer: Answer) -> Any:
    """Ask, and answer in a thread."""

    async def both(client: "redis.asyncio.Redis") -> Any:
        asked = asyncio.create_task(call(client, Presign(link_id=uuid4())))
        await asyncio.to_thread(answer_one, url, answer)
        return await asked

    return asyncio.run(with_client(url, both))


def test_an_answer_comes_back_to_its_asker(redis_url: str) -> None:
    answer = exchange(redis_url, lambda payload: write_reply({"url": payload["link_id"]}))
    assert len(answer["url"]) == 36


def test_a_refusal_comes_back_as_the_error_that_it_was(redis_url: str) -> None:
    with pytest.raises(NotFound) as found:
        exchange(redis_url, lambda _: write_refusal(NotFound("link-unknown", {"link": "x"})))
    assert (found.value.code, found.value.details) == ("link-unknown", {"link": "x"})
    with pytest.raises(Refused, match="link-expired"):
        exchange(redis_url, lambda _: write_refusal(Refused("link-expired")))


def test_a_failure_is_no_answer_and_tells_nothing_more(redis_url: str) -> None:
    with pytest.raises(NoReply, match="failed"):
        exchange(redis_url, lambda _: write_refusal(None))


def test_without_a_worker_the_asker_is_told_in_time_and_nothing_is_left(redis_url: str) -> None:
    async def alone(client: "redis.asyncio.Redis") -> None:
        with pytest.raises(NoReply, match=r"0\.2 s"):
            await call(client, Presign(link_id=uuid4()), timeout=0.2)

    asyncio.run(with_client(redis_url, alone))
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_only_so_many_wait_at_once_and_the_rest_know_at_once(redis_url: str) -> None:
    async def crowd(client: "redis.asyncio.Redis") -> list[BaseException]:
        asked = [call(client, Presign(link_id=uuid4()), timeout=0.5) for _ in range(AT_ONCE + 20)]
        return [
            error
            for error in await asyncio.gather(*asked, return_exceptions=True)
            if isinstance(error, BaseException)
        ]

    errors = asyncio.run(with_client(redis_url, crowd))
    assert [type(error) for error in errors].count(Busy) == 20
    assert [type(error) for error in errors].count(NoReply) == AT_ONCE


def test_pictures_leave_room_for_clicks(redis_url: str) -> None:
    async def crowd(client: "redis.asyncio.Redis") -> Any:
        pictures = [call(client, PresignPicture(upload_id=uuid4()), timeout=0.5) for _ in range(AT_ONCE)]
        clicks = [call(client, Presign(link_id=uuid4()), timeout=0.5) for _ in range(AT_ONCE // 2)]
        return await asyncio.gather(*pictures, *clicks, return_exceptions=True)

    errors = asyncio.run(with_client(redis_url, crowd))
    assert [type(error) for error in errors[:AT_ONCE]].count(Busy) == AT_ONCE - PICTURES_AT_ONCE
    assert {type(error) for error in errors[AT_ONCE:]} == {NoReply}, "every click found a place"


def test_a_question_passes_the_jobs_that_wait(redis_url: str) -> None:
    async def ask_behind(client: "redis.asyncio.Redis") -> Any:
        await client.rpush("dramatiq:interactive", b"{}")
        asked = asyncio.create_task(call(client, Presign(link_id=uuid4())))
        while await client.llen("dramatiq:interactive") < 2:
            await asyncio.sleep(0)
        await asyncio.to_thread(answer_one, redis_url, lambda _: write_reply({"url": "first"}))
        return await asked

    assert asyncio.run(with_client(redis_url, ask_behind)) == {"url": "first"}


def test_a_redis_that_is_away_is_no_answer(tmp_path: Path) -> None:
    async def alone(client: "redis.asyncio.Redis") -> None:
        with pytest.raises(NoReply, match="Redis"):  # at once: who waited for an answer in vain says so
            await call(client, Presign(link_id=uuid4()))

    asyncio.run(with_client(f"unix://{tmp_path}/nobody.sock", alone))


def test_the_wire_form_of_an_answer_is_json() -> None:
    assert msgspec.json.decode(write_reply({"url": "u"})) == {"answer": {"url": "u"}}
