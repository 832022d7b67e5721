"""The wire to the workers: ids in a Redis list, bodies in a hash beside it.

The form is that of Dramatiq 2's RedisBroker (`dramatiq/message.py`, `brokers/redis/dispatch.lua`), written
by name, so that a sender imports neither Dramatiq nor an actor. Taking is at most once: what dies with a
worker is still a row of the ledger, and is pushed again from there.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
import redis

NAMESPACE = "dramatiq"
DEPTH = 1000  # ids kept in one list; the rest of a backlog waits in the ledger
ON_ITS_WAY = 5  # seconds in which a pushed job should be claimed; after them it may be pushed again

# Adds jobs while the list is shorter than the limit, each attempt of a job once in a while: the mark of one
# that is on its way says so. Answers how many were added.
PUSH = """
local room = tonumber(ARGV[1]) - redis.call('llen', KEYS[1])
local added = 0
for i = 3, #ARGV, 3 do
  if added >= room then break end
  if redis.call('set', ARGV[i], 1, 'NX', 'EX', ARGV[2]) then
    redis.call('hset', KEYS[2], ARGV[i + 1], ARGV[i + 2])
    redis.call('rpush', KEYS[1], ARGV[i + 1])
    added = added + 1
  end
end
return added
"""

# Takes up to so many bodies: first those of the ids given (popped by a blocking command), then the list's.
TAKE = """
local ids = {}
for i = 2, #ARGV do ids[#ids + 1] = ARGV[i] end
while #ids < tonumber(ARGV[1]) do
  local id = redis.call('lpop', KEYS[1])
  if not id then break end
  ids[#ids + 1] = id
end
if #ids == 0 then return {} end
local bodies = redis.call('hmget', KEYS[2], unpack(ids))
redis.call('hdel', KEYS[2], unpack(ids))
return bodies
"""


@dataclass(frozen=True)
class Envelope:
    """One message: its id in Redis and its encoded body."""

    id: str
    body: bytes


@dataclass(frozen=True)
class Pending:
    """A job of the ledger on its way to Redis. `alone`: its worker died before, see core.claims."""

    job_id: UUID
    actor: str
    queue: str
    attempt: int = 0  # starts before this one
    alone: bool = False

    @property
    def mark(self) -> str:
        """The key that is set while this start is on its way."""
        return f"{NAMESPACE}:pushed:{self.job_id}:{self.attempt}"

    def envelope(self) -> Envelope:
        """Its message. Every push has an id of its own that begins with the job's."""
        return make_envelope(
            self.actor,
            self.queue,
            {"job_id": str(self.job_id), "alone": self.alone},
            message_id=f"{self.job_id}/{uuid4().hex[:8]}",
        )


def list_key(queue: str) -> str:
    """The list of waiting ids."""
    return f"{NAMESPACE}:{queue}"


def bodies_key(queue: str) -> str:
    """The hash of id to body."""
    return f"{NAMESPACE}:{queue}.msgs"


def make_envelope(
    actor: str, queue: str, kwargs: dict[str, Any], *, message_id: str, **options: int
) -> Envelope:
    """A Dramatiq message with keyword arguments only."""
    body = {
        "queue_name": queue,
        "actor_name": actor,
        "args": [],
        "kwargs": kwargs,
        "options": {"redis_message_id": message_id, **options},
        "message_id": message_id,
        "message_timestamp": int(time.time() * 1000),
    }
    return Envelope(message_id, msgspec.json.encode(body))


class Wire:
    """One queue after the other over a synchronous Redis client. Redis errors are the caller's."""

    def __init__(self, client: "redis.Redis") -> None:
        self.client = client
        self._push = client.register_script(PUSH)
        self._take = client.register_script(TAKE)

    def push(self, queue: str, jobs: Iterable[Pending], limit: int = DEPTH) -> int:
        """Append jobs that are not on their way while the list holds fewer than `limit`; how many went in."""
        args: list[Any] = [limit, ON_ITS_WAY]
        for job in jobs:
            envelope = job.envelope()
            args += [job.mark, envelope.id, envelope.body]
        return int(self._push(keys=[list_key(queue), bodies_key(queue)], args=args))

    def take(self, queue: str, count: int, *popped: bytes) -> list[bytes]:
        """Up to `count` bodies, those of the ids already `popped` first."""
        bodies = self._take(keys=[list_key(queue), bodies_key(queue)], args=[count, *popped])
        return [body for body in bodies if body is not None]

    def pop(self, queue: str, seconds: float) -> bytes | None:
        """Wait so long for an id. A push wakes one waiter only."""
        answer: Any = self.client.blpop([list_key(queue)], timeout=seconds)
        return answer[1] if answer else None

    def give_back(self, queue: str, envelopes: Iterable[Envelope]) -> None:
        """Put messages that were taken and not begun at the head of the list."""
        with self.client.pipeline(transaction=True) as pipeline:
            for envelope in envelopes:
                pipeline.hset(bodies_key(queue), envelope.id, envelope.body)
                pipeline.lpush(list_key(queue), envelope.id)
            pipeline.execute()

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
        """How many ids wait."""
        return int(self.client.llen(list_key(queue)))

    def waiting(self, queue: str) -> list[UUID]:
        """The jobs whose ids wait in the list."""
        ids: Any = self.client.lrange(list_key(queue), 0, -1)
        return [UUID(item.partition(b"/")[0].decode()) for item in ids if b"/" in item]
