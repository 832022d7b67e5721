"""People: anyone who spoke to the bot, sellers among them, and the tokens of machines and staff."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

Language = Literal["fr", "en"]
Role = Literal["buyer", "seller", "support", "admin", "banned"]
ShopStatus = Literal["pending", "approved", "refused", "suspended"]


class User(SQLModel, table=True):
    """One person, known by Telegram id. `blocked_at` is set while the person blocks the bot."""

    __tablename__ = "person"

    id: int | None = identity()
    telegram_id: int = Field(sa_type=BigInteger, unique=True)
    name: str = Field(default="", sa_type=Text)
    username: str | None = Field(default=None, sa_type=Text)
    language: str = Field(default="fr", max_length=2)
    language_chosen: bool = Field(default=False)  # by /language; Telegram's own no longer overrides it
    roles: list[Role] = Field(default_factory=lambda: ["buyer"], sa_type=ARRAY(Text))
    blocked_at: datetime | None = moment(default=None)
    created_at: datetime = created_moment()


class Seller(SQLModel, table=True):
    """A person's shop: a seller with a name, who sells on some rails once staff have approved it."""

    __tablename__ = "seller"

    id: int | None = identity()
    user_id: int = reference("person.id", unique=True)
    name: str = Field(sa_type=Text)
    status: ShopStatus = Field(default="pending", sa_type=Text)
    rails: list[str] = Field(default_factory=lambda: ["stars"], sa_type=ARRAY(Text))
    terms_accepted_at: datetime | None = moment(default=None)
    about: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # who sells
    # what it would say, while staff look at it (then `about_held_at` is set) or after they refused it
    about_waiting: str | None = Field(default=None, sa_type=Text)
    about_held_at: datetime | None = moment(default=None)
    # What the operator takes of a sale by card: hundredths of a percent, and minor units by currency
    card_fee_rate: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    card_fee_sums: dict[str, int] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    # As invoices must name the seller; all empty: the shop gives receipts, and no invoices.
    legal_name: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    legal_address: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    vat_number: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    created_at: datetime = created_moment()


class AccessToken(SQLModel, table=True):
    """A personal access token of staff or a machine; only its SHA-256 is kept."""

    __tablename__ = "access_token"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(sa_type=Text)
    role: Role = Field(sa_type=Text)
    user_id: int | None = reference("person.id", default=None)
    token_hash: bytes = Field(unique=True)
    created_at: datetime = created_moment()
    expires_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)
