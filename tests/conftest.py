"""Real servers, started by the first test that asks for one. Pure tests start none."""

import core.telegram.lazy_types  # noqa: F401, I001 - before Pyrogram, as in bot and workers

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import redis
import structlog
from sqlalchemy import Engine, create_engine
from sqlmodel import Session
from xdist.scheduler import LoadScopeScheduling

from core.kit import db
from core.kit.db import Database
from core.process.settings import Settings
from core.wiring import connect
from scripts.embedded.postgres import AUDIT, DATABASE, USER, Postgres
from scripts.embedded.process import PROJECT
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.support.clusters import copied_clusters
from tests.support.servers import (
    TEMPLATE,
    CompiledStatements,
    as_role,
    clone_database,
    copy_database,
    guard_address,
    quick_folder,
)

# PyMuPDF, which makes files here, would load models that find tables: a seventh of what finding tests takes.
sys.modules.setdefault("pymupdf.layout", None)  # type: ignore[arg-type]

CI = "ci"  # Hypothesis' own name for a profile that tries the same on each run
E2E = "tests/e2e/"
OWN_SHOPS = ("test_documents", "test_mixed", "test_small_host", "test_smoke")
"""Modules of e2e that start shops of their own."""
ONCE = 'scope="module"'  # of a fixture
SELDOM = (50_000, 20, 20)  # new objects until the youngest are looked through; of these, until the older are
MEASURED = tuple(os.environ.get("COVERAGE_OF", "").split())
"""Where the tests are that coverage.py watches; without any, it watches all."""


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Hands each pytest-xdist worker one test after the other, but for what one worker takes whole.

    Most of e2e share a shop. The others there start shops of their own: another worker takes these, one after
    the other, so that never more than two shops of e2e run at once. A module that makes something once for
    all its tests goes to one worker, or each would make it.

    Its own way to say so, `--dist loadgroup`, sees no groups under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.startswith(E2E):
            return "shops" if path.removeprefix(E2E).removesuffix(".py") in OWN_SHOPS else "shop"
        return path if _makes_once(path) else nodeid

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Forget what a worker has finished: after each test all that it was given is counted."""
        super().mark_test_complete(node, item_index, duration)
        given = self.assigned_work[node]
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(given[scope].values()):
            del given[scope]


@cache
def _makes_once(path: str) -> bool:
    return ONCE in (PROJECT / path).read_text()


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares:
    """For every `--dist` but `no`. The largest share comes first."""
    return Shares(config, log)


@pytest.hookimpl(tryfirst=True)  # before Hypothesis takes the profile that was asked for
def pytest_configure(config: pytest.Config) -> None:
    """Heed Ctrl-C, which what a shell starts in the background ignores, and so would all processes of ours.

    Show exceptions plainly: structlog's default draws each with its variables, which takes seconds.

    Look for garbage seldom: of what tests import and make hardly anything is.

    Let Hypothesis' profile for CI report a failure as it was found: making it shorter tries it hundreds of
    times, minutes where the database is asked, and who mends it does that at their desk.
    """
    gc.set_threshold(*SELDOM)
    if config.getoption("--hypothesis-profile", None) == CI:
        _never_shrink()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])


@pytest.hookimpl
def pytest_collection_finish() -> None:
    """Look for no garbage among thousands of tests and all that they import: at its end pytest does so five
    times.
    """
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let coverage.py rest beside tests that are not measured: what it watches takes 1.6 times as long."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    if plugin is None or not MEASURED or _is_measured(item):
        return (yield)
    plugin.cov_controller.pause()
    try:
        return (yield)
    finally:
        plugin.cov_controller.resume()


def _is_measured(item: pytest.Item) -> bool:
    """A property is tried on hundreds of examples, all on lines that other tests run as well."""
    is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return item.nodeid.startswith(MEASURED) and not is_property


def _never_shrink() -> None:
    from hypothesis import Phase, settings  # 0.7 s, which a run without a profile saves

    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    settings.register_profile(CI, settings.get_profile(CI), phases=phases)


@pytest.fixture(scope="session", autouse=True)
def _stay_on_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guard_address(getattr(socket.socket, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _compile_statements_once() -> Iterator[None]:
    """Each database of a test has an engine of its own, which would compile each statement anew."""
    options = {"compiled_cache": CompiledStatements()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "create_engine", partial(create_engine, execution_options=options))
        yield


@pytest.fixture(scope="session", autouse=True)
def _make_clusters_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For all workers of pytest-xdist, whose folders lie beside one another."""
    own = tmp_path_factory.getbasetemp()
    with copied_clusters(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own):
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
    copy_database(postgres, TEMPLATE, DATABASE)
    return postgres


@pytest.fixture
def database_url(template_database: Postgres) -> Iterator[str]:
    """The address of a migrated, empty database of this test alone, by the application's role: for
    what happens after a commit."""
    with clone_database(template_database) as url:
        yield url


@pytest.fixture
def owner_url(database_url: str) -> str:
    """The same database by the role that owns it: for what only a migration or an intruder does."""
    return as_role(database_url, USER)


@pytest.fixture
def audit_url(database_url: str) -> str:
    """The same database by the role that seals and prunes the audit log."""
    return as_role(database_url, AUDIT)


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
    with _redis_in(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of this test's, which it may kill, or have another take over from."""
    with _redis_in(tmp_path / "redis") as server:
        yield server


@contextmanager
def _redis_in(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder / "data", folder / "log")
    try:
        server.start()
        yield server
    finally:
        server.stop()


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
