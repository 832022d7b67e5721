"""Questions that someone waits for: an ephemeral job, answered through Redis.

The process that asks needs neither Dramatiq nor an actor. The answer comes in a list of its own that
expires; a question that nobody took in time is withdrawn.
"""

import asyncio
from typing import Any
from uuid import uuid4

import msgspec
import redis
import redis.asyncio

from core.jobs.redis_queue import list_key, make_message
from core.kit.errors import ComptoirError, NotFound, Refused
from core.process import redis_keys
from schemas.contracts import PICTURES, EphemeralContract, Queue

AT_ONCE = 128  # questions of one process that may wait: A12 asks for 100, an outage for a bound
DEPTH = 10_000  # beyond this many messages nobody would be served in time
ANSWER_TTL = 30  # seconds an answer is kept that nobody fetches

PICTURES_AT_ONCE = AT_ONCE // 4  # of these: a flood of pictures leaves room for clicks

_waiting: dict[str, str] = {}  # the queue of each question that waits

# The question goes to the head of the list: whoever waits passes what can wait.
# Where too many wait already, the answer says so at once: the asker waits for it by the next command of the
# same round trip.
ASK = """
if redis.call('llen', KEYS[1]) < tonumber(ARGV[1]) then return redis.call('lpush', KEYS[1], ARGV[2]) end
redis.call('lpush', KEYS[2], ARGV[3])
return redis.call('expire', KEYS[2], ARGV[4])
"""
FULL = b'{"full":true}'


class Busy(ComptoirError):
    """Too many questions wait already; the person should try again in a few seconds."""


class NoReply(ComptoirError):
    """No worker answered in time; the person should try again in a few seconds."""


def reply_key(message_id: str) -> str:
    """Where the answer to a question is put."""
    return f"{redis_keys.ANSWER}{message_id}"


def has_room(queue: Queue) -> bool:
    """Whether one more question to this queue may wait."""
    waiting = list(_waiting.values())
    return len(waiting) < AT_ONCE and not (queue == PICTURES and waiting.count(PICTURES) >= PICTURES_AT_ONCE)


async def call(client: "redis.asyncio.Redis", job: EphemeralContract, timeout: float = 3.0) -> dict[str, Any]:
    """Put a question to the workers and wait `timeout` seconds for its answer.

    Raises `Busy`, `NoAnswer`, and the `Refused` or `NotFound` that the actor raised.
    """
    if not has_room(job.queue):
        raise Busy(f"{len(_waiting)} questions wait already; try again in a few seconds.")
    question = uuid4().hex
    message = make_message(
        job.actor,
        job.queue,
        {"payload": job.payload(), "answer_to": reply_key(question)},
        message_id=question,
        max_age=int(min(timeout, job.max_age) * 1000),
    )
    _waiting[question] = job.queue
    try:
        return _read(await _exchange(client, job.queue, message, reply_key(question), timeout))
    finally:
        _waiting.pop(question)


async def _exchange(
    client: "redis.asyncio.Redis", queue: str, message: bytes, answer_to: str, seconds: float
) -> bytes:
    try:
        async with asyncio.timeout(seconds), client.pipeline(transaction=False) as both:
            both.eval(ASK, 2, list_key(queue), answer_to, DEPTH, message, FULL, ANSWER_TTL)
            both.blpop([answer_to], timeout=seconds)
            _, answer = await both.execute()
    except TimeoutError:
        answer = None
    except redis.RedisError as error:
        raise NoReply(f"Redis failed ({type(error).__name__}); try again in a few seconds.") from None
    if answer is None:
        await _withdraw(client, queue, message)
        raise NoReply(f"No worker answered within {seconds:g} s; try again in a few seconds.")
    raw: bytes = answer[1]
    return raw


async def _withdraw(client: "redis.asyncio.Redis", queue: str, message: bytes) -> None:
    try:
        async with asyncio.timeout(0.2):
            await client.lrem(list_key(queue), 1, message.decode())
    except (TimeoutError, redis.RedisError):
        return  # it grows old, and a worker drops it


def _read(raw: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = msgspec.json.decode(raw)
    if "answer" in answer:
        result: dict[str, Any] = answer["answer"]
        return result
    if "full" in answer:
        raise Busy("The workers are far behind; try again in a few seconds.")
    if "refused" in answer:
        kind = NotFound if answer["kind"] == "NotFound" else Refused
        raise kind(answer["refused"], answer["details"])
    raise NoReply("The worker failed on it; its log says why. Try again in a few seconds.")


def write_reply(answer: dict[str, Any]) -> bytes:
    """The answer as it travels."""
    return msgspec.json.encode({"answer": answer})


def write_refusal(error: Refused | None) -> bytes:
    """A refusal as it travels; without one, a failure of which the asker learns nothing more."""
    if error is None:
        return msgspec.json.encode({"failed": True})
    kind = "NotFound" if isinstance(error, NotFound) else "Refused"
    return msgspec.json.encode({"refused": error.code, "details": error.details, "kind": kind})
