"""Job contracts: what senders promise and actors receive. A sender needs nothing but this module.

A contract names its actor, queue, retry policy and time limit. Payloads are keyword ids and short texts,
never blobs; they are validated when a job is made and again when it is decoded.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from schemas.card_jobs import CARD_JOBS
from schemas.contracts import BRIEF, PATIENT, STEADY, JobContract, Once, Queue, RetryPolicy
from schemas.ephemeral_jobs import EPHEMERAL
from schemas.member_jobs import MEMBER_JOBS
from schemas.notification_jobs import NOTIFICATION_JOBS
from schemas.paper_jobs import PAPER_JOBS
from schemas.picture_jobs import PICTURE_JOBS
from schemas.stripe_jobs import STRIPE_JOBS
from schemas.upkeep_jobs import UPKEEP_JOBS


class Deliver(JobContract, frozen=True):
    """Tell the buyer that the order is paid and send one link per file; then the order is delivered."""

    actor: ClassVar[str] = "deliver"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int

    def of_attempt(self, number: int) -> Once:
        """The delivery of the order, `number` 0, or one of those after it, 1 and up."""
        return self._once(self.order_id, number)


class SendLinks(JobContract, frozen=True):
    """Send links again: from the library, after a file was replaced, or by staff."""

    actor: ClassVar[str] = "send_links"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    grant_id: int
    occasion: Literal["library", "replaced", "resend"]
    asset_id: UUID | None = None  # none: every current file of the product

    def on_request(self) -> Once:
        """While one request of the owner's is on its way, a second press asks for nothing more."""
        return self._once(self.grant_id, self.asset_id or "all", word="links", released=True)

    def of_replacement(self) -> Once:
        """The news of a new file, once for each owner."""
        return self._once(self.asset_id, self.grant_id, word="replaced")


class Notify(JobContract, frozen=True):
    """Send one text of the catalogue of texts to one person, in the person's language."""

    actor: ClassVar[str] = "notify"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    user_id: int
    text: str  # id of a Fluent message
    params: dict[str, str | int] = msgspec.field(default_factory=dict)
    # rows of [label's Fluent id, callback data or URL] pairs, one button a row
    buttons: list[list[str]] = msgspec.field(default_factory=list)

    def once(self, occasion: str) -> Once:
        """This text once for each person and occasion."""
        return self._once(self.user_id, self.text, occasion)


class SetMenu(JobContract, frozen=True):
    """Show a person the commands that their roles allow, in the menu of their chat with the bot."""

    actor: ClassVar[str] = "set_menu"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = STEADY

    user_id: int

    def once(self) -> Once:
        """One at a time: what changes while it runs makes it run once more."""
        return self._once(self.user_id, released=True)


class RelayQuestion(JobContract, frozen=True):
    """Show a question to every staff member who can be reached and may answer it."""

    actor: ClassVar[str] = "relay_question"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    question_id: int

    def once(self) -> Once:
        """Each question is shown once."""
        return self._once(self.question_id)


class RelaySupport(JobContract, frozen=True):
    """A question of before questions were rows, in the ledger of a shop that is upgraded."""

    actor: ClassVar[str] = "relay_support"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    user_id: int
    words: str
    about: Literal["support", "payment"] = "support"
    order_id: int | None = None


class RefundStars(JobContract, frozen=True):
    """Give the Stars of an order back, or of one charge for it; a refund already done counts as done."""

    actor: ClassVar[str] = "refund_stars"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int
    charge_id: str = ""  # empty: the one that paid it, and the order is refunded with it

    def once(self) -> Once:
        """One refund at a time: a refund that died can be asked for once more."""
        parts = (self.order_id, self.charge_id) if self.charge_id else (self.order_id,)
        return self._once(*parts, word="refund", released=True)


class OpenInvoice(JobContract, frozen=True):
    """Open a NOWPayments invoice for a web order; the buyer waits on the order page."""

    actor: ClassVar[str] = "open_invoice"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = STEADY

    order_id: int

    def once(self) -> Once:
        """One invoice for each order."""
        return self._once(self.order_id)


