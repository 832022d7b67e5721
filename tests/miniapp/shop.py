"""One shop: the real API on a database of its own, with a worker that signs and verifies."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import redis

from api.main import Server, server_config
from core.jobs.push import Pusher
from core.kit.db import Database
from core.payments.rails.stripe.platform import note_key
from core.people.initdata import derive_secret
from core.process.ground_settings import Environment
from core.process.settings import Settings
from scripts.bench.browser import sign_init_data
from scripts.bench.running_stack import UNLIMITED
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.postgres import Postgres
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.store import Store
from tests.miniapp import acts, shelves
from tests.miniapp.performer import Performer
from tests.support.questions import UrlWorker, answering
from tests.support.servers import TEMPLATE, clone_database, copy_template
from tests.support.waiting import wait_until
from tests.support.worker import Worker
from workers.services import Services, open_stripe
from workers.store import S3Store

TOKEN = "4242:test-token"
SECRET = "00" * 32
FILLED = "template_filled"
START = 90.0  # seconds, on a busy machine
LIMITS = ";".join(one for one in UNLIMITED.split(";") if not one.startswith("mail="))


@dataclass(frozen=True)
class Servers:
    """What all shops share; `facts` name what is in the filled ones."""

    postgres: Postgres
    redis: RedisServer
    store: Store
    facts: dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """A shop that runs, and what a test may have done to it."""

    settings: Settings
    database: Database
    store: S3Store

    def do(self, act: str, **details: Any) -> Any:
        """Do one of `acts.ACTS`, have the store forget parts, or sign a launch as Telegram does."""
        if act == "sign":
            return sign_init_data(TOKEN, **details)
        with self.database.transaction() as session:
            if act == "forget":
                return acts.forget(session, self.store, **details)
            return acts.ACTS[act](session, **details)


def fill_template(postgres: Postgres, store: Store) -> dict[str, Any]:
    """The database that filled shops are copied from; what is in it, by the names that tests use."""
    address = copy_template(postgres, FILLED)
    database = Database(address)
    nowhere = "redis://127.0.0.1:1/0"
    settings = Settings(
        env="sandbox", database_url=address, redis_url=nowhere, link_secret=SECRET, **_reaching(store)
    )
    with database.transaction() as session:
        facts = shelves.fill(session, S3Store(settings))
    database.dispose()
    return facts


@contextmanager
def open_shop(servers: Servers, number: int, *, filled: bool = False, **options: Any) -> Iterator[Shop]:
    """A shop that serves until the end; `filled` has goods, members and figures in it."""
    with ExitStack() as running:
        address = running.enter_context(clone_database(servers.postgres, FILLED if filled else TEMPLATE))
        settings = _settings(servers, number, address, **options)
        database = Database(address)
        running.callback(database.dispose)
        pusher = Pusher(settings.redis_url)
        running.callback(pusher.close)
        database.after_commit = pusher.flush
        client = running.enter_context(redis.Redis.from_url(settings.redis_url))
        nobody = cast(Any, None)  # none of these jobs talks to Telegram or a payment provider
        store = S3Store(settings)
        worker = Worker(
            Services(settings, database, client, store, nobody, nobody, stripe=open_stripe(settings))
        )
        shop = Shop(settings, database, store)
        with database.transaction() as session:
            note_key(session, settings.stripe_secret_key)
        running.callback(worker.answer_questions().stop)
        invoices = UrlWorker(settings.redis_url, "https://t.me/$invoice")
        running.enter_context(answering(settings.redis_url, "delivery", invoices.answer))
        running.enter_context(Performer(worker))
        running.enter_context(_serving(shop))
        yield shop


def _settings(
    servers: Servers, number: int, address: str, *, env: Environment = "sandbox", **options: Any
) -> Settings:
    """Every shop has a database of its own in Redis."""
    port = free_port()
    return Settings(
        env=env,
        database_url=address,
        redis_url=servers.redis.url_of(number),
        link_secret=SECRET,
        api_host=LOOPBACK,
        api_port=port,
        public_url=f"http://{LOOPBACK}:{port}",
        bot_username="comptoir_bot",
        nowpayments_ipn_secret="ipn-secret",
        manual_instructions="IBAN FR76 0000",
        init_data_secret=derive_secret(TOKEN),
        store_origin=servers.store.url,
        limits=LIMITS,  # a browser that is driven does in a minute what people do in a day
        **_reaching(servers.store),
        **options,
    )


def _reaching(store: Store) -> dict[str, Any]:
    """The settings by which workers find the store."""
    return {
        "s3_endpoint": store.url,
        "s3_region": store.region,
        "s3_bucket": store.bucket,
        "s3_access_key": store.keys.access,
        "s3_secret_key": store.keys.secret,
    }


@contextmanager
def _serving(shop: Shop) -> Iterator[None]:
    server = Server(server_config(shop.settings, shop.database))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, START)
        yield
    finally:
        server.should_exit = True
        thread.join()
