"""One worker process: Dramatiq's threads, and those that keep leases, refill queues and start schedules."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from dramatiq.middleware import Shutdown, raise_thread_exception
from dramatiq.worker import Worker

from core.jobs.admin.history import sample
from core.jobs.claims import LEASE
from core.jobs.heartbeat import Self
from core.jobs.push import Pusher
from core.jobs.redis_queue import RedisQueue
from core.jobs.schedules import KNOWN, Periodic, seed, tick
from core.jobs.sweeper import Filler, take_back
from core.kit.redis_client import open_redis
from core.payments.rails.stripe.platform import note_key
from core.process.liveness import PERIOD, touch
from core.process.readiness import notify_ready
from schemas.base import utc_now
from schemas.contracts import BESIDE, TOGETHER
from workers.registry import Registry
from workers.runtime.broker import IDLE, RedisQueueBroker, declare
from workers.runtime.groups import Group, Pool
from workers.runtime.heartbeat import Heartbeat
from workers.runtime.loop import Loop
from workers.runtime.prefetch_claim import PrefetchThread
from workers.runtime.runner import Runner
from workers.runtime.store_watch import StoreWatch
from workers.runtime.worker_identity import WorkerIdentity, standalone_identity
from workers.services import Services

SWEEP = 1.0  # seconds between two looks at the ledger
SWEEP_BUSY = 0.05  # while a backlog waits there
TICK = 1.0
SAMPLE = 10.0  # seconds between two looks whether a minute has ended
WAKE = 250  # milliseconds in which an idle thread notices that it should end
FINISH = 8.0  # seconds that jobs have to end by themselves at shutdown
INTERRUPT = 4.0  # seconds that interrupted jobs have to be given back by their own threads
PREFETCH_BESIDE = 8  # questions held ready that may wait
SCHEDULER_QUEUE = "bulk"  # the child that serves it runs the scheduler

log = logging.getLogger(__name__)


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
    """Serves the queues of one group, each pool of it with threads of its own.

    Make it after the fork: it opens connections and starts threads.
    """

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
        client = open_redis(services.settings.redis_url, timeout=IDLE + 2, retries=0)
        beside = _beside(group.queues)
        prefetch = {queue: pool.prefetch for pool in group.pools for queue in pool.queues}
        self._broker = RedisQueueBroker(
            client, prefetch | dict.fromkeys(beside, PREFETCH_BESIDE), self.runner.stopping
        )
        declare(self._broker, registry, self.runner, _neighbours(group.queues) | beside)
        self._workers = [self._threads_of(pool) for pool in group.pools]
        row = Self(self.runner.worker, group.name, group.queues, group.threads)
        self._heartbeat = Heartbeat(services.database.engine, row, self.runner.stopping)
        self._beats = Loop("heartbeat", self._heartbeat.beat)
        self._loops = [Loop("lease keeper", self._renew), Loop("sweeper", self._sweep)]
        self._loops.append(Loop("liveness", self._touch))
        if SCHEDULER_QUEUE in group.queues:
            self._loops += [Loop("scheduler", self._tick), Loop("statistician", self._sample)]
            watch = StoreWatch(services.database.engine, services.store, services.settings.store_folder)
            self._loops.append(Loop("store watch", watch.look))

    def start(self) -> None:
        """Start all threads; returns at once."""
        if SCHEDULER_QUEUE in self.group.queues:
            with self.services.database.transaction() as session:
                seed(session, self._schedules, utc_now())
                note_key(session, self.services.settings.stripe_secret_key)
        # As Dramatiq's own command does: the time limits' thread starts on this signal.
        self._broker.emit_after("process_boot")
        for worker in self._workers:
            worker.start()
        for loop in (self._beats, *self._loops):
            loop.start()
        notify_ready()
        log.info("%s serves %s", self.group.name, ", ".join(self.group.queues))

    def stop(self, finish: float = FINISH, interrupt: float = INTERRUPT) -> None:
        """Begin nothing more, let short jobs end, give long ones back uncounted; at most 20 s."""
        self._beats.stop()  # before the event is set, which it might clear
        self.runner.stopping.set()
        for thread in self._threads():
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
        for worker in self._workers:
            worker.stop(timeout=2000)
        for loop in self._loops:
            loop.stop()
        self._heartbeat.end()
        self._pusher.close()

    def _threads_of(self, pool: Pool) -> PrefetchWorker:
        return PrefetchWorker(
            self._broker,
            queues={*pool.queues, *_beside(pool.queues)},
            worker_threads=pool.threads,
            worker_timeout=WAKE,
        )

    def _threads(self) -> list[PrefetchThread]:
        threads = [thread for worker in self._workers for thread in worker.workers]
        return [thread for thread in threads if isinstance(thread, PrefetchThread)]

    def _return_prefetched(self) -> None:
        for thread in self._threads():
            prefetch = thread.prefetch
            if prefetch.entry is not None:
                prefetch.queue.put(prefetch.entry)
            if prefetch.claim is not None:
                self.runner.give_back(prefetch.claim)

    def _touch(self) -> float:
        touch(self.services.settings.alive_dir, self.group.name)
        return PERIOD

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


def _beside(queues: Iterable[str]) -> set[str]:
    """The queues of questions that whoever serves these serves as well."""
    return {queue for first in queues for queue in BESIDE.get(first, ())}


def _neighbours(queues: Iterable[str]) -> set[str]:
    """These queues, and those whose jobs an operator may have moved to them."""
    served = set(queues)
    return served.union(*(group for group in TOGETHER if served & set(group)))


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition() and time.monotonic() < deadline:
        pause.wait(0.02)
    return condition()
