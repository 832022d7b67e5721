"""The Stripe accounts of sellers, who are paid by card directly."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ARRAY, Index, Text, text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

AccountState = Literal[
    "incomplete",  # Stripe wants something of the seller, or nothing was filled in yet
    "checking",  # Stripe looks at what the seller filled in
    "active",  # buyers can pay by card
    "rejected",  # Stripe does not serve this seller
    "disconnected",  # the seller, or Stripe, ended the connection; the row stays for the books
]
Missing = Literal["identity", "business", "bank_account", "website", "documents", "terms", "other"]
"""What Stripe still wants of a seller, in as many kinds as people need to be told."""
TaxState = Literal[
    "off",
    "asked",  # the seller wants it, and Stripe Tax lacks something of them
    "on",
]
"""Whether VAT is worked out on sales by card."""
PlatformMode = Literal["off", "test", "live"]
"""What the operator's key moves: there is none, play money, real money."""


class StripePlatform(SQLModel, table=True):
    """This shop as Stripe sees it: one row, made with the table. `name` is random and never changes.

    `mode` is what the workers that started last have a key of; nobody else sees the key. `operator_id`: the
    operator's own shop, on whose account cards pay what the operator is owed; None: cards pay no such thing.
    """

    __tablename__ = "stripe_platform"

    name: str = Field(primary_key=True, sa_type=Text)
    mode: PlatformMode = Field(default="off", sa_type=Text)
    operator_id: int | None = reference("seller.id", default=None)


class StripeAccount(SQLModel, table=True):
    """A seller's account at Stripe. `account_id` is None until it exists there.

    A seller has one that is connected; those of before stay, since sales and refunds lead to them.
    """

    __tablename__ = "stripe_account"
    __table_args__ = (
        Index(
            "uq_stripe_account_connected",
            "seller_id",
            unique=True,
            postgresql_where=text("state <> 'disconnected'"),
        ),
    )

    id: int | None = identity()
    seller_id: int = reference("seller.id", index=True)
    account_id: str | None = Field(default=None, unique=True, sa_type=Text)  # acct_…
    livemode: bool = Field(default=False)  # real money, as the key that it was connected with
    state: AccountState = Field(default="incomplete", sa_type=Text)
    missing: list[Missing] = Field(default_factory=list, sa_type=ARRAY(Text))
    currency: str | None = Field(default=None, max_length=3)  # that of its balance; others are converted
    # SHA-256 of what opens the way to Stripe in the seller's browser, and until when it does
    ticket_hash: bytes | None = Field(default=None, unique=True)
    ticket_until: datetime | None = moment(default=None)
    tax: TaxState = Field(default="off", sa_type=Text, sa_column_kwargs={"server_default": "off"})
    created_at: datetime = created_moment()
    checked_at: datetime | None = moment(default=None)  # when Stripe was last asked
    events_read_at: datetime | None = moment(default=None)  # until when what happened there was read
    disconnected_at: datetime | None = moment(default=None)
