"""Clients that follow Redis to the server that took over, while the old one goes on as a replica."""

import asyncio
import gc
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
import redis.asyncio
from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    ReadOnlyError,
    ResponseError,
)

from core.jobs.redis_queue import Pending, RedisQueue
from core.jobs.request_reply import ASK
from core.kit.redis_client import Watched, open_async_redis, open_redis, read_sentinel_url
from core.process.limiter import ADD
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.process import Process
from scripts.embedded.redis_replica import RedisReplica
from scripts.embedded.redis_server import RedisServer, binary
from tests.support.refusing_redis import refusing_redis
from tests.support.waiting import wait_until
from workers.telegram.limiter import Limiter as Pace

ROOT = Path(__file__).resolve().parents[3]
Client = redis.Redis


@pytest.fixture
def replica(own_redis: RedisServer, tmp_path: Path) -> Iterator[RedisReplica]:
    with RedisReplica(own_redis, tmp_path) as replica:
        yield replica


def write(client: Client) -> object:
    return client.set("key", "written")


def push(client: Client) -> object:
    return RedisQueue(client).push("bulk", [Pending(uuid4(), "work", "bulk")])


def answer(client: Client) -> object:
    with client.pipeline(transaction=True) as pipeline:
        pipeline.lpush("answer:1", "yes")
        pipeline.expire("answer:1", 30)
        return pipeline.execute()[0]


def keep_pace(client: Client) -> object:
    Pace(client, rate=100, chat_rate=100).wait(1, uuid4(), "message")
    return True


@pytest.mark.parametrize("act", [write, push, answer, keep_pace])
def test_a_command_that_the_old_server_refuses_is_done_by_the_new_one(
    own_redis: RedisServer, replica: RedisReplica, act: Callable[[Client], object]
) -> None:
    with open_redis(own_redis.url, timeout=2, retries=1) as client:
        assert act(client)  # scripts are loaded
        replica.take_over()
        with redis.Redis.from_url(replica.server.url) as new:
            new.flushall()
        assert act(client)
    with redis.Redis.from_url(replica.server.url) as new:
        assert new.dbsize() > 0


async def ask(client: "redis.asyncio.Redis") -> object:
    async with client.pipeline(transaction=False) as both:
        both.eval(ASK, 2, "dramatiq:interactive", "answer:1", 100, "question", "full", 30)
        both.llen("dramatiq:interactive")
        return (await both.execute())[1]


async def count(client: "redis.asyncio.Redis") -> object:
    return (await client.eval(ADD, 1, "limit:a:b", 1, 60_000))[0]


@pytest.mark.parametrize("act", [lambda client: client.set("key", "written"), ask, count])
def test_it_is_so_on_an_event_loop(
    own_redis: RedisServer,
    replica: RedisReplica,
    act: Callable[["redis.asyncio.Redis"], Awaitable[object]],
) -> None:
    async def live() -> object:
        async with open_async_redis(own_redis.url, timeout=2, connect_timeout=2, retries=1) as client:
            assert await client.ping()
            await asyncio.to_thread(replica.take_over)
            return await act(client)

    assert asyncio.run(live())
    with redis.Redis.from_url(replica.server.url) as new:
        assert new.dbsize() > 0


def test_without_a_further_try_the_next_command_reaches_the_new_server(
    own_redis: RedisServer, replica: RedisReplica
) -> None:
    with open_redis(own_redis.url, timeout=2, retries=0) as client:
        assert push(client) == 1
        replica.take_over()
        with pytest.raises(ReadOnlyError):
            push(client)
        assert push(client) == 1


def test_other_faults_of_a_script_stay_what_they_are(own_redis: RedisServer) -> None:
    with (
        open_redis(own_redis.url, timeout=2, retries=1) as client,
        pytest.raises(ResponseError, match="Unknown") as raised,
    ):
        client.eval("return redis.call('nonsense')", 0)
    assert not isinstance(raised.value, ReadOnlyError)


REFUSALS: dict[str, type[redis.RedisError]] = {
    "READONLY You can't write against a read only replica.": ReadOnlyError,
    "CLUSTERDOWN The cluster is down": ClusterDownError,
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.": MasterDownError,
    "LOADING Redis is loading the dataset in memory": BusyLoadingError,
    "ERR Error running script (call to f_1): @user_script: 9: -READONLY You can't write": ReadOnlyError,
}
"""What a server says that cannot serve just now, and what it is here; the last as Redis 6 says it."""


def both(client: Client) -> object:
    with client.pipeline(transaction=False) as pipeline:
        pipeline.set("key", "written")
        pipeline.set("key", "once more")
        return pipeline.execute()


async def write_async(client: "redis.asyncio.Redis") -> object:
    return await client.set("key", "written")


async def answer_async(client: "redis.asyncio.Redis") -> object:
    async with client.pipeline(transaction=True) as pipeline:
        pipeline.set("key", "written")
        return await pipeline.execute()


async def both_async(client: "redis.asyncio.Redis") -> object:
    async with client.pipeline(transaction=False) as pipeline:
        pipeline.set("key", "written")
        return await pipeline.execute()


def in_thread(url: str, retries: int, act: Callable[[Client], object]) -> object:
    with open_redis(url, timeout=5, retries=retries) as client:
        return act(client)


def on_loop(url: str, retries: int, act: Callable[["redis.asyncio.Redis"], Awaitable[object]]) -> object:
    async def live() -> object:
        async with open_async_redis(url, timeout=5, connect_timeout=5, retries=retries) as client:
            return await act(client)

    return asyncio.run(live())


