"""What answers over HTTP have in common: moments, amounts, pages, refusals.

No field of an answer has a default, so that the OpenAPI document says of each that it is there. The one
exception is a field that an answer may be without: it is `UNSET` then, and does not appear.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from schemas.rails import Currency, Rail

Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""RFC 3339 in UTC, ending in +00:00."""


class MoneyAnswer(msgspec.Struct):
    """`amount` in minor units of `currency`."""

    amount: int
    currency: Currency


Prices = dict[Rail, list[MoneyAnswer]]
"""What something costs, or what was paid, on each rail: one amount for each currency, the first leads."""


class RailSales(msgspec.Struct):
    """What was sold on one rail in one currency: `amount` minor units in so many orders."""

    rail: Rail
    amount: int
    currency: Currency
    orders: int


class Paging(msgspec.Struct):
    """Where a page stands in its list. `page` counts from 1; an empty list is one empty page."""

    page: int
    pages: int
    total: int


class PaymentPlaces(msgspec.Struct):
    """Where a fee can be paid, and one of its prices."""

    bot_link: str | UnsetType = UNSET
    web_link: str | UnsetType = UNSET
    price: MoneyAnswer | UnsetType = UNSET


class Problem(msgspec.Struct):
    """A problem document, application/problem+json (RFC 9457). `code` is stable; `detail` is for people.

    `pay`: where the open fee is paid. `max`: the size in bytes that is allowed at most. `missing`: the
    numbers of the parts that are not in the store.
    """

    title: str
    status: int
    detail: str
    code: str
    reference: str
    pay: PaymentPlaces | UnsetType = UNSET
    max: int | UnsetType = UNSET
    missing: list[int] | UnsetType = UNSET


class ServiceState(msgspec.Struct):
    """Whether the process lives."""

    status: Literal["ok"]


class Readiness(msgspec.Struct):
    """Whether requests can be served: `ok`, or what is wrong, for each part."""

    ready: bool
    parts: dict[str, str]


class Accepted(msgspec.Struct):
    """A provider's notice was stored, or was known already."""

    status: Literal["stored"]
