"""Orders, the money that came for them, and what each seller is owed."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference, utc_now

OrderStatus = Literal[
    "created",
    "awaiting_payment",
    "submitted",
    "paid",
    "delivered",
    "refunded",
    "cancelled",
    "expired",
    "failed",
]
Entry = Literal["bot", "web"]
PaymentStatus = Literal[
    "pending",  # the invoice is open, or the transaction submitted
    "partial",
    "confirmed",
    "refused",
    "refunded",
]
RefundStatus = Literal[
    "wanted",  # decided here, and not answered by the provider yet
    "pending",  # on its way to the buyer
    "succeeded",
    "failed",  # the money stayed with, or went back to, who was paid
]
EventState = Literal["received", "handled", "unmatched", "refused"]
BalanceKind = Literal["sale", "refund", "payout"]


class Order(SQLModel, table=True):
    """One purchase of one product. Its status moves only by `core.orders.orders.move`.

    `buyer_id` is empty for a web order until its claim. `number` is what people say to support.
    """

    __tablename__ = "purchase"
    __table_args__ = (
        Index("ix_purchase_undelivered", "paid_at", postgresql_where=text("status = 'paid'")),
        Index(
            "ix_purchase_open",
            "expires_at",
            postgresql_where=text("status in ('created','awaiting_payment')"),
        ),
        Index("ix_purchase_paid_at", "paid_at", postgresql_using="brin"),  # figures read a range of time
    )

    id: int | None = identity()
    buyer_id: int | None = reference("person.id", default=None, index=True)
    product_id: int = reference("product.id", index=True)
    seller_id: int = reference("seller.id", index=True)
    entry: Entry = Field(sa_type=Text)
    rail: str = Field(sa_type=Text)
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)  # minor units, the price at the time of order
    status: OrderStatus = Field(default="created", sa_type=Text)
    page_hash: bytes | None = Field(default=None, unique=True)  # SHA-256 of the order page's token (web)
    idempotency_key: str | None = Field(default=None, unique=True, sa_type=Text)
    language: str = Field(default="fr", max_length=2)
    note: str = Field(
        default="", sa_type=Text
    )  # staff's reason for a refusal or a refund, shown to the buyer
    delivery_attempts: int = Field(default=0)  # of retry_undelivered, bounded
    needs_support_at: datetime | None = moment(default=None)  # delivery was given up, or the payment is odd
    odd_money_at: datetime | None = moment(default=None)  # came beside its price; staff have yet to decide
    created_at: datetime = created_moment()
    expires_at: datetime = moment()
    paid_at: datetime | None = moment(default=None)
    delivered_at: datetime | None = moment(default=None)  # the link was sent; a download is another fact
    refunded_at: datetime | None = moment(default=None)
    waived_at: datetime | None = moment(default=None)  # the right of withdrawal, before payment
    # The version of the words that the buyer agreed to (core.payments.waiver); empty: none was asked for
    waiver: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    correlation_id: str = Field(default="", sa_type=Text)


class Payment(SQLModel, table=True):
    """What a provider, or the buyer himself, said about paying one order."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("rail", "provider_id"), UniqueConstraint("rail", "reference"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: int = reference("purchase.id", index=True)
    rail: str = Field(sa_type=Text)
    provider_id: str = Field(
        sa_type=Text
    )  # Stars charge id, NOWPayments invoice or payment id, transaction id
    # The id as a person typed it, in the form of all its spellings (core.kit.names.canonical); else None
    reference: str | None = Field(default=None, sa_type=Text)
    status: PaymentStatus = Field(default="pending", sa_type=Text)
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)  # minor units that were asked
    received: int | None = Field(default=None, sa_type=BigInteger)  # minor units that came, where known
    pay_url: str | None = Field(default=None, sa_type=Text)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = created_moment()
    checked_at: datetime | None = moment(default=None)  # last look of the poller
    confirmed_at: datetime | None = moment(default=None)


class Refund(SQLModel, table=True):
    """Money of a payment that goes back by a provider that takes its time; a payment may have several.

    One that was decided here has no `provider_id` until the provider has answered; one that was decided
    there is written down from there.
    """

    __tablename__ = "refund"

    id: int | None = identity()
    payment_id: UUID = Field(foreign_key="payment.id", index=True)
    provider_id: str | None = Field(default=None, unique=True, sa_type=Text)  # Stripe's re_…
    status: RefundStatus = Field(default="wanted", sa_type=Text)
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)  # minor units
    reason: str = Field(default="", sa_type=Text)  # shown to the buyer
    attempt: int = Field(default=1)  # of asking for it: each has a key of its own at the provider
    # Of whoever decided it, so that a press that is sent twice refunds once; else None
    idempotency_key: str | None = Field(default=None, unique=True, sa_type=Text)
    created_at: datetime = created_moment()
    done_at: datetime | None = moment(default=None)  # it succeeded or failed


class PaymentEvent(SQLModel, table=True):
    """One inbound event, stored raw before anything is done; unique by (provider, event_id)."""

    __tablename__ = "payment_event"
    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        Index("ix_payment_event_state", "state", "received_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    provider: str = Field(sa_type=Text)
    event_id: str = Field(sa_type=Text)
    body: bytes | None = Field(default=None)  # dropped when it can no longer be replayed
    payer: int | None = Field(default=None, sa_type=BigInteger)  # Telegram id, where Telegram said it
    account: str | None = Field(default=None, sa_type=Text)  # a seller's at the provider, where it has any
    livemode: bool | None = Field(default=None)  # whether real money moved, where the provider says so
    order_id: int | None = reference("purchase.id", default=None, index=True)
    state: EventState = Field(default="received", sa_type=Text)
    outcome: str = Field(default="", sa_type=Text)  # what handling it decided, for people
    received_at: datetime = moment(default_factory=utc_now, index=True)
    handled_at: datetime | None = moment(default=None)


class BalanceEntry(SQLModel, table=True):
    """One line of what a seller is owed: sale (+), refund (-), payout (-); minor units of `currency`.

    `part` tells the part refunds of one order apart, by the name that its rail gives each; else it is empty.
    """

    __tablename__ = "balance_entry"
    __table_args__ = (UniqueConstraint("order_id", "kind", "part"), UniqueConstraint("reference_key"))

    id: int | None = identity()
    seller_id: int = reference("seller.id", index=True)
    kind: BalanceKind = Field(sa_type=Text)
    rail: str = Field(sa_type=Text)
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)
    order_id: int | None = reference("purchase.id", default=None)
    part: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    reference: str | None = Field(default=None, sa_type=Text)  # of a payout, given by the operator
    reference_key: str | None = Field(default=None, sa_type=Text)  # the same as all its spellings
    created_at: datetime = created_moment()
