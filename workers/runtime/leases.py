"""Keeping the leases of what runs in this process, until each job's time limit."""

import threading
import time
from dataclasses import dataclass

from sqlalchemy import Engine

from core.jobs.claims import LEASE, renew
from workers.run import Run

PERIOD = LEASE / 3  # seconds between two renewals
GRACE = 5.0  # seconds past a time limit: the interrupted job still has to be recorded


@dataclass(frozen=True)
class Held:
    """A run, the thread it runs on, and until when (monotonic seconds) its lease is renewed."""

    run: Run
    thread: int
    until: float


class Leases:
    """The runs of this process."""

    def __init__(self, engine: Engine, lease: float = LEASE) -> None:
        self.lease = lease
        self._engine = engine
        self._held: dict[int, Held] = {}
        self._lock = threading.Lock()

    def add(self, run: Run, time_limit: float) -> None:
        """Renew the run's lease for `time_limit` seconds and a little more."""
        held = Held(run, threading.get_ident(), time.monotonic() + time_limit + GRACE)
        with self._lock:
            self._held[id(run)] = held

    def remove(self, run: Run) -> None:
        """The run has ended."""
        with self._lock:
            self._held.pop(id(run), None)

    def held(self) -> list[Held]:
        """What runs now."""
        with self._lock:
            return list(self._held.values())

    def renew(self) -> None:
        """Prolong all leases once; learn of cancellations and of jobs that others have."""
        held = [item for item in self.held() if item.until > time.monotonic() and not item.run.finished]
        if not held:
            return
        with self._engine.connect() as connection:
            kept = renew(connection, [item.run.claim for item in held], lease=self.lease)
        for item in held:
            item.run.cancel_requested = kept.get(item.run.job_id, False)
