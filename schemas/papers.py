"""Invoices, receipts and credit notes: what was issued under which number, as it stands on the paper."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, moment, reference

PaperKind = Literal["invoice", "receipt", "credit_note"]


class PaperFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on a paper, kept as it was on its day. Amounts in minor units of the paper's currency.

    `buyer` is empty where nobody has claimed a web order yet. `corrects` is the number of the paper that a
    credit note takes back from. `tax` is the VAT in the sum, None where nobody worked it out.
    """

    shop: str
    seller: str
    address: str
    vat_number: str
    buyer: str
    order_number: str
    title: str
    rail: str
    provider_id: str
    paid_at: datetime
    language: str
    corrects: str = ""
    corrected_at: datetime | None = None  # when that one was issued; older credit notes do not say
    waived_at: datetime | None = None  # the right of withdrawal
    reason: str = ""
    tax: int | None = None


class Paper(SQLModel, table=True):
    """One paper of one order: of its sale (`part` ""), or of one refund of it. Never changed once issued.

    `id` is the secret in its address. `stored_at`: since when the store has its PDF, made once it is fetched.
    """

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("order_id", "part"), UniqueConstraint("seller_id", "kind", "number"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    seller_id: int = reference("seller.id")
    kind: PaperKind = Field(sa_type=Text)
    number: int = Field(sa_type=BigInteger)
    order_id: int = reference("purchase.id")
    part: str = Field(default="", sa_type=Text)
    currency: str = Field(max_length=3)
    amount: int = Field(sa_type=BigInteger)  # minor units; of a credit note what went back, positive
    facts: dict[str, Any] = Field(sa_type=JSONB)
    issued_at: datetime = created_moment()
    stored_at: datetime | None = moment(default=None)


class PaperSeries(SQLModel, table=True):
    """The last number that a seller's papers of a kind have; whoever issues the next locks this row."""

    __tablename__ = "paper_series"

    seller_id: int = reference("seller.id", primary_key=True)
    kind: PaperKind = Field(sa_type=Text, primary_key=True)
    last: int = Field(sa_type=BigInteger)
