"""Jobs that run in a real worker: done, failed, interrupted, given back."""

import threading
import time
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from core.jobs.ledger import cancel, enqueue, pause, resume
from core.kit import correlation
from core.kit.errors import Permanent, RetryAfter
from schemas.contracts import JobContract
from schemas.stripe import StripePlatform
from tests.support.waiting import wait_until
from tests.workers.runtime.jobs import Brief, Shop, Work
from workers.run import Run


def add(shop: Shop, job: JobContract) -> UUID:
    with shop.database.transaction() as session:
        return enqueue(session, job)


def test_a_job_is_done_when_its_effect_commits(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        with run.effect() as session:
            session.connection().execute(text("UPDATE job SET correlation_id = 'changed'"))

    with shop.worker():
        job_id = add(shop, Work())
        wait_until(lambda: shop.job(job_id).state == "done")
    job = shop.job(job_id)
    assert (job.attempt, job.failures, job.correlation_id) == (1, 0, "changed")
    assert job.finished_at is not None


def test_a_worker_says_that_it_has_the_key_of_stripe_to_those_who_must_not_see_it(shop: Shop) -> None:
    shop.settings = replace(shop.settings, stripe_secret_key="rk_live_of_the_tests")
    with shop.worker(), shop.database.transaction() as session:
        assert session.exec(select(StripePlatform.mode)).one() == "live"


def test_a_job_without_an_effect_is_done_when_its_actor_returns(shop: Shop) -> None:
    numbers: list[int] = []

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        numbers.append(job.number)

    with shop.worker():
        ids = [add(shop, Work(number=number)) for number in range(50)]
        wait_until(lambda: all(shop.job(job_id).state == "done" for job_id in ids))
    assert sorted(numbers) == list(range(50))


def test_a_job_enqueued_by_a_job_knows_its_parent_and_correlation(shop: Shop) -> None:
    seen: list[tuple[UUID | None, str]] = []

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        seen.append((correlation.parent_job.get(), correlation.correlation.get()))
        if job.number:
            with run.effect() as session:
                enqueue(session, Work())

    with shop.worker():
        parent = add(shop, Work(number=1))
        wait_until(lambda: shop.states() == {"done": 2})
    assert seen[0][0] == parent
    with shop.database.transaction() as session:
        rows = session.connection().execute(
            text("SELECT parent_id, correlation_id FROM job ORDER BY created_at")
        )
        (_, of_parent), (child_parent, of_child) = rows.all()
    assert (child_parent, of_child) == (parent, of_parent)


def test_an_effect_of_a_job_that_another_has_is_rolled_back(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        if run.attempt > 1:
            return
        with run.services.database.transaction() as session:
            session.connection().execute(
                text("UPDATE job SET state = 'queued', due_at = now() WHERE id = :id"), {"id": run.job_id}
            )
        with run.effect() as session:
            session.connection().execute(text("UPDATE job SET correlation_id = 'lost'"))

    with shop.worker():
        job_id = add(shop, Work())
        wait_until(lambda: shop.job(job_id).state == "done")
    job = shop.job(job_id)
    assert (job.attempt, job.failures) == (2, 0)
    assert job.correlation_id != "lost"


def test_a_failing_job_is_tried_again_and_then_dead(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        raise ConnectionError("the other side is away")

    with shop.worker():
        job_id = add(shop, Work())
        wait_until(lambda: shop.job(job_id).state == "dead")
    job = shop.job(job_id)
    assert (job.attempt, job.failures, job.lost) == (3, 3, 0)
    attempts = shop.attempts(job_id)
    assert [item.outcome for item in attempts] == ["failed"] * 3
    assert len({item.fingerprint for item in attempts}) == 1
    assert "the other side is away" in (attempts[0].traceback or "")


@pytest.mark.parametrize("error", [Permanent("no such order"), ValueError("x\0y")])
def test_a_permanent_error_is_not_tried_again(shop: Shop, error: Exception) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        raise error

    with shop.worker():
        job_id = add(shop, Work())
        wait_until(lambda: shop.job(job_id).state == "dead")
    assert shop.job(job_id).attempt == (1 if isinstance(error, Permanent) else 3)


def test_retry_after_sets_the_time_and_counts_nothing(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        if run.attempt < 5:
            raise RetryAfter(0.01, "FLOOD_WAIT")

    with shop.worker():
        job_id = add(shop, Work())
        wait_until(lambda: shop.job(job_id).state == "done")
    job = shop.job(job_id)
    assert (job.attempt, job.failures) == (5, 0)
    assert [item.outcome for item in shop.attempts(job_id)] == ["retry_after"] * 4


def test_arguments_that_break_the_contract_are_permanent(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        raise AssertionError("never reached")

    with shop.database.transaction() as session:
        job_id = enqueue(session, Work())
        session.connection().execute(text("""UPDATE job SET args = '{"number": "many"}'"""))
    with shop.worker():
        wait_until(lambda: shop.job(job_id).state == "dead")
    assert "number" in (shop.job(job_id).error_message or "")


def test_a_job_beyond_its_time_limit_is_interrupted_and_failed(shop: Shop) -> None:
    @shop.registry.actor(Brief)
    def brief(run: Run, job: Brief) -> None:
        wait_until(lambda: False, 30)

    with shop.worker():
        job_id = add(shop, Brief())
        wait_until(lambda: shop.job(job_id).state == "dead")
    assert "TimeLimitExceeded" in (shop.job(job_id).error_class or "")


def test_an_interrupt_after_the_effect_is_not_a_failure(shop: Shop) -> None:
    @shop.registry.actor(Brief)
    def brief(run: Run, job: Brief) -> None:
        with run.effect():
            pass
        wait_until(lambda: False, 5)

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    with shop.worker():
        job_id = add(shop, Brief())
        wait_until(lambda: shop.job(job_id).state == "done")
        # All threads are free again, so the interrupt has come.
        wait_until(lambda: shop.job(add(shop, Work())).actor == Work.actor)
    job = shop.job(job_id)
    assert (job.state, job.failures, shop.attempts(job_id)) == ("done", 0, [])


def test_a_running_job_can_be_cancelled_where_it_looks(shop: Shop) -> None:
    working = threading.Event()

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        working.set()
        wait_until(run.stop_if_cancelled)

    with shop.worker(lease=0.6):
        job_id = add(shop, Work())
        working.wait(60)
        with shop.database.transaction() as session:
            assert cancel(session, job_id) == "running"
        wait_until(lambda: shop.job(job_id).state == "cancelled")
    assert [item.outcome for item in shop.attempts(job_id)] == ["cancelled"]


def test_a_paused_queue_waits_and_goes_on_when_resumed(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    with shop.database.transaction() as session:
        pause(session, "bulk", "cli")
    with shop.worker():
        job_id = add(shop, Work())
        wait_until(lambda: shop.redis.llen("dramatiq:bulk") == 0)
        assert shop.job(job_id).state == "queued"
        with shop.database.transaction() as session:
            resume(session, "bulk")
        wait_until(lambda: shop.job(job_id).state == "done")


def test_the_lease_of_a_long_job_is_renewed(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        first = shop.job(run.job_id).lease_until
        wait_until(lambda: shop.job(run.job_id).lease_until != first)
        wait_until(lambda: time.time() > first.timestamp() + 1.2 if first else False)

    with shop.worker(lease=1):
        job_id = add(shop, Work())
        wait_until(lambda: shop.job(job_id).state == "done")
    assert (shop.job(job_id).attempt, shop.job(job_id).lost) == (1, 0)


def test_shutdown_lets_short_jobs_end_and_gives_long_ones_back(shop: Shop) -> None:
    working = threading.Barrier(3)

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        working.wait(60)
        if job.number == 1:
            child.runner.stopping.wait(60)
        else:
            wait_until(lambda: False, seconds=60)

    with shop.worker() as child:
        short, long = add(shop, Work(number=1)), add(shop, Work(number=2))
        working.wait(60)
        child.stop(finish=5)
        assert (shop.job(short).state, shop.job(long).state) == ("done", "queued")
    job = shop.job(long)
    assert (job.failures, job.lost) == (0, 0)
    assert [item.outcome for item in shop.attempts(long)] == ["given_back"]


def test_shutdown_gives_back_a_job_that_nothing_interrupts(shop: Shop) -> None:
    working = threading.Barrier(2)
    release = threading.Event()

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        working.wait(60)
        release.wait(30)  # one blocking call: an asynchronous exception comes only after it

    with shop.worker() as child:
        job_id = add(shop, Work())
        working.wait(60)
        child.stop(finish=0.1, interrupt=0.1)
        assert shop.job(job_id).state == "queued"
        release.set()


def test_what_was_not_begun_at_shutdown_goes_back_to_redis(shop: Shop) -> None:
    working = threading.Barrier(5)
    release = threading.Event()

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        working.wait(60)
        release.wait(60)

    with shop.worker() as child:
        ids = [add(shop, Work()) for _ in range(12)]
        working.wait(60)
        threading.Timer(0.3, release.set).start()
        child.stop()
    assert sorted(job.state for job in map(shop.job, ids)) == ["done"] * 4 + ["queued"] * 8
    assert shop.redis.llen("dramatiq:bulk") == 8


def test_a_contract_has_one_actor(shop: Shop) -> None:
    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    with pytest.raises(ValueError, match="has an actor already"):
        shop.registry.actor(Work)(work)
