"""One worker process: Dramatiq's threads, and those that keep leases, refill queues and start schedules."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import redis
from dramatiq.middleware import Shutdown, raise_thread_exception
from dramatiq.worker import Worker
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.jobs.admin.history import sample
from core.jobs.claims import LEASE
from core.jobs.heartbeat import Self
from core.jobs.push import Pusher
from core.jobs.redis_queue import RedisQueue
from core.jobs.schedules import KNOWN, Periodic, seed, tick
from core.jobs.sweeper import Filler, take_back
from core.process.readiness import notify_ready
from schemas.base import utc_now
from schemas.contracts import TELEGRAM, TOGETHER
from workers.registry import Registry
from workers.runtime.broker import IDLE, RedisQueueBroker, declare
from workers.runtime.heartbeat import Heartbeat
from workers.runtime.loop import Loop
from workers.runtime.prefetch_claim import PrefetchThread
from workers.runtime.runner import Runner
from workers.runtime.worker_identity import WorkerIdentity, standalone_identity
from workers.services import Services

SWEEP = 1.0  # seconds between two looks at the ledger
SWEEP_BUSY = 0.05  # while a backlog waits there
TICK = 1.0
SAMPLE = 10.0  # seconds between two looks whether a minute has ended
WAKE = 250  # milliseconds in which an idle thread notices that it should end
FINISH = 8.0  # seconds that jobs have to end by themselves at shutdown
INTERRUPT = 4.0  # seconds that interrupted jobs have to be given back by their own threads
SCHEDULER_QUEUE = "bulk"  # the group that serves it runs the scheduler

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Group:
    """What one child serves. `prefetch`: messages of each queue held ready; few where jobs are slow.

    `nice`: how far it stands back for others on a busy machine (nice(2)): answering comes first, then what
    somebody waits for, then all else.
    """

    name: str
    queues: tuple[str, ...]
    threads: int
    prefetch: int
    nice: int = 0


GROUPS = (
    Group("interactive", ("interactive",), threads=4, prefetch=64, nice=5),
    Group("delivery", TELEGRAM, threads=12, prefetch=16, nice=10),
    Group("background", ("media", "fetch", "bulk"), threads=4, prefetch=4, nice=10),
)


class PrefetchWorker(Worker):
    """Dramatiq's worker with threads that claim one job ahead."""

    def _add_worker(self) -> None:
        worker = PrefetchThread(
            broker=self.broker,
            consumers=self.consumers,
            work_queue=self.work_queue,
            worker_timeout=self.worker_timeout,
        )
        worker.start()
        self.workers.append(worker)


class Child:
    """Serves the queues of one group. Make it after the fork: it opens connections and starts threads."""

    def __init__(
        self,
        group: Group,
        services: Services,
        registry: Registry,
        *,
        schedules: Sequence[Periodic] = KNOWN,
        lease: float = LEASE,
        identity: WorkerIdentity | None = None,
    ) -> None:
        self.group = group
        self.services = services
        identity = identity or standalone_identity()
        self.runner = Runner(services, identity.name, lease)
        self._died = identity.died
        self._schedules = schedules
        self._take_back_at = 0.0
        self._filler = Filler(services.database.engine, RedisQueue(services.redis))
        self._pusher = Pusher(services.settings.redis_url)
        services.database.after_commit = self._pusher.flush
        # The connections of the consumers, one a queue, wait longer than a blocking command does.
        client = redis.Redis.from_url(
            services.settings.redis_url,
            socket_timeout=IDLE + 2,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 0),
        )
        self._broker = RedisQueueBroker(
            client, dict.fromkeys(group.queues, group.prefetch), self.runner.stopping
        )
        declare(self._broker, registry, self.runner, _neighbours(group.queues))
        self._worker = PrefetchWorker(
            self._broker, queues=set(group.queues), worker_threads=group.threads, worker_timeout=WAKE
        )
        row = Self(self.runner.worker, group.name, group.queues, group.threads)
        self._heartbeat = Heartbeat(services.database.engine, row, self.runner.stopping)
        self._beats = Loop("heartbeat", self._heartbeat.beat)
        self._loops = [Loop("lease keeper", self._renew), Loop("sweeper", self._sweep)]
        if SCHEDULER_QUEUE in group.queues:
            self._loops += [Loop("scheduler", self._tick), Loop("statistician", self._sample)]

    def start(self) -> None:
        """Start all threads; returns at once."""
        if SCHEDULER_QUEUE in self.group.queues:
            with self.services.database.transaction() as session:
                seed(session, self._schedules, utc_now())
        # As Dramatiq's own command does: the time limits' thread starts on this signal.
        self._broker.emit_after("process_boot")
        self._worker.start()
        for loop in (self._beats, *self._loops):
            loop.start()
        notify_ready()
        log.info("%s serves %s", self.group.name, ", ".join(self.group.queues))

    def stop(self, finish: float = FINISH, interrupt: float = INTERRUPT) -> None:
        """Begin nothing more, let short jobs end, give long ones back uncounted; at most 20 s."""
        self._beats.stop()  # before the event is set, which it might clear
        self.runner.stopping.set()
        for thread in self._worker.workers:
            thread.stop()
        if not _wait(lambda: not self.runner.leases.running(), finish):
            for leased in self.runner.leases.running():
                raise_thread_exception(leased.thread, Shutdown)  # type: ignore[no-untyped-call]
            _wait(lambda: not self.runner.leases.running(), interrupt)
        for leased in self.runner.leases.running():
            # Its thread is deep in a call that nothing interrupts; the fence drops what it may still write.
            log.warning("job %s did not stop and is given back", leased.run.job_id)
            self.runner.give_back(leased.run.claim)
        self._return_prefetched()
        self._worker.stop(timeout=2000)
        for loop in self._loops:
            loop.stop()
        self._heartbeat.end()
        self._pusher.close()

    def _return_prefetched(self) -> None:
        for thread in self._worker.workers:
            if not isinstance(thread, PrefetchThread):
                continue
            prefetch = thread.prefetch
            if prefetch.entry is not None:
                prefetch.queue.put(prefetch.entry)
            if prefetch.claim is not None:
                self.runner.give_back(prefetch.claim)

    def _renew(self) -> float:
        self.runner.leases.renew()
        return self.runner.leases.lease / 3

    def _sweep(self) -> float:
        if time.monotonic() >= self._take_back_at:
            self._take_back_at = time.monotonic() + SWEEP
            take_back(self.services.database.engine, self.group.queues, died=self._died)
        backlog = [self._filler.top_up(queue) for queue in self.group.queues]
        return SWEEP_BUSY if any(backlog) else SWEEP

    def _tick(self) -> float:
        with self.services.database.transaction() as session:
            tick(session, utc_now())
        return TICK

    def _sample(self) -> float:
        sample(self.services.database.engine, now=utc_now())
        return SAMPLE


def _neighbours(queues: Iterable[str]) -> set[str]:
    """These queues, and those whose jobs an operator may have moved to them."""
    served = set(queues)
    return served.union(*(group for group in TOGETHER if served & set(group)))


def groups_serving(queues: Iterable[str]) -> list[Group]:
    """The groups of children, reduced to these queues; a group with none of them is left out."""
    chosen = set(queues)
    reduced = [(group, tuple(queue for queue in group.queues if queue in chosen)) for group in GROUPS]
    return [replace(group, queues=queues_left) for group, queues_left in reduced if queues_left]


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition() and time.monotonic() < deadline:
        pause.wait(0.02)
    return condition()
