"""The real application on a real PostgreSQL and Redis, and a worker that answers it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
import redis

from api import context
from api.sojourn import Sojourn
from core.kit.db import Database
from core.people.initdata import derive_secret
from core.process import limiter
from core.process.settings import Settings
from core.uploads import part_plan
from scripts.embedded.store import Store
from tests.api.seller import Seller
from tests.core.people.test_initdata import TOKEN
from tests.support.questions import Answering, UrlWorker, answering
from tests.support.web import IPN_SECRET, Client, serving
from tests.support.worker import Worker
from workers.services import Services
from workers.store import S3Store

PATIENCE = 30  # seconds
SMALLEST_PART = 5 * part_plan.MIB  # that S3 takes


@pytest.fixture
def shop_settings(database_url: str, redis_url: str, settings: Callable[..., Settings]) -> Settings:
    """A shop that takes crypto and transfers on the web."""
    return settings(
        database_url=database_url,
        redis_url=redis_url,
        public_url="https://shop.example",
        bot_username="ComptoirBot",
        start_link_ttl=7 * 3600,
        nowpayments_ipn_secret=IPN_SECRET,
        manual_instructions="IBAN FR76 0000\nau nom de l'Atelier",
    )


@pytest.fixture(autouse=True)
def patient_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine Redis may be silent, and threads be taken, for longer than a request would wait."""
    monkeypatch.setattr(limiter, "TIMEOUT", PATIENCE)
    monkeypatch.setattr(context, "Sojourn", partial(Sojourn, target=PATIENCE))


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of two parts is small then."""
    monkeypatch.setattr(part_plan, "USUAL_PART", SMALLEST_PART)


@pytest.fixture
def web(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A browser at the shop."""
    with serving(shop_settings, database) as client:
        yield client


@pytest.fixture
def signer(redis_url: str) -> Iterator[UrlWorker]:
    """Somebody answers clicks, and remembers them."""
    signer = UrlWorker(redis_url, "https://store.example/{link_id}?X-Amz-Signature=00")
    with answering(redis_url, "interactive", signer.answer):
        yield signer


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
def worker(upload_settings: Settings, database: Database) -> Iterator[Worker]:
    """Does the durable jobs that the test asks for."""
    client: redis.Redis = redis.Redis.from_url(upload_settings.redis_url)
    nobody = cast(Any, None)  # none of these jobs talks to Telegram or a payment provider
    yield Worker(Services(upload_settings, database, client, S3Store(upload_settings), nobody, nobody))
    client.close()


@pytest.fixture
def answers(worker: Worker) -> Iterator[Answering]:
    """The worker answers questions too, until it is stopped."""
    answers = worker.answer_questions()
    yield answers
    answers.stop()


@pytest.fixture
def app(upload_settings: Settings, database: Database) -> Iterator[Client]:
    """The application with a store."""
    with serving(upload_settings, database) as client:
        yield client


@pytest.fixture
def seller(app: Client, database: Database, answers: Answering) -> Seller:
    """Somebody at their shop in the Mini App."""
    return Seller(app, database)
