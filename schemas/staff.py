"""What staff send and get over HTTP. Amounts in integer minor units, times RFC 3339, UTC."""

from datetime import datetime
from typing import Annotated

import msgspec

from schemas.answers import MoneyAnswer
from schemas.http import Identity
from schemas.people import ShopStatus
from schemas.rails import Currency, Rail
from schemas.sales import Entry, OrderStatus
from schemas.text import ONE_LINE, Text

Note = Annotated[Text, msgspec.Meta(max_length=1000)]


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Staff's answer on a payment; the note is shown to the buyer when refused."""

    note: Note = ""


class RefundRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why an order is refunded; shown to buyer and seller."""

    reason: Annotated[Text, msgspec.Meta(min_length=1, max_length=1000)]


class ChargeRefund(RefundRequest, forbid_unknown_fields=True):
    """Which charge of Stars goes back, and why."""

    charge_id: Annotated[Text, msgspec.Meta(min_length=1, max_length=256)]


class PayoutRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A payout that the operator has made. The same `reference` again is the same payout."""

    seller_id: Identity
    rail: Rail
    amount: Identity
    currency: Currency
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=ONE_LINE)]


class PayoutLine(msgspec.Struct):
    """A recorded payout, in minor units of `currency`."""

    seller_id: int
    rail: Rail
    amount: int
    currency: Currency
    reference: str


class SellerLine(msgspec.Struct):
    """One shop, and the rails on which it sells."""

    id: int
    name: str
    status: ShopStatus
    rails: list[Rail]


class OrderDetail(msgspec.Struct):
    """One order as staff see it; `provider_id` is the charge, payment or transaction that paid it."""

    id: int
    number: str
    status: OrderStatus
    entry: Entry
    rail: Rail
    title: str
    seller: str
    buyer_id: int | None
    amount: int
    currency: Currency
    provider_id: str
    note: str
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    delivered_at: datetime | None
    refunded_at: datetime | None
    needs_support_at: datetime | None


class Numbered(msgspec.Struct):
    """Where a page stands in its list. `number` counts from 1; an empty list is one empty page."""

    number: int
    pages: int
    total: int


class FoundOrder(msgspec.Struct):
    """One order in a list. `buyer` is a shown name, empty while nobody has claimed a web order."""

    id: int
    number: str
    status: OrderStatus
    title: str
    buyer: str
    price: MoneyAnswer
    rail: Rail
    created_at: datetime
    needs_support: bool


class FoundOrderPage(Numbered):
    """Orders, newest first."""

    items: list[FoundOrder]


class WaitingTransfer(msgspec.Struct):
    """A transfer that waits for a decision. `buyer` is a shown name, empty for a web order."""

    order_id: int
    number: str
    title: str
    price: MoneyAnswer
    transaction_id: str
    submitted_at: datetime
    buyer: str


class WaitingTransferPage(Numbered):
    """Transfers that wait for a decision, oldest first."""

    items: list[WaitingTransfer]


class SellerBalance(msgspec.Struct):
    """What one seller is owed on one rail, and has been paid, in minor units of `currency`.

    `owed` is what is still open; a refund after a payout may make it negative.
    """

    seller_id: int
    seller_name: str
    rail: Rail
    currency: Currency
    owed: int
    paid_out: int
