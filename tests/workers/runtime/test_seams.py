"""Private parts of Dramatiq that `workers.runtime` leans on (docs/private-seams.md)."""

import threading
from queue import PriorityQueue
from typing import Any
from uuid import uuid4

import dramatiq
from dramatiq import Message, MessageProxy
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, Shutdown, TimeLimit, raise_thread_exception
from dramatiq.worker import _WorkQueueItem

from core.jobs.redis_queue import Pending
from tests.support.waiting import wait_until
from workers.runtime.child import PrefetchWorker
from workers.runtime.prefetch_claim import PrefetchQueue, PrefetchThread, current


def test_a_worker_makes_its_threads_one_by_one_and_they_work_off_the_queue_they_got() -> None:
    broker, views = StubBroker(middleware=[]), []
    seen = threading.Event()

    def look() -> None:
        views.append(current.prefetch)
        seen.set()

    actor = dramatiq.actor(broker=broker, actor_name="look")(look)
    worker = PrefetchWorker(broker, worker_threads=2, worker_timeout=50)
    worker.start()
    try:
        actor.send()
        assert seen.wait(60)
        assert [type(thread) for thread in worker.workers] == [PrefetchThread, PrefetchThread]
        assert views[0] in [
            thread.prefetch for thread in worker.workers if isinstance(thread, PrefetchThread)
        ]
        worker.work_queue.join()  # every message was marked as done through the thread's view
    finally:
        worker.stop(timeout=5000)
        broker.close()


def test_an_entry_of_the_work_queue_bears_its_message_with_the_keywords() -> None:
    job_id, work_queue = uuid4(), PriorityQueue[Any]()
    message: Message[Any] = Message.decode(Pending(job_id, "actor", "bulk").message())
    work_queue.put(_WorkQueueItem(10, MessageProxy(message)))

    prefetch = PrefetchQueue(work_queue)

    assert prefetch.next_job() == job_id
    assert prefetch.get(timeout=0).message.kwargs == {"job_id": str(job_id), "alone": False}


def test_a_message_in_hand_says_whether_its_actor_failed() -> None:
    message: Message[Any] = Message.decode(Pending(uuid4(), "actor", "bulk").message())
    proxy = MessageProxy(message)
    assert proxy.failed is False
    proxy.fail()
    assert proxy.failed is True


def test_time_limits_begin_with_the_signal_of_the_process() -> None:
    assert "after_process_boot" in vars(TimeLimit)
    assert "before_process_message" in vars(AgeLimit)


def test_a_thread_can_be_interrupted_from_outside() -> None:
    stopped = threading.Event()
    working = threading.Event()

    def work() -> None:
        try:
            working.set()
            wait_until(lambda: False)
        except Shutdown:
            stopped.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert working.wait(60)
    assert thread.ident is not None
    raise_thread_exception(thread.ident, Shutdown)  # type: ignore[no-untyped-call]
    assert stopped.wait(60)
    thread.join(60)