class HandlePaymentEvent(JobContract, frozen=True):
    """Apply one stored inbound payment event to its order."""

    actor: ClassVar[str] = "handle_payment_event"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = PATIENT

    event_id: UUID

    def once(self) -> Once:
        """What comes of an event when it comes."""
        return self._once(self.event_id, word="event")

    def replay(self) -> Once:
        """The event applied again, as often as asked, one at a time."""
        return self._once(self.event_id, word="replay", released=True)


class PollInvoices(JobContract, frozen=True):
    """Ask NOWPayments about open invoices whose IPN never came."""

    actor: ClassVar[str] = "poll_invoices"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class RetryUndelivered(JobContract, frozen=True):
    """Find paid, undelivered orders and send each again, spaced and bounded over more than 24 hours."""

    actor: ClassVar[str] = "retry_undelivered"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF

    def by_hand(self) -> Once:
        """The sweep that an operator asks for, beside those of the schedule."""
        return self._once("by_hand", released=True)


class ExpireOrders(JobContract, frozen=True):
    """Close unpaid orders whose time is over."""

    actor: ClassVar[str] = "expire_orders"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class AnnounceReplacement(JobContract, frozen=True):
    """Send the new file of a product to each of its owners."""

    actor: ClassVar[str] = "announce_replacement"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = STEADY

    asset_id: UUID

    def once(self) -> Once:
        """The news of a file goes out once. A file gets this job in the transaction that makes its row."""
        return self._once(self.asset_id)


class VerifyUpload(JobContract, frozen=True):
    """Assemble a completed upload, read it once, and decide what becomes of it."""

    actor: ClassVar[str] = "verify_upload"
    queue: ClassVar[Queue] = "fetch"
    retry: ClassVar[RetryPolicy] = PATIENT
    time_limit: ClassVar[float] = 6 * 3600.0  # 50 GiB at 3 MB/s

    upload_id: UUID

    def of_completion(self, at: datetime) -> Once:
        """One verdict for each time that an upload was said to be complete."""
        return self._once(self.upload_id, at.isoformat(), word="verify")


class ReclaimUpload(JobContract, frozen=True):
    """Remove the object and the unfinished parts of an upload that nobody keeps."""

    actor: ClassVar[str] = "reclaim_upload"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    upload_id: UUID

    def once(self) -> Once:
        """One removal at a time."""
        return self._once(self.upload_id, word="reclaim", released=True)


class SweepUploads(JobContract, frozen=True):
    """Find uploads that were given up or abandoned, and expired sessions."""

    actor: ClassVar[str] = "sweep_uploads"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class TakeTelegramFile(JobContract, frozen=True):
    """Stream a file that was sent to the bot into its upload."""

    actor: ClassVar[str] = "take_telegram_file"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 3 * 3600.0

    upload_id: UUID

    def once(self) -> Once:
        """One stream for each upload."""
        return self._once(self.upload_id, word="take")


DURABLE: tuple[type[JobContract], ...] = (
    Deliver,
    SendLinks,
    Notify,
    SetMenu,
    RelayQuestion,
    RelaySupport,
    RefundStars,
    OpenInvoice,
    HandlePaymentEvent,
    PollInvoices,
    RetryUndelivered,
    ExpireOrders,
    AnnounceReplacement,
    VerifyUpload,
    ReclaimUpload,
    SweepUploads,
    TakeTelegramFile,
    *CARD_JOBS,
    *STRIPE_JOBS,
    *PICTURE_JOBS,
    *MEMBER_JOBS,
    *NOTIFICATION_JOBS,
    *PAPER_JOBS,
    *UPKEEP_JOBS,
)
_ALL: tuple[type[JobContract], ...] = (*DURABLE, *EPHEMERAL)
CONTRACTS: dict[str, type[JobContract]] = {contract.actor: contract for contract in _ALL}
