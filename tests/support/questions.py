"""Questions of a running shop, answered in a thread of the test as a worker would."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import redis

from core.jobs.redis_queue import list_key
from core.jobs.request_reply import write_reply
from schemas.contracts import BESIDE

Answer = Callable[[dict[str, Any]], None]
LAST = b"no more questions"


class Answering:
    """Gives each question of a queue to `answer`, in a thread: its message with `actor_name` and `kwargs`."""

    def __init__(self, redis_url: str, queue: str, answer: Answer) -> None:
        # A client would give up by itself while nobody asks.
        self._client: redis.Redis = redis.Redis.from_url(redis_url, socket_timeout=None)
        self._queue = queue
        self._answer = answer
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        """Let it end once all that was asked before is answered; a second time, do nothing."""
        if not self._thread.is_alive():
            return
        self._client.rpush(list_key(self._queue), LAST)
        self._thread.join()
        self._client.close()

    def _serve(self) -> None:
        lists = [list_key(queue) for queue in (self._queue, *BESIDE.get(self._queue, ()))]
        while True:
            taken: Any = self._client.blpop(lists, timeout=1)
            if taken is None:
                continue
            if (body := taken[1]) == LAST:
                return
            message = msgspec.json.decode(body)
            if message["kwargs"].get("answer_to"):
                self._answer(message)


@contextmanager
def answering(redis_url: str, queue: str, answer: Answer) -> Iterator[None]:
    """Answer the questions of a queue while the block runs."""
    thread = Answering(redis_url, queue, answer)
    try:
        yield
    finally:
        thread.stop()


class UrlWorker:
    """Answers every question with an address, and remembers what it was asked."""

    def __init__(self, redis_url: str, address: str) -> None:
        self.questions: list[dict[str, Any]] = []
        self._redis_url = redis_url
        self._address = address

    def answer(self, message: dict[str, Any]) -> None:
        """Note the question; the fields of its payload may stand in the address."""
        payload = message["kwargs"]["payload"]
        self.questions.append(payload)
        reply = write_reply({"url": self._address.format(**payload)})
        with redis.Redis.from_url(self._redis_url) as client:
            client.rpush(message["kwargs"]["answer_to"], reply)
