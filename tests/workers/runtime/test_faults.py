"""Servers that go away, messages that vanish, jobs that kill their worker."""

import threading
from collections.abc import Callable
from uuid import UUID

from dramatiq import Message, MessageProxy
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from core.jobs.claims import claim
from core.jobs.ledger import enqueue
from core.jobs.redis_queue import RedisQueue
from core.jobs.sweeper import take_back
from core.process.settings import Settings
from scripts.embedded.redis_server import RedisServer
from tests.support.waiting import wait_until
from tests.workers.runtime.jobs import GROUP, Brief, Shop, Work
from workers.run import Run
from workers.runtime.broker import RedisQueueConsumer
from workers.runtime.worker_identity import WorkerIdentity


def add(shop: Shop, count: int) -> list[UUID]:
    with shop.database.transaction() as session:
        return [enqueue(session, Work(number=number)) for number in range(count)]


def lose_all(shop: Shop) -> None:
    """The worker of everything that runs has died."""
    with Session(shop.database.engine) as session:
        session.connection().exec_driver_sql("UPDATE job SET lease_until = now() WHERE state = 'running'")
        session.commit()
    take_back(shop.database.engine, GROUP.queues)


def test_flushing_redis_in_the_middle_loses_and_repeats_nothing(shop: Shop) -> None:
    done: list[int] = []

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        with run.effect():
            done.append(job.number)
        if job.number == 50:
            shop.redis.flushall()

    with shop.worker():
        add(shop, 400)
        wait_until(lambda: shop.states() == {"done": 400})
    assert sorted(done) == list(range(400))


def test_jobs_enqueued_while_redis_is_away_run_when_it_is_back(
    database_url: str, settings: Callable[..., Settings], own_redis: RedisServer
) -> None:
    shop = Shop(settings(database_url=database_url, redis_url=own_redis.url))

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    with shop.worker():
        add(shop, 1)
        wait_until(lambda: shop.states() == {"done": 1})
        own_redis.kill()
        add(shop, 30)
        own_redis.start()
        wait_until(lambda: shop.states() == {"done": 31}, seconds=40)
    shop.close()


def test_a_database_that_drops_all_connections_loses_nothing(shop: Shop) -> None:
    dropped = threading.Event()

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        if job.number == 30 and not dropped.is_set():
            dropped.set()
            with Session(shop.database.engine) as session:
                session.connection().exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    def settled() -> bool:
        try:
            return shop.states() == {"done": 100}
        except OperationalError:
            return False  # the test's own connection was dropped with the others

    with shop.worker():
        add(shop, 100)
        wait_until(settled, seconds=60)
    assert dropped.is_set()


def test_a_job_that_kills_its_worker_ends_dead_and_its_neighbours_do_not(shop: Shop) -> None:
    """The death is played: what runs beside the poison loses its lease with it, three times."""
    deaths: list[int] = []
    neighbours_beside: list[int] = []
    running: set[int] = set()
    lock = threading.Lock()
    release = threading.Event()

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        with lock:
            running.add(job.number)
        if job.number == 0:
            if not deaths:
                wait_until(lambda: len(running) == 4)  # all threads run beside it the first time
            neighbours_beside.append(len(running) - 1)
            deaths.append(run.attempt)
            lose_all(shop)
            release.set()
        elif not deaths:
            release.wait(60)
        with lock:
            running.discard(job.number)

    with shop.worker():
        poison, *neighbours = add(shop, 4)
        wait_until(lambda: shop.states() == {"dead": 1, "done": 3}, seconds=60)
    assert len(deaths) == 3
    assert neighbours_beside == [3, 0, 0]
    assert (shop.job(poison).state, shop.job(poison).lost) == ("dead", 3)
    assert {shop.job(job_id).lost for job_id in neighbours} == {1}
    assert {shop.job(job_id).failures for job_id in neighbours} == {0}


def test_a_child_takes_back_at_once_what_the_dead_one_before_it_held(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    of_dead, of_another = add(shop, 2)
    with shop.database.transaction() as session:
        for job_id, worker in ((of_dead, "host:1:a"), (of_another, "host:1:b")):
            assert claim(session.connection(), job_id, worker, lease=3600) is not None
    with shop.worker(identity=WorkerIdentity("host:2:a", died=("host:1:a",))):
        wait_until(lambda: shop.job(of_dead).state == "done")
    assert (shop.job(of_dead).lost, shop.job(of_dead).worker) == (1, "host:2:a")
    assert [(attempt.outcome, attempt.worker) for attempt in shop.attempts(of_dead)] == [("lost", "host:1:a")]
    assert (shop.job(of_another).state, shop.job(of_another).lost) == ("running", 0)


def test_a_message_that_is_not_dramatiqs_is_passed_over(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    shop.redis.rpush("dramatiq:bulk", "x", "y")
    shop.redis.hset("dramatiq:bulk.msgs", "x", b"\xff not json")
    with shop.worker():
        (job_id,) = add(shop, 1)
        wait_until(lambda: shop.job(job_id).state == "done")


def test_a_job_unknown_to_this_worker_stays_in_the_ledger(shop: Shop) -> None:
    @shop.registry.actor(Brief)
    def brief(run: Run, job: Brief) -> None:
        pass

    with shop.worker():
        (job_id,) = add(shop, 1)
        wait_until(lambda: shop.redis.llen("dramatiq:bulk") == 0)
    assert shop.job(job_id).state == "queued"


def test_what_a_worker_puts_back_is_a_message_again(shop: Shop) -> None:
    add(shop, 2)
    queue = RedisQueue(shop.redis)
    bodies = queue.take("bulk", 5)
    messages = [MessageProxy(Message.decode(body)) for body in bodies]
    RedisQueueConsumer(queue, "bulk", 4, threading.Event()).requeue(messages)
    assert len(queue.take("bulk", 5)) == 2


def test_a_full_consumer_waits_until_something_is_done(shop: Shop) -> None:
    working, release = threading.Semaphore(0), threading.Event()

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        working.release()
        release.wait(60)

    with shop.worker():
        add(shop, 60)
        for _ in range(GROUP.threads):
            working.acquire()
        wait_until(lambda: shop.redis.llen("dramatiq:bulk") == 60 - GROUP.pools[0].prefetch)
        release.set()
        wait_until(lambda: shop.states() == {"done": 60})
