"""Questions answered by a real worker."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import redis.asyncio

from core.jobs.ledger import enqueue
from core.jobs.redis_queue import list_key, make_message
from core.jobs.request_reply import ANSWER_TTL, NoReply, call, reply_key
from core.kit.errors import NotFound
from tests.support.waiting import wait_until
from tests.workers.runtime.jobs import GROUP, Picture, Question, Shop, Work
from workers.run import Run
from workers.runtime.child import Child
from workers.services import Services


@pytest.fixture
def answering(shop: Shop) -> Shop:
    """A shop whose workers double a number, do not know zero, and cannot count to seven."""

    @shop.registry.answer(Question)
    def answer(services: Services, job: Question) -> dict[str, Any]:
        if job.number == 0:
            raise NotFound("no-such-number", {"number": 0})
        return {"double": 2 * job.number, "rest": 1 // (job.number - 7)}

    @shop.registry.actor(Work)
    def work(run: Run, job: Work) -> None:
        pass

    return shop


def put(shop: Shop, *numbers: int) -> list[Any]:
    async def work() -> list[Any]:
        client = redis.asyncio.Redis.from_url(shop.settings.redis_url)
        try:
            requests = [call(client, Question(number=number), timeout=10) for number in numbers]
            answers: list[Any] = await asyncio.gather(*requests, return_exceptions=True)
            return answers
        finally:
            await client.aclose()

    return asyncio.run(work())


def test_questions_are_answered_beside_jobs(answering: Shop) -> None:
    with answering.worker():
        with answering.database.transaction() as session:
            for number in range(100):
                enqueue(session, Work(number=number))
        answers = put(answering, *range(20, 50))
        wait_until(lambda: answering.states() == {"done": 100})
    assert [answer["double"] for answer in answers] == list(range(40, 100, 2))


def test_what_the_actor_refuses_reaches_the_asker_and_what_breaks_does_not(answering: Shop) -> None:
    with answering.worker():
        refused, broken = put(answering, 0, 7)
    assert isinstance(refused, NotFound)
    assert isinstance(broken, NoReply)
    assert "division" not in str(broken)


def test_an_answer_that_nobody_fetches_expires(answering: Shop) -> None:
    with answering.worker() as child:
        child.runner.answer(Question, answering.registry.answers[Question], {"number": 3}, reply_key("x"))
    assert 0 < answering.redis.ttl(reply_key("x")) <= ANSWER_TTL


def actors_waiting(child: Child) -> list[str]:
    """Of what the worker holds ready."""
    (worker,) = child._workers
    return [entry.message.actor_name for entry in list(worker.work_queue.queue)]


def test_a_click_goes_ahead_of_pictures_that_wait(shop: Shop) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    @shop.registry.answer(Picture)
    def picture(services: Services, job: Picture) -> dict[str, Any]:
        order.append("picture")
        begun.set()
        assert go_on.wait(60)
        return {}

    @shop.registry.answer(Question)
    def click(services: Services, job: Question) -> dict[str, Any]:
        order.append("click")
        return {"double": 0, "rest": 0}

    payload = {"payload": {}, "answer_to": "nobody"}
    waiting = [make_message("picture", "pictures", payload, message_id=str(number)) for number in range(50)]
    shop.redis.rpush(list_key("pictures"), *waiting)
    with (
        shop.worker(replace(GROUP, pools=(replace(GROUP.pools[0], threads=1),))) as child,
        ThreadPoolExecutor(1) as buyer,
    ):
        assert begun.wait(60)
        clicked = buyer.submit(put, shop, 1)
        wait_until(lambda: "question" in actors_waiting(child))
        go_on.set()
        assert clicked.result(60) == [{"double": 0, "rest": 0}]
        wait_until(lambda: order.count("picture") == 50)
    assert order[:2] == ["picture", "click"], "the picture that was under way, and then the buyer"
