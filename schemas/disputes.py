"""What buyers' banks say against payments by card, and the money that moves with it."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Text, text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

DisputeStatus = Literal[
    "warning_needs_response",  # an inquiry: no money has moved
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
    "prevented",
    "appeal_needs_response",  # what was decided is decided anew
    "appeal_under_review",
]
"""As Stripe says it (https://docs.stripe.com/api/disputes/object#dispute_object-status)."""
DisputeAccess = Literal["suspend", "keep"]
"""What a dispute does to the access that its payment bought, until the bank has decided."""


class Dispute(SQLModel, table=True):
    """A bank's dispute of a payment; a payment may have several. Stripe has the last word on all of it.

    `turn` rises with its status. Amounts in minor units.
    """

    __tablename__ = "dispute"

    id: int | None = identity()
    payment_id: UUID = Field(foreign_key="payment.id", index=True)
    provider_id: str = Field(unique=True, sa_type=Text)  # Stripe's du_… or dp_…
    status: DisputeStatus = Field(sa_type=Text)
    turn: int = Field(default=0)
    reason: str = Field(default="", sa_type=Text)  # the bank's, in Stripe's word
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)
    refundable: bool = Field(default=False)  # whether Stripe still takes a refund of the payment
    answer_by: datetime | None = moment(default=None)  # until when evidence counts
    answered: bool = Field(default=False)  # evidence was submitted, which can be done once
    lost: bool = Field(default=False)  # the bank has found for the buyer; an appeal may change it
    # What went back to the buyer by it for good, of the order's price; a credit note says so
    credited: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    # Names the proof of delivery, and opens it
    evidence_id: UUID = Field(
        default_factory=uuid4, unique=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )
    staged_at: datetime | None = moment(default=None)  # the proof lies at Stripe, not handed in
    submit_asked_at: datetime | None = moment(default=None)  # a person wants it handed in
    held_at: datetime | None = moment(default=None)  # since when access is put aside for it
    created_at: datetime = created_moment()
    checked_at: datetime = moment()  # when Stripe was asked how it stands
    closed_at: datetime | None = moment(default=None)


class DisputeLine(SQLModel, table=True):
    """Money that a dispute took from the seller's balance (negative) or put back, and Stripe's fee."""

    __tablename__ = "dispute_line"

    id: int | None = identity()
    dispute_id: int = reference("dispute.id", index=True)
    provider_id: str = Field(unique=True, sa_type=Text)  # Stripe's txn_…
    currency: str = Field(max_length=3)  # that of the balance, which need not be that of the payment
    amount: int = Field(sa_type=BigInteger)
    fee: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = created_moment()
