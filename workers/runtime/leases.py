"""Renews the leases of the jobs that run in this process, until each one's time limit."""

import threading
import time
from dataclasses import dataclass

from sqlalchemy import Engine

from core.jobs.claims import LEASE, renew
from workers.run import Run

PERIOD = LEASE / 3  # seconds between two renewals
GRACE = 5.0  # seconds past a time limit: the interrupted job still has to be recorded


@dataclass(frozen=True)
class Leased:
    """A run, the thread it runs on, and until when (monotonic seconds) its lease is renewed."""

    run: Run
    thread: int
    until: float


class Leases:
    """The jobs that this process runs; `lease` in seconds."""

    def __init__(self, engine: Engine, lease: float = LEASE) -> None:
        self.lease = lease
        self._engine = engine
        self._running: dict[int, Leased] = {}
        self._lock = threading.Lock()

    def add(self, run: Run, time_limit: float) -> None:
        """Renew the run's lease for `time_limit` seconds and a little more."""
        leased = Leased(run, threading.get_ident(), time.monotonic() + time_limit + GRACE)
        with self._lock:
            self._running[id(run)] = leased

    def remove(self, run: Run) -> None:
        """Renew this run's lease no more: it has ended."""
        with self._lock:
            self._running.pop(id(run), None)

    def running(self) -> list[Leased]:
        """What runs in this process now."""
        with self._lock:
            return list(self._running.values())

    def renew(self) -> None:
        """Prolong all leases once, and learn which runs somebody asked to cancel."""
        now = time.monotonic()
        runs = [leased.run for leased in self.running() if leased.until > now and not leased.run.finished]
        if not runs:
            return
        with self._engine.connect() as connection:
            cancelled = renew(connection, [run.claim for run in runs], lease=self.lease)
        for run in runs:
            run.cancel_requested = cancelled.get(run.job_id, False)
