"""What the web checkout takes and answers besides pages, and the bounds that all bodies share."""

from typing import Annotated

import msgspec

from schemas.text import Line, Secret, Text

LARGEST = 2**53 - 1  # that every reader of JSON holds exactly (RFC 8259, 6); columns have 64 bits
Identity = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class OrderForm(msgspec.Struct):
    """The form of a product page. `key` was made with the page, so that sending it twice orders once.

    `waiver`: the version of the words by which the buyer gives up the right of withdrawal, where ticked.
    `trial`: "yes" for a free trial before a card is charged.
    """

    rail: Secret = ""
    currency: Secret = ""
    key: Secret = ""
    waiver: Secret = ""
    trial: Secret = ""


class TransferForm(msgspec.Struct):
    """Under which id the buyer sent a manual transfer."""

    transaction_id: Line = ""


class MailForm(msgspec.Struct):
    """Where whoever waits for an order wants mail about it."""

    address: Line = ""


class QuestionForm(msgspec.Struct):
    """A question about a web order. `key` was made with the page, so that sending it twice asks once."""

    words: Annotated[Text, msgspec.Meta(max_length=20_000)] = ""
    key: Secret = ""


class OrderState(msgspec.Struct):
    """How far a web order is; `version` changes whenever its page would."""

    stage: str
    version: str
