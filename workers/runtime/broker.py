"""Dramatiq's broker over `core.jobs.redis_queue`: its consumers block instead of polling.

There are no delayed queues and no acknowledgements.

Dramatiq's own Redis broker keeps what a worker fetched in a set and gives it back when the worker's
heartbeat stops; it strands messages when Redis restarts. Here a message is only a hint that a job is due:
once taken it is gone from Redis, and the ledger's sweeper repeats what nobody claimed.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import redis
from dramatiq import Actor, Broker, Consumer, Message, MessageProxy
from dramatiq.errors import DecodeError
from dramatiq.middleware import AgeLimit, TimeLimit

from core.jobs.redis_queue import RedisQueue
from schemas.contracts import PICTURES, ROUTINE, EphemeralContract, JobContract
from workers.registry import Act, Answer, Registry
from workers.runtime.runner import Runner

IDLE = 0.5  # seconds a consumer blocks at most, and a stop waits for it
OUTAGE = 0.5  # seconds between two tries while Redis is away
FIRST, SOON, LATER, LAST = 0, 5, 10, 20  # priorities in the local queue: who waits comes first

log = logging.getLogger(__name__)


class RedisQueueBroker(Broker):
    """Takes messages from Redis, and sends none. `prefetch`: how many of each queue this process may hold."""

    def __init__(self, client: "redis.Redis", prefetch: Mapping[str, int], stopping: threading.Event) -> None:
        # Interrupt is the backstop of a time limit; retries, delays and dead letters are the ledger's.
        super().__init__(middleware=[AgeLimit(), TimeLimit()])
        self.messages = RedisQueue(client)
        self._prefetch = prefetch
        self._stopping = stopping

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue; unlike Dramatiq's broker, none for delayed messages beside it."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = None
            self.emit_after("declare_queue", queue_name)

    def get_declared_queues(self) -> set[str]:
        """The queues of the actors declared so far."""
        return set(self.queues)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """A blocking consumer with this queue's own prefetch."""
        return RedisQueueConsumer(
            self.messages, queue_name, self._prefetch.get(queue_name, prefetch), self._stopping
        )

    def enqueue(self, message: "Message[Any]", *, delay: int | None = None) -> "Message[Any]":
        """Raise `NotImplementedError`: every job begins in the ledger."""
        raise NotImplementedError("enqueue through core.jobs.ledger or core.jobs.request_reply")


class RedisQueueConsumer(Consumer):
    """Takes the messages of one queue.

    Errors of Redis are waited out here, so Dramatiq never rebuilds the consumer and never drops what was
    prefetched.
    """

    def __init__(self, messages: RedisQueue, queue: str, prefetch: int, stopping: threading.Event) -> None:
        self._messages = messages
        self._queue = queue
        self._prefetch = prefetch
        # Refill in batches where the prefetch is large; one by one where jobs are slow and few.
        self._refill_at = prefetch // 2 if prefetch >= 32 else prefetch - 1
        self._stopping = stopping
        self._taken: list[bytes] = []
        self._outstanding = 0
        self._changed = threading.Condition()
        self._away = False

    def __next__(self) -> MessageProxy | None:
        if not self._taken:
            self._taken = self._fetch()
            self._taken.reverse()
        if not self._taken:
            return None
        try:
            message = Message.decode(self._taken.pop())
        except DecodeError as error:
            log.error("a message in queue %s is not Dramatiq's: %r", self._queue, error.data[:200])
            return None
        with self._changed:
            self._outstanding += 1
        return MessageProxy(message)

    def ack(self, message: MessageProxy) -> None:
        """Note that a message has been dealt with; there is room for another."""
        with self._changed:
            self._outstanding -= 1
            if self._outstanding <= self._refill_at:
                self._changed.notify()

    def nack(self, message: MessageProxy) -> None:
        """As `ack`; the message was too old, or its actor is unknown here. A job is still in the ledger."""
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Put back what was not begun, for other workers, at shutdown."""
        rest = [message for message in messages if not message.failed]
        try:
            self._messages.give_back(self._queue, [message.encode() for message in rest])
        except redis.RedisError as error:
            log.warning("%d messages not given back (%s); the sweeper repeats them", len(rest), error)

    def close(self) -> None:
        """Give back what was fetched and not handed out."""
        taken, self._taken = self._taken, []
        self.requeue([MessageProxy(Message.decode(body)) for body in taken])

    def _fetch(self) -> list[bytes]:
        room = self._room()
        if room <= 0 or self._stopping.is_set():
            return []
        try:
            taken = self._messages.take(self._queue, room)
            if not taken and (popped := self._messages.pop(self._queue, IDLE)):
                taken = [popped]
        except redis.RedisError as error:
            if not self._away:
                log.error("Redis is away (%s); jobs wait in the ledger", error)
            self._away = True
            self._stopping.wait(OUTAGE)
            return []
        if self._away:
            log.info("Redis is back")
        self._away = False
        return taken

    def _room(self) -> int:
        with self._changed:
            self._changed.wait_for(lambda: self._outstanding <= self._refill_at, IDLE)
            return self._prefetch - self._outstanding if self._outstanding <= self._refill_at else 0


def declare(broker: Broker, registry: Registry, runner: Runner, queues: Iterable[str]) -> None:
    """Make the registered actors of these queues known to Dramatiq."""
    served = set(queues)
    for contract, act in registry.actors.items():
        if contract.queue in served:
            priority = LAST if contract.queue == ROUTINE else LATER
            _declare(broker, contract, _durable(runner, contract, act), priority)
    for question, give in registry.answers.items():
        if question.queue in served:
            priority = SOON if question.queue == PICTURES else FIRST
            _declare(broker, question, _ephemeral(runner, question, give), priority)


def _declare(
    broker: Broker, contract: type[JobContract], function: Callable[..., None], priority: int
) -> None:
    Actor(
        function,
        broker=broker,
        actor_name=contract.actor,
        queue_name=contract.queue,
        priority=priority,
        options={"time_limit": contract.time_limit * 1000},
    )


def _durable(runner: Runner, contract: type[JobContract], act: Act[Any]) -> Callable[..., None]:
    # The message's own keywords, which Dramatiq passes on.
    def perform(job_id: str, alone: bool) -> None:
        runner.perform(contract, act, UUID(job_id), isolated=alone)

    return perform


def _ephemeral(runner: Runner, contract: type[EphemeralContract], give: Answer[Any]) -> Callable[..., None]:
    def answer(payload: dict[str, Any], answer_to: str) -> None:
        runner.answer(contract, give, payload, answer_to)

    return answer
