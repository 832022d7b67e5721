"""The next job's claim, made while the one before it ends: one commit ends a job and begins the next."""

import threading
from queue import Empty, PriorityQueue
from typing import Any
from uuid import UUID

from dramatiq.worker import WorkerThread

from core.jobs.claims import Claim

current = threading.local()
"""`current.prefetch` is the `PrefetchQueue` of the thread that runs, where it is a worker thread."""


class PrefetchQueue:
    """Dramatiq's work queue as one thread sees it: the message that the thread has looked at comes first."""

    def __init__(self, queue: "PriorityQueue[Any]") -> None:
        self.queue = queue
        self.entry: Any = None
        self.claim: Claim | None = None

    def get(self, timeout: float | None = None) -> Any:
        """The next entry: a message with its priority. Raises `queue.Empty` after `timeout` seconds."""
        entry, self.entry = self.entry, None
        return entry if entry is not None else self.queue.get(timeout=timeout)

    def task_done(self) -> None:
        """Note that a message was dealt with, as the queue itself does."""
        self.queue.task_done()

    def next_job(self) -> UUID | None:
        """The job that this thread would begin next, if one waits that may be begun beside others."""
        if self.entry is None:
            try:
                self.entry = self.queue.get_nowait()
            except Empty:
                return None
        kwargs = self.entry.message.kwargs
        return UUID(kwargs["job_id"]) if kwargs.get("job_id") and not kwargs["alone"] else None

    def take_claim(self, job_id: UUID) -> Claim | None:
        """The claim that was made ahead for this job."""
        claim, self.claim = self.claim, None
        return claim if claim is not None and claim.id == job_id else None


class PrefetchThread(WorkerThread):
    """A Dramatiq worker thread that takes its messages through a `PrefetchQueue`."""

    def __init__(self, **options: Any) -> None:
        self.prefetch = PrefetchQueue(options["work_queue"])
        super().__init__(**(options | {"work_queue": self.prefetch}))

    def run(self) -> None:
        """Work until stopped."""
        current.prefetch = self.prefetch
        super().run()
