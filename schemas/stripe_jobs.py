"""Job contracts of sellers' Stripe accounts, in the manner of `schemas.jobs`, which lists them too."""

from typing import ClassVar

from schemas.contracts import BRIEF, PATIENT, STEADY, JobContract, Once, Queue, RetryPolicy


class CheckStripeAccount(JobContract, frozen=True):
    """Look at one seller's account at Stripe; the seller may be waiting for it."""

    actor: ClassVar[str] = "check_stripe_account"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = STEADY

    row_id: int

    def now(self) -> Once:
        """One look at a time."""
        return self._once(self.row_id, released=True)


class CheckStripeAccounts(JobContract, frozen=True):
    """Look at all accounts that are connected, once a day: Stripe may want something new."""

    actor: ClassVar[str] = "check_stripe_accounts"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class LeaveStripe(JobContract, frozen=True):
    """Have Stripe end the connection that a seller has ended here."""

    actor: ClassVar[str] = "leave_stripe"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    row_id: int

    def once(self) -> Once:
        """One end of one connection at a time."""
        return self._once(self.row_id, released=True)


STRIPE_JOBS: tuple[type[JobContract], ...] = (CheckStripeAccount, CheckStripeAccounts, LeaveStripe)
