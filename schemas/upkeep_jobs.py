"""Job contracts that keep the shop itself in order, in the manner of `schemas.jobs`, which lists them too."""

from typing import ClassVar
from uuid import UUID

from schemas.contracts import BRIEF, STEADY, JobContract, Once, Queue, RetryPolicy


class PruneJobs(JobContract, frozen=True):
    """Delete finished jobs whose days are over, and the trash of last week."""

    actor: ClassVar[str] = "prune_jobs"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF
    time_limit: ClassVar[float] = 600.0


class SealAudit(JobContract, frozen=True):
    """Chain and seal the entries of the audit log that have come since."""

    actor: ClassVar[str] = "seal_audit"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF
    time_limit: ClassVar[float] = 600.0


class PruneRecords(JobContract, frozen=True):
    """Delete audit entries, payment events and raw bodies whose days are over."""

    actor: ClassVar[str] = "prune_records"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF
    time_limit: ClassVar[float] = 3600.0


class MakeBackup(JobContract, frozen=True):
    """Copy the database into the store, and drop the copies that are too many."""

    actor: ClassVar[str] = "make_backup"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 6 * 3600.0

    def by_hand(self) -> Once:
        """The copy that an operator asks for: asked again while it waits or runs, it is the same job."""
        return self._once(word="backup", released=True)


class WatchShop(JobContract, frozen=True):
    """Look for what is wrong, and tell admins once when it begins and once when it is over."""

    actor: ClassVar[str] = "watch_shop"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class CompareBooks(JobContract, frozen=True):
    """Compare our payments with what providers have, apply what we lack, tell staff of the rest."""

    actor: ClassVar[str] = "compare_books"
    queue: ClassVar[Queue] = "routine"  # Telegram has books too
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 3600.0

    def again(self, previous: UUID) -> Once:
        """One more after the job `previous`, which found something to apply."""
        return self._once(previous)


class LookAtShopFees(JobContract, frozen=True):
    """Remind shops of their monthly fee, and close those that have not paid it for long."""

    actor: ClassVar[str] = "look_at_shop_fees"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


UPKEEP_JOBS: tuple[type[JobContract], ...] = (
    PruneJobs,
    SealAudit,
    PruneRecords,
    MakeBackup,
    WatchShop,
    CompareBooks,
    LookAtShopFees,
)
