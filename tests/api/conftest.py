"""The real application on a real PostgreSQL and Redis, and a stand-in for the worker that signs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import redis
from litestar import Litestar
from litestar.testing import TestClient
from redis.asyncio import Redis
from sqlmodel import Session, select

from api.app import create_app
from core.jobs.push import Pusher
from core.jobs.redis_queue import Wire
from core.jobs.request_reply import write_reply
from core.kit.db import Database
from core.people.initdata import derive_secret
from core.process.settings import Settings
from schemas.queue import Job
from scripts.embedded.store import Store
from tests.api.seller import Seller
from tests.core.people.test_initdata import TOKEN
from tests.support.worker import Worker

IPN_SECRET = "ipn-secret-of-the-tests"
Client = TestClient[Litestar]


@pytest.fixture
def shop_settings(database_url: str, redis_url: str, settings: Callable[..., Settings]) -> Settings:
    """A shop that takes crypto and transfers on the web."""
    return settings(
        database_url=database_url,
        redis_url=redis_url,
        public_url="https://shop.example",
        bot_username="ComptoirBot",
        nowpayments_ipn_secret=IPN_SECRET,
        manual_instructions="IBAN FR76 0000\nau nom de l'Atelier",
    )


@contextmanager
def serving(given: Settings, database: Database) -> Iterator[Client]:
    """A client of the application with these settings; redirects are not followed."""
    pusher = Pusher(given.redis_url)
    database.after_commit = pusher.flush
    client = Redis.from_url(given.redis_url, socket_connect_timeout=0.5)
    app = create_app(given, database, client)
    app.on_shutdown.append(client.aclose)
    with TestClient(app, base_url="https://shop.example", raise_server_exceptions=False) as test_client:
        test_client.follow_redirects = False
        yield test_client
    pusher.close()


@pytest.fixture
def web(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A browser at the shop."""
    with serving(shop_settings, database) as client:
        yield client


class Signer:
    """Answers `presign` over the real Redis as the interactive worker does, and remembers the questions."""

    def __init__(self, redis_url: str) -> None:
        self.questions: list[dict[str, Any]] = []
        self._redis = redis.Redis.from_url(redis_url)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._redis.close()

    def _serve(self) -> None:
        wire = Wire(self._redis)
        while not self._stopped.is_set():
            if message := wire.pop("interactive", 1):
                self._answer(msgspec.json.decode(message)["kwargs"])

    def _answer(self, question: dict[str, Any]) -> None:
        if question["answer_to"] is None:
            return
        self.questions.append(question["payload"])
        url = f"https://store.example/{question['payload']['link_id']}?X-Amz-Signature=00"
        self._redis.rpush(question["answer_to"], write_reply({"url": url}))


@pytest.fixture
def signer(redis_url: str) -> Iterator[Signer]:
    """Somebody answers clicks."""
    signer = Signer(redis_url)
    yield signer
    signer.stop()


@pytest.fixture
def upload_settings(shop_settings: Settings, store: Store) -> Settings:
    return replace(
        shop_settings,
        init_data_secret=derive_secret(TOKEN),
        s3_endpoint=store.url,
        s3_bucket=store.bucket,
        s3_region=store.region,
        s3_access_key=store.keys.access,
        s3_secret_key=store.keys.secret,
    )


@pytest.fixture
def hands(upload_settings: Settings, database: Database) -> Iterator[Worker]:
    running = Worker(upload_settings, database)
    yield running
    running.stop()


@pytest.fixture
def app(upload_settings: Settings, database: Database) -> Iterator[Client]:
    with serving(upload_settings, database) as client:
        yield client


@pytest.fixture
def seller(app: Client, database: Database, hands: Worker) -> Seller:
    return Seller(app, database)


@pytest.fixture
def work(database: Database, hands: Worker) -> Callable[..., None]:
    """Do all queued jobs of these actors."""

    def do(*actors: str) -> None:
        while True:
            with Session(database.engine) as session:
                due = session.exec(select(Job).where(Job.state == "queued")).all()
            mine = [job for job in due if job.actor in actors]
            if not mine:
                return
            for job in mine:
                hands.perform(job.actor, job.id)

    return do
