"""A worker thread looks one message ahead: ending a job and beginning the next is one commit."""

import threading
from queue import Empty, PriorityQueue
from typing import Any
from uuid import UUID

from dramatiq.worker import WorkerThread

from core.jobs.claims import Claim

current = threading.local()


class LookAhead:
    """The work queue as one thread sees it: what the thread looked at comes first."""

    def __init__(self, queue: "PriorityQueue[Any]") -> None:
        self.queue = queue
        self.item: Any = None
        self.claim: Claim | None = None

    def get(self, timeout: float | None = None) -> Any:
        """The next item. Raises `queue.Empty` after `timeout` seconds."""
        item, self.item = self.item, None
        return item if item is not None else self.queue.get(timeout=timeout)

    def task_done(self) -> None:
        """As of the queue itself."""
        self.queue.task_done()

    def next_job(self) -> UUID | None:
        """The job that this thread would begin next, if one waits that may be begun beside others."""
        if self.item is None:
            try:
                self.item = self.queue.get_nowait()
            except Empty:
                return None
        kwargs = self.item.message.kwargs
        return UUID(kwargs["job_id"]) if kwargs.get("job_id") and not kwargs["alone"] else None

    def take_claim(self, job_id: UUID) -> Claim | None:
        """The claim made ahead for this job."""
        claim, self.claim = self.claim, None
        return claim if claim is not None and claim.id == job_id else None


class AheadThread(WorkerThread):
    """A Dramatiq worker thread on such a view of the work queue."""

    def __init__(self, **options: Any) -> None:
        self.ahead = LookAhead(options["work_queue"])
        super().__init__(**(options | {"work_queue": self.ahead}))

    def run(self) -> None:
        """Work until stopped."""
        current.ahead = self.ahead
        super().run()
