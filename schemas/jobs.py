"""Job contracts: what senders promise and actors receive. A sender needs nothing but this module.

A contract names its actor, queue, retry policy and time limit. Payloads are keyword ids and short texts,
never blobs; they are validated when a job is made and again when it is decoded.
"""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from schemas.contracts import BRIEF, PATIENT, STEADY, JobContract, Queue, RetryPolicy
from schemas.ephemeral_jobs import EPHEMERAL
from schemas.member_jobs import MEMBER_JOBS
from schemas.notification_jobs import NOTIFICATION_JOBS
from schemas.upkeep_jobs import UPKEEP_JOBS


class Deliver(JobContract, frozen=True):
    """Tell the buyer that the order is paid and send one link per file; then the order is delivered."""

    actor: ClassVar[str] = "deliver"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int


class SendLinks(JobContract, frozen=True):
    """Send links again: from the library, after a file was replaced, or by staff."""

    actor: ClassVar[str] = "send_links"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    grant_id: int
    occasion: Literal["library", "replaced", "resend"]
    asset_id: UUID | None = None  # none: every current file of the product


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


class RelaySupport(JobContract, frozen=True):
    """Show a person's words to every staff member, who answer by replying."""

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


class PublishPicture(JobContract, frozen=True):
    """Upload a product's picture to Telegram once, so that the bot can send it by file id."""

    actor: ClassVar[str] = "publish_picture"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY

    product_id: int


class MakePreview(JobContract, frozen=True):
    """Show what is inside a file, of a few ranges of it; made again, it takes the earlier one's place."""

    actor: ClassVar[str] = "make_preview"
    queue: ClassVar[Queue] = "media"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 200.0

    asset_id: UUID


class PublishPreview(JobContract, frozen=True):
    """Upload a preview's pictures to Telegram once, so that the bot can send them by file id."""

    actor: ClassVar[str] = "publish_preview"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 200.0

    asset_id: UUID


class OpenInvoice(JobContract, frozen=True):
    """Open a NOWPayments invoice for a web order; the buyer waits on the order page."""

    actor: ClassVar[str] = "open_invoice"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = STEADY

    order_id: int


class HandlePaymentEvent(JobContract, frozen=True):
    """Apply one stored inbound payment event to its order."""

    actor: ClassVar[str] = "handle_payment_event"
    queue: ClassVar[Queue] = "interactive"
    retry: ClassVar[RetryPolicy] = PATIENT

    event_id: UUID


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


class VerifyUpload(JobContract, frozen=True):
    """Assemble a completed upload, read it once, and decide what becomes of it."""

    actor: ClassVar[str] = "verify_upload"
    queue: ClassVar[Queue] = "fetch"
    retry: ClassVar[RetryPolicy] = PATIENT
    time_limit: ClassVar[float] = 6 * 3600.0  # 50 GiB at 3 MB/s

    upload_id: UUID


class ReclaimUpload(JobContract, frozen=True):
    """Remove the object and the unfinished parts of an upload that nobody keeps."""

    actor: ClassVar[str] = "reclaim_upload"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    upload_id: UUID


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


DURABLE: tuple[type[JobContract], ...] = (
    Deliver,
    SendLinks,
    Notify,
    RelaySupport,
    RefundStars,
    PublishPicture,
    MakePreview,
    PublishPreview,
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
    *MEMBER_JOBS,
    *NOTIFICATION_JOBS,
    *UPKEEP_JOBS,
)
_ALL: tuple[type[JobContract], ...] = (*DURABLE, *EPHEMERAL)
CONTRACTS: dict[str, type[JobContract]] = {contract.actor: contract for contract in _ALL}
