"""Memberships that Telegram charges in Stars, again and again."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference


class StarSubscription(SQLModel, table=True):
    """A Stars subscription that Telegram charges every 30 days for one membership.

    `renews` is what Telegram does, as far as we know; `wanted` is what the person or we asked for.
    """

    __tablename__ = "star_subscription"

    id: int | None = identity()
    membership_id: int = reference("membership.id", index=True)
    order_id: int = reference(
        "purchase.id", unique=True
    )  # of the first charge; its payload comes back each time
    charge_id: str = Field(sa_type=Text)  # of the first charge, which is how Telegram names it
    stars: int = Field(sa_type=BigInteger)
    until: datetime = moment()
    renews: bool = Field(default=True)
    wanted: bool = Field(default=True)
    created_at: datetime = created_moment()
