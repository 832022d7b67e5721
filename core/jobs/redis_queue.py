"""The queue to the workers: messages in a Redis list for each queue.

A message is Dramatiq 2's (`dramatiq/message.py`), written by name, so that a sender imports neither
Dramatiq nor an actor. Its own Redis broker keeps ids in the list and bodies in a hash; here the list holds
the bodies, so that the command that waits for a message brings it. Taking is at most once: what dies with a
worker is still a row of the ledger, and is pushed again from there.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
import redis

from core.process import redis_keys

NAMESPACE = redis_keys.QUEUE
DEPTH = 1000  # messages kept in one list; the rest of a backlog waits in the ledger
ON_ITS_WAY = 5  # seconds in which a pushed job should be claimed; after them it may be pushed again

# Adds jobs while the list is shorter than the limit, each attempt of a job once in a while: the mark of one
# that is on its way says so. Answers how many were added.
PUSH = """
local room = tonumber(ARGV[1]) - redis.call('llen', KEYS[1])
local added = 0
for i = 3, #ARGV, 2 do
  if added >= room then break end
  if redis.call('set', ARGV[i], 1, 'NX', 'EX', ARGV[2]) then
    redis.call('rpush', KEYS[1], ARGV[i + 1])
    added = added + 1
  end
end
return added
"""


@dataclass(frozen=True)
class Pending:
    """A job of the ledger on its way to Redis. `isolated`: its worker died before, see core.jobs.claims."""

    job_id: UUID
    actor: str
    queue: str
    attempt: int = 0  # starts before this one
    isolated: bool = False

    @property
    def mark(self) -> str:
        """The key that is set while this start is on its way."""
        return f"{NAMESPACE}:pushed:{self.job_id}:{self.attempt}"

    def message(self) -> bytes:
        """Its message. Every push has an id of its own that begins with the job's."""
        return make_message(
            self.actor,
            self.queue,
            {"job_id": str(self.job_id), "alone": self.isolated},  # "alone": messages may outlive an upgrade
            message_id=f"{self.job_id}/{uuid4().hex[:8]}",
        )


class _Named(msgspec.Struct):
    message_id: str


def list_key(queue: str) -> str:
    """The list of waiting messages."""
    return f"{NAMESPACE}:{queue}"


def make_message(actor: str, queue: str, kwargs: dict[str, Any], *, message_id: str, **options: int) -> bytes:
    """A Dramatiq message with keyword arguments only."""
    body = {
        "queue_name": queue,
        "actor_name": actor,
        "args": [],
        "kwargs": kwargs,
        "options": options,
        "message_id": message_id,
        "message_timestamp": int(time.time() * 1000),
    }
    return msgspec.json.encode(body)


def push_arguments(queue: str, jobs: Iterable[Pending], limit: int = DEPTH) -> tuple[list[str], list[Any]]:
    """The keys and arguments of `PUSH`."""
    arguments: list[Any] = [limit, ON_ITS_WAY]
    for job in jobs:
        arguments += [job.mark, job.message()]
    return [list_key(queue)], arguments


class RedisQueue:
    """One queue after the other over a synchronous Redis client. Redis errors are the caller's."""

    def __init__(self, client: "redis.Redis") -> None:
        self.client = client
        self._push = client.register_script(PUSH)

    def push(self, queue: str, jobs: Iterable[Pending], limit: int = DEPTH) -> int:
        """Append jobs that are not on their way while the list holds fewer than `limit`; how many went in."""
        keys, arguments = push_arguments(queue, jobs, limit)
        return int(self._push(keys=keys, args=arguments))

    def take(self, queue: str, count: int) -> list[bytes]:
        """Up to `count` messages that wait."""
        messages: Any = self.client.lpop(list_key(queue), count)
        return messages or []

    def pop(self, queue: str, seconds: float) -> bytes | None:
        """Wait so long for a message. A push wakes one waiter only."""
        answer: Any = self.client.blpop([list_key(queue)], timeout=seconds)
        return answer[1] if answer else None

    def give_back(self, queue: str, messages: Sequence[bytes]) -> None:
        """Put messages that were taken and not begun at the head of the list."""
        if messages:
            self.client.lpush(list_key(queue), *messages)

    @contextmanager
    def alone(self, what: str, milliseconds: int = 1000) -> Iterator[bool]:
        """Whether nobody else does this just now; the claim ends with the block, or by itself."""
        key = f"{NAMESPACE}:alone:{what}"
        first = bool(self.client.set(key, 1, nx=True, px=milliseconds))
        try:
            yield first
        finally:
            if first:
                self.client.delete(key)

    def depth(self, queue: str) -> int:
        """How many messages wait."""
        return int(self.client.llen(list_key(queue)))

    def waiting(self, queue: str) -> list[UUID]:
        """The jobs whose messages wait in the list."""
        messages: Any = self.client.lrange(list_key(queue), 0, -1)
        return [job for message in messages if (job := _job_of(message)) is not None]


def _job_of(message: bytes) -> UUID | None:
    """The job of a message; None for a question, and for what is not ours."""
    try:
        job, separator, _ = msgspec.json.decode(message, type=_Named).message_id.partition("/")
        return UUID(job) if separator else None
    except (msgspec.DecodeError, ValueError):
        return None
