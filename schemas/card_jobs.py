"""Job contracts about payments by card, in the manner of `schemas.jobs`, which lists them too."""

from typing import ClassVar

from schemas.contracts import BRIEF, PATIENT, STEADY, JobContract, Once, Queue, RetryPolicy


class RefundCard(JobContract, frozen=True):
    """Have Stripe give back what a refund asks for; the money is the seller's, and so is the account."""

    actor: ClassVar[str] = "refund_card"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = PATIENT

    refund_id: int

    def once(self) -> Once:
        """Each refund is asked for once."""
        return self._once(self.refund_id)


class OpenCheckout(JobContract, frozen=True):
    """Open a page of Stripe Checkout for a web order; the buyer waits on the order page."""

    actor: ClassVar[str] = "open_checkout"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = STEADY

    order_id: int

    def once(self) -> Once:
        """One page for each order."""
        return self._once(self.order_id)


class LookAtCheckout(JobContract, frozen=True):
    """Look at Stripe how an order's page of Checkout stands: its buyer came back from there."""

    actor: ClassVar[str] = "look_at_checkout"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = BRIEF

    order_id: int

    def once(self) -> Once:
        """One look at a time: what happens while it runs makes it run once more."""
        return self._once(self.order_id, released=True)


class SetCardRenewal(JobContract, frozen=True):
    """Have Stripe go on with a subscription, stop it, or end it; the membership follows its answer."""

    actor: ClassVar[str] = "set_card_renewal"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = PATIENT

    row_id: int

    def of_decision(self, number: int) -> Once:
        """Each decision of a subscription is asked for once."""
        return self._once(self.row_id, number)


class EndSurplus(JobContract, frozen=True):
    """End a subscription that was begun beside the one that pays its order, or after that was over."""

    actor: ClassVar[str] = "end_surplus"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int
    account: str
    subscription_id: str

    def once(self) -> Once:
        """Each is ended once."""
        return self._once(self.subscription_id)


class SendPortal(JobContract, frozen=True):
    """Open Stripe's page of a member's cards and invoices, and send its address to them alone."""

    actor: ClassVar[str] = "send_portal"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = BRIEF

    membership_id: int

    def on_request(self) -> Once:
        """As often as asked, one message at a time."""
        return self._once(self.membership_id, released=True)


class PreviewPlan(JobContract, frozen=True):
    """Ask Stripe what a change to another plan costs now, and offer it to the member."""

    actor: ClassVar[str] = "preview_plan"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = BRIEF

    membership_id: int
    plan_id: int

    def on_request(self) -> Once:
        """As often as asked, one message at a time."""
        return self._once(self.membership_id, released=True)


class ChangePlan(JobContract, frozen=True):
    """Change what a card pays to another plan, at the price that its member has seen and agreed to."""

    actor: ClassVar[str] = "change_plan"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = BRIEF

    membership_id: int
    plan_id: int
    prorated_at: int  # the moment of the offer, seconds since 1970
    due: int  # what it costs, in minor units

    def once(self) -> Once:
        """An offer is taken once."""
        return self._once(self.membership_id, self.plan_id, self.prorated_at)


class LookAtCard(JobContract, frozen=True):
    """Look whether the card of a subscription is good until its next charge, and say so where it is not."""

    actor: ClassVar[str] = "look_at_card"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = BRIEF

    row_id: int
    until: int  # the charge that is meant, seconds since 1970

    def once(self) -> Once:
        """Each charge is looked ahead to once."""
        return self._once(self.row_id, self.until)


class LookAtTrial(JobContract, frozen=True):
    """Remind of the charge to come after a free trial; one that nobody has opened is ended before it."""

    actor: ClassVar[str] = "look_at_trial"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    row_id: int
    last: bool  # shortly before the charge

    def once(self) -> Once:
        """Two looks at each trial."""
        return self._once(self.row_id, "last" if self.last else "first")


class ReconcileCards(JobContract, frozen=True):
    """Find payments and refunds by card that no webhook told us of, in the sellers' own accounts."""

    actor: ClassVar[str] = "reconcile_cards"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = BRIEF
    time_limit: ClassVar[float] = 300.0


class StageEvidence(JobContract, frozen=True):
    """Gather the proof of delivery of a disputed sale, and put it at Stripe without handing it in."""

    actor: ClassVar[str] = "stage_evidence"
    queue: ClassVar[Queue] = "media"
    retry: ClassVar[RetryPolicy] = PATIENT

    dispute_id: int
    turn: int  # of the bank's case: each time that it can be answered, once

    def once(self) -> Once:
        """Once for each turn of the bank's case."""
        return self._once(self.dispute_id, self.turn)


class SubmitEvidence(JobContract, frozen=True):
    """Hand in the proof that is staged, which can be done once."""

    actor: ClassVar[str] = "submit_evidence"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = PATIENT

    dispute_id: int
    turn: int

    def once(self) -> Once:
        """Once for each turn of the bank's case."""
        return self._once(self.dispute_id, self.turn)


class RemindDisputes(JobContract, frozen=True):
    """Remind sellers and staff of disputes that soon cannot be answered any more."""

    actor: ClassVar[str] = "remind_disputes"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = BRIEF


CARD_JOBS: tuple[type[JobContract], ...] = (
    RefundCard,
    OpenCheckout,
    LookAtCheckout,
    SetCardRenewal,
    EndSurplus,
    SendPortal,
    LookAtCard,
    LookAtTrial,
    PreviewPlan,
    ChangePlan,
    ReconcileCards,
    StageEvidence,
    SubmitEvidence,
    RemindDisputes,
)
