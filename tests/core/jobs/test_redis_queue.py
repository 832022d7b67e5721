"""Messages in a Redis list for each queue: pushed once, taken once, given back at the head."""

from collections.abc import Iterator
from uuid import uuid4

import dramatiq
import pytest
import redis

from core.jobs.redis_queue import Pending, RedisQueue, list_key


@pytest.fixture
def queue(redis_url: str) -> Iterator[RedisQueue]:
    with redis.Redis.from_url(redis_url) as client:
        yield RedisQueue(client)


def pending(attempt: int = 0) -> Pending:
    return Pending(uuid4(), "deliver", "delivery", attempt)


def test_a_message_is_one_that_dramatiq_reads() -> None:
    job = Pending(uuid4(), "deliver", "delivery", isolated=True)
    message: dramatiq.Message[None] = dramatiq.Message.decode(job.message())
    assert (message.queue_name, message.actor_name, message.args) == ("delivery", "deliver", ())
    assert message.kwargs == {"job_id": str(job.job_id), "alone": True}
    assert message.message_id.startswith(f"{job.job_id}/")


def test_a_start_on_its_way_is_not_pushed_again_but_the_next_one_is(queue: RedisQueue) -> None:
    job = pending()
    again = Pending(job.job_id, job.actor, job.queue, attempt=1)
    assert [queue.push("delivery", [each]) for each in (job, job, again)] == [1, 0, 1]
    assert queue.waiting("delivery") == [job.job_id, job.job_id]


def test_a_list_is_filled_to_its_limit_in_order(queue: RedisQueue) -> None:
    jobs = [pending() for _ in range(5)]
    assert queue.push("delivery", jobs, limit=3) == 3
    assert queue.waiting("delivery") == [job.job_id for job in jobs[:3]]
    assert queue.push("delivery", jobs[3:], limit=3) == 0


def test_what_is_given_back_is_taken_first(queue: RedisQueue) -> None:
    queue.push("delivery", [pending(), pending()])
    (first,) = queue.take("delivery", 1)
    assert queue.depth("delivery") == 1
    queue.give_back("delivery", [first])
    queue.give_back("delivery", [])
    assert queue.pop("delivery", 1) == first
    assert len(queue.take("delivery", 10)) == 1
    assert queue.take("delivery", 10) == []


def test_what_is_no_job_of_ours_is_not_counted_as_one(queue: RedisQueue) -> None:
    queue.client.rpush(list_key("delivery"), b"nonsense", b'{"message_id":"a question"}')
    assert queue.waiting("delivery") == []
    assert queue.depth("delivery") == 2


def test_one_at_a_time_does_what_many_may_begin(queue: RedisQueue) -> None:
    with queue.alone("fill") as first, queue.alone("fill") as second:
        assert (first, second) == (True, False)
    with queue.alone("fill") as next_one:
        assert next_one
