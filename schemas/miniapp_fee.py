"""The monthly fee of a shop as the Mini App gets it."""

from typing import Literal

import msgspec

from schemas.answers import Moment, PaymentPlaces


class ShopFeeAnswer(msgspec.Struct):
    """How the monthly fee of the person's shop stands, and where it is paid. `none`: no fee is asked."""

    state: Literal["none", "paid", "lacking", "suspended"]
    paid_until: Moment | None
    pay: PaymentPlaces
