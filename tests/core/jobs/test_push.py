"""After the commit: what reaches Redis, and what happens when Redis does not answer."""

import itertools
import json
import logging
import socket
import time
from collections.abc import Iterator

import pytest
import redis
from dramatiq.message import Message

from core.jobs import push
from core.jobs.ledger import enqueue
from core.jobs.push import TIMEOUT, Pusher
from core.jobs.redis_queue import DEPTH, RedisQueue
from core.kit.db import Database
from schemas.jobs import Deliver, ExpireOrders


@pytest.fixture
def client(redis_url: str) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


def test_a_committed_job_is_in_its_queue_as_a_dramatiq_message(
    database: Database, client: "redis.Redis", redis_url: str
) -> None:
    pusher = Pusher(redis_url)
    database.after_commit = pusher.flush
    with database.transaction() as session:
        delivery = enqueue(session, Deliver(order_id=1))
        enqueue(session, ExpireOrders())
        assert client.dbsize() == 0
    pusher.close()
    assert (client.llen("dramatiq:delivery"), client.llen("dramatiq:bulk")) == (1, 1)
    (body,) = RedisQueue(client).take("delivery", 10)
    message: Message[None] = Message.decode(body)
    assert (message.actor_name, message.queue_name) == ("deliver", "delivery")
    assert message.kwargs == {"job_id": str(delivery), "alone": False}
    assert json.loads(body).keys() == Message("q", "a", (), {}, {}).asdict().keys()


def test_a_full_list_takes_no_more(database: Database, client: "redis.Redis", redis_url: str) -> None:
    pusher = Pusher(redis_url)
    database.after_commit = pusher.flush
    with database.transaction() as session:
        for order in range(DEPTH + 50):
            enqueue(session, Deliver(order_id=order))
    pusher.close()
    assert client.llen("dramatiq:delivery") == DEPTH


@pytest.fixture
def deaf_redis() -> Iterator[socket.socket]:
    """It lets everybody connect and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def connections_to(server: socket.socket) -> int:
    """How many came since the last call."""
    for count in itertools.count():
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
    raise AssertionError


def commit_one(database: Database) -> float:
    begun = time.monotonic()
    with database.transaction() as session:
        enqueue(session, ExpireOrders())
    return time.monotonic() - begun


def test_a_redis_that_hangs_costs_a_bounded_time_once(
    database: Database,
    deaf_redis: socket.socket,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "BREAK", 3600)  # a busy machine may take longer over this test than it lasts
    pusher = Pusher(f"redis://127.0.0.1:{deaf_redis.getsockname()[1]}/0")
    database.after_commit = pusher.flush
    with caplog.at_level(logging.WARNING, logger="core.jobs.push"):
        assert commit_one(database) >= TIMEOUT
        assert connections_to(deaf_redis) == 1
        for _ in range(20):
            commit_one(database)
    pusher.close()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "safe in the ledger" in caplog.text
    assert connections_to(deaf_redis) == 0


def test_a_redis_that_is_away_raises_nothing(database: Database, tmp_path: object) -> None:
    pusher = Pusher(f"unix://{tmp_path}/nobody.sock")
    database.after_commit = pusher.flush
    commit_one(database)
    pusher.close()
    with database.transaction() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM job").scalar_one() == 1
