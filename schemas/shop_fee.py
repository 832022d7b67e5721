"""What a seller pays the operator each month for the shop to be open."""

from datetime import datetime
from typing import Literal

from sqlmodel import Field, SQLModel

from schemas.base import created_moment, moment, reference

ShopFeeState = Literal[
    "paid",
    "lacking",  # the month is over and not paid, and the shop is open for now
    "suspended",  # the shop is closed until it is paid
]


class ShopFee(SQLModel, table=True):
    """The monthly fee of a shop; `product_id` is what is bought to pay it, with its prices.

    `anchor_day` keeps months that began on the 31st from drifting. Days without payment are counted one at
    each look, never as a difference of two clocks (`core.people.shop_fee_rules`).
    """

    __tablename__ = "shop_fee"

    seller_id: int = reference("seller.id", primary_key=True)
    product_id: int = reference("product.id", unique=True)
    paid_until: datetime = moment()
    anchor_day: int
    days_lacked: int = Field(default=0)
    counted_at: datetime | None = moment(default=None)  # the last of them; at first, when the seller was told
    suspended_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)  # staff ask it no longer
    created_at: datetime = created_moment()


class ShopFeeMonth(SQLModel, table=True):
    """The month that one order paid."""

    __tablename__ = "shop_fee_month"

    order_id: int = reference("purchase.id", primary_key=True)
    seller_id: int = reference("seller.id", index=True)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    taken_back_at: datetime | None = moment(default=None)  # its money went back
