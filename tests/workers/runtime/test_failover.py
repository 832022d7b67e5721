"""Servers that others take over from, in the middle of jobs: nothing is lost, nothing is done twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from core.jobs.ledger import enqueue
from core.jobs.sweeper import REFILL
from core.process.migrate import upgrade
from core.process.settings import Settings
from schemas.queue import JobAttempt
from scripts.embedded.pgbouncer import Mode, PgBouncer
from scripts.embedded.postgres import USER, Postgres
from scripts.embedded.redis_replica import RedisReplica
from scripts.embedded.redis_server import RedisServer
from tests.support.servers import postgres_pair
from tests.support.waiting import wait_until
from tests.workers.runtime.jobs import Shop, Work
from workers.run import Run


@pytest.fixture
def own_shop(
    database_url: str, settings: Callable[..., Settings], own_redis: RedisServer
) -> Iterator[tuple[Shop, list[int]]]:
    """A shop on it, and the numbers of the jobs done."""
    shop = Shop(settings(database_url=database_url, redis_url=own_redis.url))
    yield shop, note_work(shop)
    shop.close()


def note_work(shop: Shop) -> list[int]:
    """Have the shop do jobs that are noted in a list; it is returned."""
    done: list[int] = []

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        with run.effect():
            done.append(job.number)

    return done


def add(shop: Shop, numbers: range) -> None:
    with shop.database.transaction() as session:
        for number in numbers:
            enqueue(session, Work(number=number))


def add_soon(shop: Shop, numbers: range) -> None:
    """Enqueue as whoever is told to come back: the first try may meet a connection that has died."""

    def added() -> bool:
        try:
            add(shop, numbers)
        except OperationalError:
            return False
        return True

    wait_until(added)


def test_a_redis_that_became_a_replica_is_left(
    own_shop: tuple[Shop, list[int]], own_redis: RedisServer, tmp_path: Path
) -> None:
    shop, done = own_shop
    with RedisReplica(own_redis, tmp_path) as replica, shop.worker():
        add(shop, range(20))
        wait_until(lambda: shop.states() == {"done": 20})
        replica.take_over()
        add(shop, range(20, 60))
        wait_until(lambda: shop.states() == {"done": 60})  # a claim that was lost keeps its job for 30 s
    assert sorted(done) == list(range(60))


def test_what_the_new_redis_was_never_told_is_done_all_the_same(
    own_shop: tuple[Shop, list[int]], own_redis: RedisServer, tmp_path: Path
) -> None:
    """It has messages of jobs that are done, and lacks those of jobs that are not.

    The old one's lists stay full: whoever only read them would believe for ever that enough is on its way.
    """
    shop, done = own_shop
    many = 3 * REFILL
    with RedisReplica(own_redis, tmp_path) as replica:
        add(shop, range(20))
        replica.leave()
        with shop.worker():
            wait_until(lambda: shop.states() == {"done": 20})
        add(shop, range(20, many))
        replica.take_over()
        with shop.worker():
            wait_until(lambda: shop.states() == {"done": many}, seconds=60)
    assert sorted(done) == list(range(many))


def test_a_standby_that_is_promoted_loses_no_job(
    settings: Callable[..., Settings], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The primary dies; for a while its address leads to a standby that only reads, and then takes writes."""
    with postgres_pair(tmp_path_factory.mktemp("pair")) as (primary, standby):
        upgrade(primary.url)
        shop = Shop(settings(database_url=primary.url, redis_url=redis_url))
        done = note_work(shop)
        with shop.worker():
            add(shop, range(40))
            wait_until(lambda: len(done) > 5)
            primary.kill()
            standby.take_over()
            with pytest.raises(OperationalError):
                wait_until(lambda: shop.states() == {})
            standby.promote()
            add_soon(shop, range(40, 60))
            wait_until(lambda: shop.states() == {"done": 60})  # a claim that was lost keeps its job for 30 s
        shop.close()
    assert set(done) == set(range(60))


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_jobs_are_done_through_a_pooler(
    mode: Mode,
    postgres: Postgres,
    database_url: str,
    redis_url: str,
    settings: Callable[..., Settings],
    tmp_path: Path,
) -> None:
    """Few connections for many threads: each statement is on another one."""
    pooler = PgBouncer(postgres, tmp_path, mode, connections=20 if mode == "session" else 3)
    try:
        pooler.start()
        database = str(conninfo_to_dict(database_url)["dbname"])
        shop = Shop(settings(database_url=pooler.url_of(database), redis_url=redis_url))
        done = note_work(shop)
        with shop.worker():
            for start in range(0, 300, 20):
                add(shop, range(start, start + 20))
            wait_until(lambda: shop.states() == {"done": 300}, seconds=60)
        with shop.database.transaction() as session:
            assert session.exec(select(JobAttempt)).all() == []
        shop.close()
    finally:
        pooler.stop()
    assert sorted(done) == list(range(300))


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_migrations_run_through_a_pooler_and_leave_no_lock(
    mode: Mode, postgres: Postgres, owner_url: str, tmp_path: Path
) -> None:
    pooler = PgBouncer(postgres, tmp_path, mode)
    try:
        pooler.start()
        database = str(conninfo_to_dict(owner_url)["dbname"])
        for _ in range(3):
            upgrade(pooler.url_of(database, USER))
        with psycopg.connect(owner_url) as connection:
            left = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
        assert left == (0,)
    finally:
        pooler.stop()