WAYS: list[tuple[Any, Any]] = [
    (in_thread, write),
    (in_thread, answer),
    (in_thread, both),
    (on_loop, write_async),
    (on_loop, answer_async),
    (on_loop, both_async),
]


@pytest.mark.parametrize(("live", "act"), WAYS)
@pytest.mark.parametrize("words", REFUSALS)
def test_what_a_server_refuses_that_cannot_serve_is_done_on_a_new_connection(
    words: str, live: Any, act: Any
) -> None:
    with refusing_redis(words, refusing=1) as server:
        assert live(server.url, 1, act)
        assert server.connections == 2
        assert server.taken


@pytest.mark.parametrize(("live", "act"), WAYS)
@pytest.mark.parametrize("words", REFUSALS)
def test_what_no_server_takes_is_raised_as_what_it_is_after_the_last_try(
    words: str, live: Any, act: Any
) -> None:
    with refusing_redis(words, refusing=99) as server:
        with pytest.raises(REFUSALS[words]):
            live(server.url, 2, act)
        assert (server.connections, server.taken) == (3, [])


@pytest.mark.parametrize("words", REFUSALS)
def test_after_a_refusal_without_a_further_try_the_next_command_has_a_new_connection(words: str) -> None:
    with refusing_redis(words, refusing=1) as server, open_redis(server.url, timeout=5, retries=0) as client:
        with pytest.raises(REFUSALS[words]):
            write(client)
        assert write(client)
        assert server.taken == [b"SET"]


def test_an_error_of_the_command_itself_is_raised_at_once_and_keeps_its_connection() -> None:
    words = "WRONGTYPE Operation against a key holding the wrong kind of value"
    with refusing_redis(words, refusing=99) as server, open_redis(server.url, timeout=5, retries=3) as client:
        for _ in range(2):
            with pytest.raises(ResponseError, match="WRONGTYPE"):
                write(client)
        assert server.connections == 1


@pytest.fixture
def sentinel(tmp_path: Path) -> Iterator[tuple[int, list[int]]]:
    """A Sentinel's port, and those of the primary and the replica that it watches as `shop`."""
    ports = [free_port(), free_port()]
    servers = [
        RedisServer(tmp_path / str(place), tmp_path / f"{place}.log", port)
        for place, port in enumerate(ports)
    ]
    port = free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(
        f"port {port}\nbind {LOOPBACK}\ndir {tmp_path}\nsentinel monitor shop {LOOPBACK} {ports[0]} 1\n"
        "sentinel down-after-milliseconds shop 1000\n"
    )
    process = Process("sentinel", [binary(), config, "--sentinel"], tmp_path / "sentinel.log")
    try:
        for server in servers:
            server.start()
        with redis.Redis(LOOPBACK, ports[1]) as client:
            client.replicaof(LOOPBACK, str(ports[0]))
        process.start()
        yield port, ports
    finally:
        process.stop()
        for server in servers:
            server.stop()


def test_sentinel_is_asked_where_the_primary_is(sentinel: tuple[int, list[int]]) -> None:
    port, (first, second) = sentinel
    watching = redis.Redis(LOOPBACK, port, decode_responses=True)
    wait_until(lambda: _replicas(watching) == 1)
    # One of the Sentinels is away.
    url = f"redis+sentinel://{LOOPBACK}:{free_port()},{LOOPBACK}:{port}/shop/0"
    with open_redis(url, timeout=2, retries=1) as client:
        client.set("before", 1)
        wait_until(lambda: _failover(watching))
        wait_until(lambda: _role(second) == "master" and _role(first) == "slave", seconds=30)
        assert client.set("after", 1)
    watching.close()

    async def on_a_loop() -> object:
        async with open_async_redis(url, timeout=2, connect_timeout=2, retries=1) as client:
            return await client.set("from a loop", 1)

    assert asyncio.run(on_a_loop())
    gc.collect()  # what was left open would be said of here
    with redis.Redis(LOOPBACK, second) as new:
        assert new.exists("before", "after", "from a loop") == 3


def _replicas(watching: Client) -> int:
    try:
        masters: Any = watching.sentinel_slaves("shop")
    except redis.RedisError:
        return 0
    return sum(not (row["is_disconnected"] or row["is_sdown"]) for row in masters)


def _failover(watching: Client) -> bool:
    try:
        return bool(watching.sentinel_failover("shop"))
    except redis.ResponseError:  # NOGOODSLAVE: it has not heard of the replica's state yet
        return False


def _role(port: int) -> str:
    with redis.Redis(LOOPBACK, port) as client:
        return str(client.info("replication")["role"])


def test_an_address_of_sentinels_is_read() -> None:
    url = "rediss+sentinel://shop:p%40ss@one:1,two/main/3?sentinel_password=secret"
    assert read_sentinel_url(url) == Watched(
        [("one", 1), ("two", 26379)],
        "main",
        {"ssl": True, "username": "shop", "password": "p@ss", "db": 3},
        {"ssl": True, "password": "secret"},
    )
    assert read_sentinel_url("redis://one:6379/0") is None


@pytest.mark.parametrize(
    "url", ["redis+sentinel://one:1", "redis+sentinel:///main", "redis+sentinel://,/main"]
)
def test_an_address_of_sentinels_without_host_or_name_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_sentinel_url(url)


def test_no_process_of_ours_has_a_client_that_stays_with_the_old_server() -> None:
    others = [
        str(path.relative_to(ROOT))
        for room in ("api", "bot", "core", "workers", "scripts/doctor", "scripts/commands")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\bRedis\.from_url\(|\bredis\.(asyncio\.)?Redis\(", path.read_text())
    ]
    assert others == ["core/kit/redis_client.py"]
