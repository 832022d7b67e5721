"""What the web checkout takes and answers besides pages, and the bounds that all bodies share."""

from typing import Annotated

import msgspec

LARGEST = 2**63 - 1  # of a 64-bit column
Identity = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class OrderForm(msgspec.Struct):
    """The form of a product page. `key` was made with the page, so that sending it twice orders once."""

    rail: str = ""
    key: str = ""


class TransferForm(msgspec.Struct):
    """Under which id the buyer sent a manual transfer."""

    transaction_id: str = ""


class MailForm(msgspec.Struct):
    """Where whoever waits for an order wants mail about it."""

    address: str = ""


class OrderState(msgspec.Struct):
    """How far a web order is; `version` changes whenever its page would."""

    stage: str
    version: str
