"""Real servers, started by the first test that asks for one. Pure tests start none."""

import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
import structlog
from sqlalchemy import Engine
from sqlmodel import Session
from xdist.scheduler import LoadScopeScheduling

from core.kit.db import Database
from core.process.migrate import upgrade
from core.process.settings import Settings
from core.wiring import connect
from scripts.embedded.postgres import Postgres
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.store import Store, make_keys
from tests.support.servers import clone_database, guard_address, make_template, quick_folder


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Hands each pytest-xdist worker one test after the other; those in e2e share a shop, so one takes all.

    Its own way to say so, `--dist loadgroup`, sees no groups under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "e2e" if nodeid.startswith("tests/e2e/") else nodeid


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares:
    """For every `--dist` but `no`. The largest share comes first."""
    return Shares(config, log)


def pytest_configure() -> None:
    """Heed Ctrl-C, which what a shell starts in the background ignores, and so would all processes of ours.

    Show exceptions plainly: structlog's default draws each with its variables, which takes seconds.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])


@pytest.fixture(scope="session", autouse=True)
def _stay_on_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guard_address(getattr(socket.socket, name)))
        yield


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server that does not wait for the disk."""
    with quick_folder(tmp_path_factory.mktemp("postgres")) as folder:
        server = Postgres(folder / "data", folder / "log", fsync=False)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> Postgres:
    """The server, holding a migrated database that others are copied from."""
    connect()
    upgrade(make_template(postgres))
    return postgres


@pytest.fixture
def database_url(template_database: Postgres) -> Iterator[str]:
    """The address of a migrated, empty database of this test alone: for what happens after a commit."""
    with clone_database(template_database) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """`database_url` as units of work."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def shared_engine(template_database: Postgres) -> Iterator[Engine]:
    """A migrated database in which nothing is ever committed; see `session`."""
    with clone_database(template_database) as url:
        database = Database(url)
        yield database.engine
        database.dispose()


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session inside one transaction that is rolled back; its commits are savepoints."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server that keeps nothing on disk."""
    folder = tmp_path_factory.mktemp("redis")
    server = RedisServer(folder / "data", folder / "log", durable=False)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An S3 server with an empty bucket (`url`, `region`, `bucket`, `keys`)."""
    folder = tmp_path_factory.mktemp("store")
    server = Store(folder / "data", folder / "log", make_keys())
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def settings() -> Callable[..., Settings]:
    """Make settings of the sandbox kind; name what the test needs, addresses included."""

    def make(**changes: Any) -> Settings:
        defaults = {
            "env": "sandbox",
            "database_url": "postgresql://nobody@127.0.0.1:1/none",
            "redis_url": "redis://127.0.0.1:1/0",
            "link_secret": "00" * 32,
        }
        return Settings(**(defaults | changes))

    return make
