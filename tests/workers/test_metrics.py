"""What workers count, read over HTTP as Prometheus reads it."""

import io
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
import redis
import urllib3
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from core.jobs.ledger import enqueue
from core.kit.db import Database
from core.kit.errors import Permanent, RetryAfter, StoreUnavailable
from core.ports import Identity, Message
from core.process.settings import Settings
from scripts.embedded.ports import free_port
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.waiting import wait_until
from tests.workers.runtime.jobs import Shop, Work
from workers.metrics import Offer, PrometheusMeter, offer
from workers.run import Run
from workers.store import S3Store
from workers.telegram.messenger import TelegramMessenger

TOKEN = "token-of-prometheus"


@pytest.fixture
def meter() -> PrometheusMeter:
    return PrometheusMeter()


@pytest.fixture
def read(meter: PrometheusMeter) -> Iterator[Callable[..., float]]:
    """The value of a sample, 0 where there is none."""
    offered = Offer(meter, "127.0.0.1", 0, TOKEN)
    url = f"http://127.0.0.1:{offered.port}/metrics"

    def sample(name: str, **labels: str) -> float:
        answer = urllib3.request("GET", url, headers={"authorization": f"Bearer {TOKEN}"}, retries=False)
        assert answer.status == 200
        families = text_string_to_metric_families(answer.data.decode())
        samples = (sample for family in families for sample in family.samples)
        return sum(
            item.value for item in samples if item.name == name and labels.items() <= item.labels.items()
        )

    yield sample
    offered.close()


def test_a_reader_without_the_token_gets_nothing(meter: PrometheusMeter) -> None:
    offered = Offer(meter, "127.0.0.1", 0, TOKEN)
    url = f"http://127.0.0.1:{offered.port}/metrics"
    for headers in ({}, {"authorization": "Bearer guessed"}):
        answer = urllib3.request("GET", url, headers=headers, retries=False)
        assert (answer.status, b"comptoir" in answer.data) == (401, False)
    offered.close()


def test_memory_of_process_and_machine_is_offered(read: Callable[..., float]) -> None:
    assert read("process_resident_memory_bytes") > 0
    assert read("comptoir_host_memory_bytes") > read("comptoir_host_memory_available_bytes") > 0


def test_connections_to_the_database_are_offered(
    meter: PrometheusMeter, read: Callable[..., float], database: Database
) -> None:
    meter.watch(database)
    assert read("comptoir_database_connections", pool="sessions") == 0
    with database.transaction() as session:
        session.execute(text("SELECT 1"))
        assert read("comptoir_database_connections", pool="sessions") == 1
    assert read("comptoir_database_connections_limit", pool="sessions") == database.pool_use().most


def test_a_port_that_is_taken_costs_the_metrics_and_not_the_work(
    settings: Callable[..., Settings], meter: PrometheusMeter, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy_settings = settings(metrics_port=taken.getsockname()[1] - 1, metrics_token=TOKEN)
        assert offer(busy_settings, "delivery", meter) is None
    assert "set METRICS_PORT to three free ones" in caplog.text


@pytest.fixture
def shop(
    database_url: str, redis_url: str, settings: Callable[..., Settings], meter: PrometheusMeter
) -> Iterator[Shop]:
    shop = Shop(settings(database_url=database_url, redis_url=redis_url))
    shop.meter = meter
    yield shop
    shop.close()


def test_jobs_are_counted_by_what_came_of_them(shop: Shop, read: Callable[..., float]) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        if job.number == 1:
            raise Permanent("never")
        if job.number == 2 and run.attempt == 1:
            raise OSError("once")

    def counted(outcome: str) -> float:
        return read("comptoir_job_seconds_count", actor="work", outcome=outcome)

    with shop.worker():
        with shop.database.transaction() as session:
            for number in (0, 0, 1, 2):
                enqueue(session, Work(number=number))
        wait_until(lambda: shop.states() == {"done": 3, "dead": 1})
        wait_until(lambda: [counted(outcome) for outcome in ("done", "dead", "retried")] == [3, 1, 1])


def test_requests_to_the_store_are_counted_with_their_bytes(
    store_settings: Callable[..., Settings], meter: PrometheusMeter, read: Callable[..., float]
) -> None:
    s3 = S3Store(store_settings(), meter)
    s3.upload("metered", io.BytesIO(b"x" * 5000), 5000, "text/plain")
    sent = read("comptoir_store_bytes_total", direction="sent")
    assert sent >= 5000
    assert s3.read("metered", limit=5000) == b"x" * 5000
    assert read("comptoir_store_bytes_total", direction="received") >= 5000
    assert read("comptoir_store_requests_total", method="GET", status="2xx") >= 1
    s3.delete("metered")


def test_a_store_that_is_away_is_counted(
    store_settings: Callable[..., Settings], meter: PrometheusMeter, read: Callable[..., float]
) -> None:
    s3 = S3Store(replace(store_settings(), s3_endpoint=f"http://127.0.0.1:{free_port()}"), meter)
    with pytest.raises(StoreUnavailable):
        s3.head("nothing")
    assert read("comptoir_store_requests_total", method="HEAD", status="0xx") == 1


def test_messages_and_the_pauses_that_telegram_asks_for_are_counted(
    telegram_settings: Callable[..., Settings],
    database: Database,
    redis_url: str,
    sandbox: Sandbox,
    ann: Person,
    meter: PrometheusMeter,
    read: Callable[..., float],
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        messenger = TelegramMessenger(telegram_settings(), database, client, meter)
        messenger.send(Identity(uuid4(), "text"), ann.id, Message("Bonjour"))
        sandbox.flood_wait(37, times=1)
        with pytest.raises(RetryAfter):
            messenger.send(Identity(uuid4(), "text"), ann.id, Message("Encore"))
        messenger.close()
    assert read("comptoir_telegram_messages_total") == 1
    assert read("comptoir_telegram_calls_total", reply="flood_wait") == 1
    assert read("comptoir_telegram_flood_wait_seconds_total") == 37
