"""Job contracts of invoices, receipts and credit notes, in the manner of `schemas.jobs`, which lists them."""

from typing import ClassVar

from schemas.contracts import PATIENT, ROUTINE, STEADY, JobContract, Once, Queue, RetryPolicy


class IssuePaper(JobContract, frozen=True):
    """Number the paper of a sale, or of one refund of it, and tell its buyer where it is."""

    actor: ClassVar[str] = "issue_paper"
    queue: ClassVar[Queue] = ROUTINE
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int
    part: str = ""  # of a refund: the name that tells it from the others of the order; else the sale
    amount: int = 0  # minor units that went back

    def once(self) -> Once:
        """One paper for each sale and each refund."""
        return self._once(self.order_id, self.part)


class SendStatement(JobContract, frozen=True):
    """Send a seller the CSV of a month into the chat."""

    actor: ClassVar[str] = "send_statement"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY

    user_id: int
    month: str

    def once(self) -> Once:
        """One at a time: asked for while it waits or is sent, it is the same."""
        return self._once(self.user_id, self.month, released=True)


PAPER_JOBS: tuple[type[JobContract], ...] = (IssuePaper, SendStatement)
