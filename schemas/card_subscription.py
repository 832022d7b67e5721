"""Memberships that Stripe charges by card, again and again, for the seller, and the trials before."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

CardStatus = Literal[
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "canceled",
    "unpaid",
    "paused",
]
"""Stripe's words (https://docs.stripe.com/api/subscriptions/object#subscription_object-status)."""
CardWish = Literal[
    "renew",  # go on
    "stop",  # end with what is paid
    "end",  # end now: nothing that is open is to be paid any more
    "hold",  # charge nothing for a while
    "resume",  # go on after that, from the end of the time that was kept
]
"""What the member, or a rule of ours, asks of Stripe."""


class CardSubscription(SQLModel, table=True):
    """A subscription on a seller's account, as Stripe last showed it, and what was asked of it since.

    It began with `order_id`, a web order; `membership_id` is known once somebody has claimed that.
    """

    __tablename__ = "card_subscription"

    id: int | None = identity()
    order_id: int = reference("purchase.id", unique=True)
    membership_id: int | None = reference("membership.id", default=None, index=True)
    account: str = Field(sa_type=Text)  # acct_…
    subscription_id: str = Field(unique=True, sa_type=Text)  # sub_…
    customer_id: str = Field(sa_type=Text)  # cus_…, on the same account
    status: CardStatus = Field(sa_type=Text)
    cancels: bool = Field(default=False)  # it ends at `until`
    held: bool = Field(default=False)  # nothing is charged meanwhile
    until: datetime = moment()  # the end of Stripe's present period
    wanted: CardWish = Field(default="renew", sa_type=Text)
    asked: int = Field(default=0)  # how often something was asked: each has a key of its own at Stripe
    seen_at: datetime = moment()  # when the look at Stripe began that is written here
    created_at: datetime = created_moment()


class CardTrial(SQLModel, table=True):
    """What was promised with a web order that costs nothing: a free trial, after which a card is charged."""

    __tablename__ = "card_trial"

    order_id: int = reference("purchase.id", primary_key=True)
    days: int
    amount: int = Field(sa_type=BigInteger)  # minor units of the order's currency, once it is over
    ends_at: datetime | None = moment(default=None)  # when the first charge is due; None: it has not begun
