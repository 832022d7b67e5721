"""Claiming, finishing, failing and giving back; the fence."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from core.jobs.claims import Claim, LostFence, claim, fail, finish, finish_and_claim, give_back, renew
from core.jobs.ledger import enqueue
from core.jobs.retries import Verdict, describe
from core.kit.db import Database
from schemas.base import utc_now
from schemas.contracts import Once
from schemas.jobs import Deliver
from schemas.queue import Job, JobAttempt

FAULT = describe(ValueError("no luck"))
AGAIN = Verdict("queued", 60, "failed", True)


def add(session: Session, order: int = 1) -> UUID:
    return enqueue(session, Deliver(order_id=order))


def begin(session: Session, job_id: UUID, *, isolated: bool = False) -> Claim:
    held = claim(session.connection(), job_id, "host:1", isolated=isolated)
    assert held is not None
    return held


def job_of(session: Session, job_id: UUID) -> Job:
    session.expire_all()
    return session.exec(select(Job).where(Job.id == job_id)).one()


def attempts_of(session: Session, job_id: UUID) -> list[JobAttempt]:
    return list(session.exec(select(JobAttempt).where(JobAttempt.job_id == job_id)))


def test_a_claim_is_a_lease_with_a_fence(session: Session) -> None:
    held = begin(session, add(session))
    job = job_of(session, held.id)
    assert (held.attempt, held.args, held.actor) == (1, {"order_id": 1}, "deliver")
    assert (job.state, job.worker, job.attempt) == ("running", "host:1", 1)
    assert job.lease_until is not None
    assert job.started_at is not None
    assert job.lease_until - job.started_at == pytest.approx(timedelta(seconds=30), abs=timedelta(seconds=1))


def test_a_job_is_claimed_once(session: Session) -> None:
    job_id = add(session)
    begin(session, job_id)
    assert claim(session.connection(), job_id, "host:2") is None
    assert claim(session.connection(), uuid4(), "host:2") is None


def test_a_job_is_not_claimed_before_it_is_due(session: Session) -> None:
    job_id = enqueue(session, Deliver(order_id=1), due_at=utc_now() + timedelta(minutes=1))
    assert claim(session.connection(), job_id, "host:1") is None


def test_a_job_whose_worker_died_is_claimed_only_to_run_alone(session: Session) -> None:
    job_id = add(session)
    session.connection().execute(text("UPDATE job SET lost = 1"))
    assert claim(session.connection(), job_id, "host:1") is None
    assert begin(session, job_id, isolated=True).lost == 1


def test_the_effect_of_an_older_attempt_is_refused(session: Session) -> None:
    old = begin(session, add(session))
    assert give_back(session.connection(), old)
    new = begin(session, old.id)
    with pytest.raises(LostFence):
        finish(session.connection(), old)
    assert not fail(session.connection(), old, AGAIN, FAULT)
    finish(session.connection(), new)
    assert job_of(session, old.id).state == "done"


def test_a_finished_job_is_never_recorded_as_a_failure(session: Session) -> None:
    held = begin(session, add(session))
    finish(session.connection(), held)
    assert not fail(session.connection(), held, AGAIN, FAULT)
    assert job_of(session, held.id).failures == 0
    assert attempts_of(session, held.id) == []


def test_one_transaction_ends_a_job_and_begins_the_next(session: Session) -> None:
    held, next_id = begin(session, add(session)), add(session, 2)
    begun = finish_and_claim(session.connection(), held, next_id, "host:1")
    assert begun is not None
    assert (begun.id, begun.attempt, begun.args) == (next_id, 1, {"order_id": 2})
    assert job_of(session, held.id).state == "done"
    assert job_of(session, next_id).state == "running"


def test_a_lost_fence_begins_no_next_job(session: Session) -> None:
    held, next_id = begin(session, add(session)), add(session, 2)
    finish(session.connection(), held)
    with pytest.raises(LostFence):
        finish_and_claim(session.connection(), held, next_id, "host:1")
    assert job_of(session, next_id).state == "queued"


def test_a_next_job_that_another_has_is_left_alone(session: Session) -> None:
    held, other = begin(session, add(session)), begin(session, add(session, 2))
    assert finish_and_claim(session.connection(), held, other.id, "host:1") is None
    assert job_of(session, held.id).state == "done"
    assert job_of(session, other.id).attempt == 1


def test_two_threads_that_end_what_the_other_would_begin_do_not_wait_for_each_other(
    database: Database,
) -> None:
    with database.transaction() as session:
        one, two = begin(session, add(session)), begin(session, add(session, 2))
    with Session(database.engine) as first, Session(database.engine) as second:
        for session in (first, second):
            session.connection().execute(text("SET lock_timeout = '2s'"))
        assert finish_and_claim(first.connection(), one, two.id, "host:1") is None
        assert finish_and_claim(second.connection(), two, one.id, "host:1") is None
        first.commit()
        second.commit()


def test_a_failure_counts_and_leaves_what_people_need(session: Session) -> None:
    held = begin(session, add(session))
    assert fail(session.connection(), held, AGAIN, FAULT)
    job = job_of(session, held.id)
    assert (job.state, job.failures, job.error_class) == ("queued", 1, "ValueError")
    assert job.due_at > utc_now() + timedelta(seconds=50)
    (attempt,) = attempts_of(session, held.id)
    assert (attempt.outcome, attempt.error_message, attempt.worker) == ("failed", "no luck", "host:1")
    assert attempt.fingerprint == FAULT.fingerprint
    assert "ValueError: no luck" in (attempt.traceback or "")


def test_waiting_by_order_of_the_other_side_is_no_failure(session: Session) -> None:
    held = begin(session, add(session))
    fail(session.connection(), held, Verdict("queued", 5, "retry_after", False), FAULT)
    assert job_of(session, held.id).failures == 0


def test_a_dead_job_has_ended(session: Session) -> None:
    held = begin(session, add(session))
    fail(session.connection(), held, Verdict("dead", 0, "failed", True), FAULT)
    job = job_of(session, held.id)
    assert (job.state, job.failures) == ("dead", 1)
    assert job.finished_at is not None
    assert claim(session.connection(), held.id, "host:1") is None


def test_a_dead_job_that_was_asked_for_again_meanwhile_is_queued_anew(session: Session) -> None:
    held = begin(session, enqueue(session, Once(Deliver(order_id=1), "k", released=True)))
    enqueue(session, Once(Deliver(order_id=1), "k", released=True))
    fail(session.connection(), held, Verdict("dead", 0, "failed", True), FAULT)
    job = job_of(session, held.id)
    assert (job.state, job.failures, job.unique_key) == ("queued", 0, "k")


def test_giving_back_counts_nothing_but_moves_the_fence(session: Session) -> None:
    held = begin(session, add(session))
    assert give_back(session.connection(), held)
    job = job_of(session, held.id)
    assert (job.state, job.failures, job.lost) == ("queued", 0, 0)
    assert begin(session, held.id).attempt == 2
    assert [item.outcome for item in attempts_of(session, held.id)] == ["given_back"]


def test_only_the_holder_renews_a_lease(session: Session) -> None:
    held = begin(session, add(session))
    session.connection().execute(text("UPDATE job SET lease_until = now() - interval '1 second'"))
    stale = Claim(held.id, held.attempt - 1, held.actor, held.args, 0, 0, "")
    assert renew(session.connection(), [stale]) == {}
    assert renew(session.connection(), [held]) == {held.id: False}
    lease = job_of(session, held.id).lease_until
    assert lease is not None
    assert lease > utc_now() + timedelta(seconds=20)
