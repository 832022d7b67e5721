"""Card payments in the Mini App: how the seller's account at Stripe stands, and the way to it."""

from typing import Literal

import msgspec

from schemas.answers import MoneyAnswer
from schemas.stripe import Missing, TaxState

CardsState = Literal["none", "incomplete", "checking", "active", "rejected", "disconnected"]


class CardsAnswer(msgspec.Struct):
    """`offered`: the shop can take cards at all. `own_account`: one that the seller has can be connected.

    `fee_percent` and `fee_sums`: what the operator takes of each sale. `tax`: whether Stripe Tax works out
    VAT, or waits for something of the seller.
    """

    offered: bool
    state: CardsState
    missing: list[Missing]
    currency: str | None
    own_account: bool
    fee_percent: str
    fee_sums: list[MoneyAnswer]
    tax: TaxState


class TaxRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Whether VAT is to be worked out by Stripe Tax on later sales by card."""

    wanted: bool


class WayAnswer(msgspec.Struct):
    """Pages of ours that lead to Stripe for an hour: to its form, or to who has an account already."""

    form: str
    own: str | None
