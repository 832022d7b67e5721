"""What comes in and goes out over HTTP, besides pages: forms, staff requests and their answers.

Lists answer with the dataclasses that core gives (core.kit.pagination.Page and its lines). Amounts are
integer minor units, times RFC 3339.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from schemas.rails import Currency, Rail
from schemas.sales import OrderStatus

LARGEST = 2**63 - 1  # of a 64-bit column
Identity = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
Note = Annotated[str, msgspec.Meta(max_length=1000)]


class OrderForm(msgspec.Struct):
    """The form of a product page. `key` was made with the page, so that sending it twice orders once."""

    rail: str = ""
    key: str = ""


class TransferForm(msgspec.Struct):
    """Under which id the buyer sent a manual transfer."""

    transaction_id: str = ""


class MailForm(msgspec.Struct):
    """Where whoever waits for an order wants mail about it."""

    address: str = ""


class OrderState(msgspec.Struct):
    """How far a web order is; `version` changes whenever its page would."""

    stage: str
    version: str


class ServiceState(msgspec.Struct):
    """Whether the process lives."""

    status: Literal["ok"] = "ok"


class Readiness(msgspec.Struct):
    """Whether requests can be served: `ok`, or what is wrong, for each part."""

    ready: bool
    parts: dict[str, str]


class Accepted(msgspec.Struct):
    """A notice was stored, or was known already."""

    status: Literal["stored"] = "stored"


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Staff's answer on a payment; the note is shown to the buyer when refused."""

    note: Note = ""


class RefundRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why an order is refunded; shown to buyer and seller."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class ChargeRefund(RefundRequest, forbid_unknown_fields=True):
    """Which charge of Stars goes back, and why."""

    charge_id: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class PayoutRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A payout that the operator has made. The same `reference` again is the same payout."""

    seller_id: Identity
    rail: Rail
    amount: Identity
    currency: Currency
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class PayoutLine(msgspec.Struct):
    """A recorded payout, in minor units of `currency`."""

    seller_id: int
    rail: str
    amount: int
    currency: str
    reference: str


class SellerLine(msgspec.Struct):
    """One shop. `status`: pending, approved, refused, suspended."""

    id: int
    name: str
    status: str
    rails: list[str]


class OrderDetail(msgspec.Struct):
    """One order as staff see it; `provider_id` is the charge, payment or transaction that paid it."""

    id: int
    number: str
    status: OrderStatus
    entry: str
    rail: str
    title: str
    seller: str
    buyer_id: int | None
    amount: int
    currency: str
    provider_id: str
    note: str
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    delivered_at: datetime | None
    refunded_at: datetime | None
    needs_support_at: datetime | None
