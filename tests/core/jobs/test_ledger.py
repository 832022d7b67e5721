"""Enqueueing, cancelling and pausing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import redis
from sqlmodel import Session, select

from core.jobs import claims
from core.jobs.ledger import cancel, enqueue, pause, resume
from core.jobs.push import PENDING
from core.kit import correlation
from core.kit.db import Database
from core.kit.errors import NotFound
from schemas.base import utc_now
from schemas.contracts import Once
from schemas.ephemeral_jobs import Presign
from schemas.jobs import Deliver, PollInvoices
from schemas.queue import Job

WORKER = "host:1"


def job_of(session: Session, job_id: UUID) -> Job:
    session.expire_all()
    return session.exec(select(Job).where(Job.id == job_id)).one()


def count(session: Session) -> int:
    return len(session.exec(select(Job)).all())


def _enqueue_slot(database: Database) -> UUID:
    with database.transaction() as session:
        return enqueue(session, Once(PollInvoices(), "slot"))


def begin(session: Session, job_id: UUID) -> claims.Claim:
    held = claims.claim(session.connection(), job_id, WORKER)
    assert held is not None
    return held


def test_a_job_is_written_with_its_contract_and_origin(session: Session) -> None:
    parent = uuid4()
    tokens = correlation.correlation.set("abc"), correlation.parent_job.set(parent)
    try:
        job_id = enqueue(session, Deliver(order_id=7))
    finally:
        correlation.correlation.reset(tokens[0])
        correlation.parent_job.reset(tokens[1])
    job = job_of(session, job_id)
    assert (job.actor, job.queue, job.args, job.state) == ("deliver", "delivery", {"order_id": 7}, "queued")
    assert (job.attempt, job.correlation_id, job.parent_id) == (0, "abc", parent)


def test_only_a_due_job_is_remembered_for_the_push(session: Session) -> None:
    now = enqueue(session, Deliver(order_id=1))
    enqueue(session, Deliver(order_id=2), due_at=utc_now() + timedelta(hours=1))
    assert [item.job_id for item in session.info[PENDING]] == [now]


def test_a_unique_key_is_unique_over_all_states(session: Session) -> None:
    first = enqueue(session, Once(PollInvoices(), "cron:poll:1"))
    claims.finish(session.connection(), begin(session, first))
    assert enqueue(session, Once(PollInvoices(), "cron:poll:1")) == first
    assert (count(session), job_of(session, first).state) == (1, "done")


def test_a_released_key_is_free_again_when_the_job_has_ended(session: Session) -> None:
    first = enqueue(session, Once(PollInvoices(), "poll", released=True))
    assert enqueue(session, Once(PollInvoices(), "poll", released=True)) == first
    claims.finish(session.connection(), begin(session, first))
    assert enqueue(session, Once(PollInvoices(), "poll", released=True)) != first
    assert count(session) == 2


def test_a_key_asked_for_while_its_job_runs_makes_the_job_run_once_more(session: Session) -> None:
    first = enqueue(session, Once(PollInvoices(), "poll", released=True))
    held = begin(session, first)
    assert enqueue(session, Once(PollInvoices(), "poll", released=True)) == first
    claims.finish(session.connection(), held)
    job = job_of(session, first)
    assert (job.state, job.unique_key, job.finished_at) == ("queued", "poll", None)
    claims.finish(session.connection(), begin(session, first))
    job = job_of(session, first)
    assert (job.state, job.unique_key, job.rerun) == ("done", None, False)


def test_a_key_that_is_kept_makes_nothing_run_again(session: Session) -> None:
    first = enqueue(session, Once(PollInvoices(), "event:1"))
    held = begin(session, first)
    enqueue(session, Once(PollInvoices(), "event:1"))
    claims.finish(session.connection(), held)
    assert job_of(session, first).state == "done"


def test_an_ephemeral_job_is_not_enqueued(session: Session) -> None:
    with pytest.raises(TypeError, match="ask"):
        enqueue(session, Presign(link_id=uuid4()))


def test_a_queued_job_is_cancelled_at_once_and_releases_its_key(session: Session) -> None:
    job_id = enqueue(session, Once(PollInvoices(), "poll", released=True))
    assert cancel(session, job_id) == "cancelled"
    assert claims.claim(session.connection(), job_id, WORKER) is None
    job = job_of(session, job_id)
    assert job.finished_at is not None
    assert job.unique_key is None


def test_a_running_job_is_only_asked_to_stop(session: Session) -> None:
    job_id = enqueue(session, PollInvoices())
    held = begin(session, job_id)
    assert cancel(session, job_id) == "running"
    assert claims.renew(session.connection(), [held]) == {job_id: True}


def test_a_job_that_has_ended_cannot_be_cancelled(session: Session) -> None:
    job_id = enqueue(session, PollInvoices())
    claims.finish(session.connection(), begin(session, job_id))
    with pytest.raises(NotFound):
        cancel(session, job_id)


def test_a_paused_queue_is_not_claimed_until_it_is_resumed(session: Session) -> None:
    job_id = enqueue(session, Deliver(order_id=1))
    pause(session, "delivery", "cli")
    pause(session, "delivery", "cli")
    assert claims.claim(session.connection(), job_id, WORKER) is None
    resume(session, "delivery")
    assert claims.claim(session.connection(), job_id, WORKER) is not None


def test_who_asks_for_a_key_waits_for_its_holder_to_commit(database: Database) -> None:
    with Session(database.engine) as first, ThreadPoolExecutor(1) as pool:
        one = enqueue(first, Once(PollInvoices(), "slot"))
        other = pool.submit(_enqueue_slot, database)
        with pytest.raises(TimeoutError):
            other.result(timeout=0.2)
        first.commit()
        assert other.result(timeout=60) == one


def test_what_is_rolled_back_is_neither_stored_nor_pushed(database: Database, redis_url: str) -> None:
    pushed: list[Session] = []
    database.after_commit = pushed.append

    def enqueue_and_fail() -> None:
        with database.transaction() as session:
            enqueue(session, Deliver(order_id=1))
            raise ValueError("the change itself failed")

    with pytest.raises(ValueError, match="itself"):
        enqueue_and_fail()
    assert pushed == []
    with database.transaction() as session:
        assert count(session) == 0
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
