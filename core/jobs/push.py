"""From a committed transaction to Redis. Never an error, never long: what is not pushed here, the sweeper
pushes from the ledger.
"""

import asyncio
import logging
import time
from itertools import groupby

import redis
import redis.asyncio
from sqlmodel import Session

from core.jobs.redis_queue import PUSH, Pending, RedisQueue, push_arguments
from core.kit.redis_client import open_redis

PENDING = "comptoir.pending_pushes"
TIMEOUT = 0.2  # seconds, to connect and to read
BREAK = 5.0  # seconds without a try after an error

log = logging.getLogger(__name__)


def remember(session: Session, pending: Pending) -> None:
    """Have the job pushed once the session has committed."""
    session.info.setdefault(PENDING, []).append(pending)


class Pusher:
    """`Database.after_commit` of every process that enqueues."""

    def __init__(self, redis_url: str) -> None:
        # One retry of a connection that broke while pooled; a time-out is not retried.
        client = open_redis(redis_url, timeout=TIMEOUT, retries=1, retry_timeouts=False)
        self._queue = RedisQueue(client)
        self._closed_until = 0.0

    def flush(self, session: Session) -> None:
        """Push the jobs that the committed session enqueued."""
        waiting: list[Pending] = session.info.pop(PENDING, [])
        if not waiting or time.monotonic() < self._closed_until:
            return
        try:
            for queue, jobs in groupby(sorted(waiting, key=_queue), key=_queue):
                self._queue.push(queue, jobs)
        except redis.RedisError as error:
            self._closed_until = time.monotonic() + BREAK
            log.warning(
                "Redis did not take %d jobs (%s: %s). They are safe in the ledger and will be pushed "
                "when Redis is back.",
                len(waiting),
                type(error).__name__,
                error,
            )

    def close(self) -> None:
        """Close the connections."""
        self._queue.client.close()


class PushLater:
    """The same from an event loop, for a job that is committed already: it returns at once."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._running: set[asyncio.Task[None]] = set()

    def __call__(self, job: Pending) -> None:
        """Push the job soon."""
        task = asyncio.create_task(self._push(job))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Wait for what is on its way."""
        await asyncio.gather(*self._running)

    async def _push(self, job: Pending) -> None:
        keys, arguments = push_arguments(job.queue, [job])
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._client.eval(PUSH, len(keys), *keys, *arguments)
        except (TimeoutError, redis.RedisError) as error:
            log.warning("Redis did not take a job (%s); it is safe in the ledger", type(error).__name__)


def _queue(pending: Pending) -> str:
    return pending.queue
