"""One start of one job, as its actor sees it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Session

from core.jobs.claims import Claim
from core.kit.errors import ComptoirError
from schemas.base import utc_now
from workers.services import Services


class Cancelled(ComptoirError):
    """Somebody asked to cancel the job, and its actor reached a point where it can stop."""


class Run:
    """A claimed job. Everything slow happens outside `effect`, with no transaction open."""

    def __init__(
        self,
        services: Services,
        claim: Claim,
        finish: Callable[[Connection], None],
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self.services = services
        self.claim = claim
        self.finished = False
        self.cancel_requested = False
        self._finish = finish
        self._committed = committed

    @property
    def job_id(self) -> UUID:
        """The job's id, the same at every attempt."""
        return self.claim.id

    @property
    def attempt(self) -> int:
        """The number of this start, which only rises: a later start fences this one off."""
        return self.claim.attempt

    def now(self) -> datetime:
        """The present moment, with its time zone."""
        return utc_now()

    @contextmanager
    def effect(self) -> Iterator[Session]:
        """The transaction in which the job's outcome is written; the job is done when it commits.

        Raises `LostFence`, with all rolled back, when another worker has the job. Once per run.
        """
        with self.services.database.transaction() as session:
            yield session
            session.flush()
            self._finish(session.connection())
        self._ended()

    def end(self, connection: Connection) -> None:
        """Mark the job done with no effect of its own, on a connection that commits each statement."""
        self._finish(connection)
        self._ended()

    def _ended(self) -> None:
        self.finished = True
        self._committed()

    def stop_if_cancelled(self) -> None:
        """Raise `Cancelled` when somebody asked for it (learned at the lease's renewal, within 10 s)."""
        if self.cancel_requested:
            raise Cancelled(f"job {self.job_id} was cancelled while it ran")
