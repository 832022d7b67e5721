"""Contracts of questions that somebody waits for, in the manner of `schemas.jobs`, which lists them too.

They are answered through Redis (core.jobs.request_reply) and leave no row in the ledger.
"""

from typing import ClassVar
from uuid import UUID

from schemas.contracts import PICTURES, EphemeralContract, Queue


class Presign(EphemeralContract, frozen=True):
    """Sign a short URL for one click. The answer is `{"url": …}`.

    `check`: only when the store has the file. Refused with "file-missing".
    """

    actor: ClassVar[str] = "presign"
    queue: ClassVar[Queue] = "interactive"

    link_id: UUID
    correlation_id: str = ""
    check: bool = False


class ReadBeginning(EphemeralContract, frozen=True):
    """Read the first byte or two of a link's file, for a client that only looks how it may ask.

    The answer is `{"bytes": [numbers]}`. Refused with "file-missing".
    """

    actor: ClassVar[str] = "read_beginning"
    queue: ClassVar[Queue] = "interactive"

    link_id: UUID
    length: int


class PresignParts(EphemeralContract, frozen=True):
    """Sign addresses for parts of an upload. The answer is `{"urls": {"1": …}, "expires_in": seconds}`."""

    actor: ClassVar[str] = "presign_parts"
    queue: ClassVar[Queue] = "interactive"
    max_age: ClassVar[float] = 10.0

    upload_id: UUID
    numbers: list[int]


class ListParts(EphemeralContract, frozen=True):
    """Which parts the store has. The answer is `{"parts": [[number, etag, bytes], …], "lost": bool}`."""

    actor: ClassVar[str] = "list_parts"
    queue: ClassVar[Queue] = "interactive"
    max_age: ClassVar[float] = 10.0

    upload_id: UUID


class IssueLink(EphemeralContract, frozen=True):
    """Make a link to one file of a grant. The answer is `{"token": …, "name": …, "expires_at": …}`."""

    actor: ClassVar[str] = "issue_link"
    queue: ClassVar[Queue] = "interactive"

    grant_id: int
    asset_id: UUID


class MakeInvoice(EphemeralContract, frozen=True):
    """Make the address of an open order's invoice in Stars. The answer is `{"url": …}`."""

    actor: ClassVar[str] = "make_invoice"
    queue: ClassVar[Queue] = "delivery"
    max_age: ClassVar[float] = 10.0

    order_id: int


class PresignPicture(EphemeralContract, frozen=True):
    """Sign an address for a product's picture. The answer is `{"url": …}`.

    `viewer_id`: the person who asks, where they are known; not everybody may see every picture.
    """

    actor: ClassVar[str] = "presign_picture"
    queue: ClassVar[Queue] = PICTURES

    upload_id: UUID
    viewer_id: int | None = None


class PresignPreview(EphemeralContract, frozen=True):
    """Sign an address for a picture of a file's preview, or its teaser. Answers `{"url": …}`.

    `viewer_id` as above.
    """

    actor: ClassVar[str] = "presign_preview"
    queue: ClassVar[Queue] = PICTURES

    asset_id: UUID
    number: int = 0
    teaser: bool = False
    viewer_id: int | None = None


class PresignPaper(EphemeralContract, frozen=True):
    """Sign an address for an invoice, receipt or credit note, whose PDF may have to be made.

    The answer is `{"url": …}`.
    """

    actor: ClassVar[str] = "presign_paper"
    queue: ClassVar[Queue] = PICTURES
    max_age: ClassVar[float] = 10.0

    paper_id: UUID


class PresignEvidence(EphemeralContract, frozen=True):
    """Sign an address for the proof of delivery in a dispute. The answer is `{"url": …}`."""

    actor: ClassVar[str] = "presign_evidence"
    queue: ClassVar[Queue] = PICTURES

    evidence_id: UUID


class StripeForm(EphemeralContract, frozen=True):
    """Make a link to Stripe's form for a seller who waits. The answer is `{"url": …}`.

    `ticket`: what opens our own page on the way, where Stripe sends the seller for another link. Refused
    with "stripe-refused".
    """

    actor: ClassVar[str] = "stripe_form"
    queue: ClassVar[Queue] = "interactive"
    max_age: ClassVar[float] = 20.0

    row_id: int
    ticket: str


class TakeStripeCode(EphemeralContract, frozen=True):
    """Take the account of a seller who let us have it. The answer is empty.

    Refused with "stripe-code-void" or "stripe-account-taken".
    """

    actor: ClassVar[str] = "take_stripe_code"
    queue: ClassVar[Queue] = "interactive"
    max_age: ClassVar[float] = 20.0

    row_id: int
    code: str


class OpenPortal(EphemeralContract, frozen=True):
    """Open Stripe's page of a member's cards and invoices, for them alone. The answer is `{"url": …}`.

    Refused with "subscription-unknown" where no card is charged any more, "cards-off" without a key.
    """

    actor: ClassVar[str] = "open_portal"
    queue: ClassVar[Queue] = "interactive"
    max_age: ClassVar[float] = 20.0

    membership_id: int


class PricePlan(EphemeralContract, frozen=True):
    """Ask Stripe what a change of plan costs now.

    The answer is `{"due": {"amount": …, "currency": …}, "prorated_at": …}`. Refused
    with "plan-unchangeable", "cards-off" without a key.
    """

    actor: ClassVar[str] = "price_plan"
    queue: ClassVar[Queue] = "interactive"
    max_age: ClassVar[float] = 20.0

    membership_id: int
    plan_id: int


EPHEMERAL: tuple[type[EphemeralContract], ...] = (
    Presign,
    ReadBeginning,
    PresignParts,
    ListParts,
    IssueLink,
    MakeInvoice,
    PresignPicture,
    PresignPreview,
    PresignPaper,
    PresignEvidence,
    StripeForm,
    TakeStripeCode,
    OpenPortal,
    PricePlan,
)
