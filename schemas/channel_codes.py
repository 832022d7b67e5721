"""The codes by which sellers connect channels whose admins are anonymous to the bot."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from schemas.base import created_moment, moment, reference


class ChannelCode(SQLModel, table=True):
    """A shop's newest code. Whoever posts it in a channel shows that the shop may speak there."""

    __tablename__ = "channel_code"

    seller_id: int = reference("seller.id", primary_key=True)
    code_hash: bytes = Field(unique=True)  # SHA-256 of what is posted
    created_at: datetime = created_moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)
