"""Pushing what is due, taking back what died."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import redis
from sqlmodel import select

from core.jobs.claims import LOST_LIMIT, Claim, claim
from core.jobs.ledger import enqueue, pause, resume
from core.jobs.redis_queue import DEPTH, Pending, RedisQueue
from core.jobs.sweeper import REFILL, Filler, take_back
from core.kit.db import Database
from schemas.base import utc_now
from schemas.jobs import Deliver
from schemas.queue import Job, JobAttempt

QUEUE = "delivery"


@pytest.fixture
def queue(redis_url: str) -> Iterator[RedisQueue]:
    with redis.Redis.from_url(redis_url) as client:
        yield RedisQueue(client)


@pytest.fixture
def filler(database: Database, queue: RedisQueue) -> Filler:
    return Filler(database.engine, queue)


def add(database: Database, count: int = 1, *, later: timedelta | None = None) -> list[UUID]:
    due_at = utc_now() + later if later else None
    with database.transaction() as session:
        return [enqueue(session, Deliver(order_id=order), due_at=due_at) for order in range(count)]


def begin(database: Database, job_id: UUID, *, isolated: bool = False) -> Claim | None:
    with database.transaction() as session:
        return claim(session.connection(), job_id, "host:1", isolated=isolated)


def lose(database: Database, job_id: UUID) -> None:
    """Run the job until its worker dies."""
    assert begin(database, job_id, isolated=True) is not None
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE job SET lease_until = now() - interval '1 second'")
    assert take_back(database.engine, [QUEUE]) == 1


def job_of(database: Database, job_id: UUID) -> Job:
    with database.transaction() as session:
        return session.exec(select(Job).where(Job.id == job_id)).one()


def test_what_is_due_and_not_in_redis_is_pushed_once(
    database: Database, queue: RedisQueue, filler: Filler
) -> None:
    ids = add(database, 3)
    add(database, later=timedelta(minutes=1))
    assert filler.top_up(QUEUE)
    assert not filler.top_up(QUEUE)
    assert sorted(queue.waiting(QUEUE)) == sorted(ids)


def test_a_taken_message_is_not_repeated_while_it_is_on_its_way(
    database: Database, queue: RedisQueue, filler: Filler
) -> None:
    add(database)
    filler.top_up(QUEUE)
    assert len(queue.take(QUEUE, 10)) == 1
    assert not filler.top_up(QUEUE)
    assert queue.depth(QUEUE) == 0


def test_a_message_that_died_with_its_taker_is_repeated(
    database: Database, queue: RedisQueue, filler: Filler
) -> None:
    (job_id,) = add(database)
    filler.top_up(QUEUE)
    queue.take(QUEUE, 10)
    queue.client.delete(Pending(job_id, "deliver", QUEUE).mark)  # five seconds pass
    assert filler.top_up(QUEUE)
    assert queue.waiting(QUEUE) == [job_id]


def test_a_message_that_still_waits_is_never_doubled(
    database: Database, queue: RedisQueue, filler: Filler
) -> None:
    (job_id,) = add(database)
    filler.top_up(QUEUE)
    queue.client.delete(Pending(job_id, "deliver", QUEUE).mark)
    filler.top_up(QUEUE)
    assert queue.depth(QUEUE) == 1


def test_losing_all_of_redis_loses_nothing(database: Database, queue: RedisQueue, filler: Filler) -> None:
    ids = add(database, 20)
    filler.top_up(QUEUE)
    queue.client.flushall()
    filler.top_up(QUEUE)
    assert sorted(queue.waiting(QUEUE)) == sorted(ids)


def test_a_backlog_does_not_grow_redis(database: Database, queue: RedisQueue, filler: Filler) -> None:
    add(database, DEPTH + 500)
    assert filler.top_up(QUEUE)
    assert filler.top_up(QUEUE)
    assert queue.depth(QUEUE) == DEPTH


def test_a_list_is_filled_up_again_when_little_of_it_is_left(
    database: Database, queue: RedisQueue, filler: Filler
) -> None:
    add(database, 2 * DEPTH)
    filler.top_up(QUEUE)
    queue.take(QUEUE, DEPTH - REFILL)
    # What was taken is due still, and older than what is to be pushed.
    while filler.top_up(QUEUE) and queue.depth(QUEUE) <= REFILL:
        pass
    assert queue.depth(QUEUE) > REFILL


def test_two_that_fill_at_once_do_it_once(database: Database, queue: RedisQueue, filler: Filler) -> None:
    add(database)
    with queue.alone(f"fill:{QUEUE}"):
        assert filler.top_up(QUEUE)
        assert queue.depth(QUEUE) == 0
    filler.top_up(QUEUE)
    assert queue.depth(QUEUE) == 1


def test_a_paused_queue_is_not_pushed(database: Database, queue: RedisQueue, filler: Filler) -> None:
    add(database)
    with database.transaction() as session:
        pause(session, QUEUE, "cli")
    assert not filler.top_up(QUEUE)
    with database.transaction() as session:
        resume(session, QUEUE)
    assert filler.top_up(QUEUE)


def test_a_lost_lease_is_counted_apart_and_the_job_runs_alone(
    database: Database, queue: RedisQueue, filler: Filler
) -> None:
    (job_id,) = add(database)
    lose(database, job_id)
    job = job_of(database, job_id)
    assert (job.state, job.lost, job.failures) == ("queued", 1, 0)
    filler.top_up(QUEUE)
    (body,) = queue.take(QUEUE, 1)
    assert b'"alone":true' in body


def test_three_lost_leases_are_the_end(database: Database) -> None:
    (job_id,) = add(database)
    for _ in range(LOST_LIMIT):
        lose(database, job_id)
    job = job_of(database, job_id)
    assert (job.state, job.lost, job.failures) == ("dead", LOST_LIMIT, 0)
    assert job.finished_at is not None
    with database.transaction() as session:
        attempts = session.exec(select(JobAttempt)).all()
    assert [item.outcome for item in attempts] == ["lost"] * LOST_LIMIT
    assert "killed" in (attempts[0].error_message or "")


def test_what_a_dead_worker_held_does_not_wait_for_its_lease_and_counts_as_lost(database: Database) -> None:
    held, neighbours = add(database), add(database, 3)
    for round_number in range(1, LOST_LIMIT + 1):
        begin(database, held[0], isolated=True)
        if round_number == 1:
            with database.transaction() as session:
                assert claim(session.connection(), neighbours[0], "host:1:other") is not None
        assert take_back(database.engine, [QUEUE], died=["host:1"]) == 1
        assert job_of(database, held[0]).lost == round_number
    assert job_of(database, held[0]).state == "dead"
    assert [job_of(database, job_id).state for job_id in neighbours] == ["running", "queued", "queued"]
    assert {job_of(database, job_id).lost for job_id in neighbours} == {0}


def test_a_cancelled_job_whose_worker_died_is_cancelled(database: Database) -> None:
    (job_id,) = add(database)
    begin(database, job_id)
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE job SET cancel_requested = true, lease_until = now() - interval '1 second'"
        )
    take_back(database.engine, [QUEUE])
    assert job_of(database, job_id).state == "cancelled"


def test_a_lease_that_still_holds_and_other_queues_are_left_alone(database: Database) -> None:
    (job_id,) = add(database)
    begin(database, job_id)
    assert take_back(database.engine, [QUEUE]) == 0
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE job SET lease_until = now() - interval '1 second'")
    assert take_back(database.engine, ["bulk"]) == 0
