"""Real servers, started by the first test that asks for one. Pure tests start none."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import Engine
from sqlmodel import Session

from core.db import Database
from core.migrate import upgrade
from core.settings import Settings
from scripts.stack.postgres import Postgres
from scripts.stack.redis_server import RedisServer
from scripts.stack.store import Store, make_keys
from tests.servers import clone_database, guard_address, make_template

E2E = Path(__file__).with_name("e2e")
MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes; a whole run takes less than half of it


def pytest_configure() -> None:
    """Keep the tests' folders in memory where there is room.

    A copied database is some 400 files, and a busy disk takes ten times as long to make and drop them.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the shop of real processes to one pytest-xdist worker: another would start its own."""
    for item in items:
        if E2E in item.path.parents and "shop" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("shop"))


@pytest.fixture(scope="session", autouse=True)
def _stay_on_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guard_address(getattr(socket.socket, name)))
        yield


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server that does not wait for the disk."""
    folder = tmp_path_factory.mktemp("postgres")
    server = Postgres(folder / "data", folder / "log", fsync=False)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> Postgres:
    """The server, holding a migrated database that others are copied from."""
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

    def make(**given: Any) -> Settings:
        defaults = {
            "env": "sandbox",
            "database_url": "postgresql://nobody@127.0.0.1:1/none",
            "redis_url": "redis://127.0.0.1:1/0",
            "link_secret": "00" * 32,
        }
        return Settings(**(defaults | given))

    return make
