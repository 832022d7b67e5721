"""Card payments in the Mini App: how the seller's account at Stripe stands, and the way to it."""

from typing import Literal

import msgspec

from schemas.answers import MoneyAnswer
from schemas.stripe import Missing

CardsState = Literal["none", "incomplete", "checking", "active", "rejected", "disconnected"]


class CardsAnswer(msgspec.Struct):
    """`offered`: the shop can take cards at all. `own_account`: one that the seller has can be connected.

    `fee_percent` and `fee_sums`: what the operator takes of each sale.
    """

    offered: bool
    state: CardsState
    missing: list[Missing]
    currency: str | None
    own_account: bool
    fee_percent: str
    fee_sums: list[MoneyAnswer]


class WayAnswer(msgspec.Struct):
    """Pages of ours that lead to Stripe for an hour: to its form, or to who has an account already."""

    form: str
    own: str | None
