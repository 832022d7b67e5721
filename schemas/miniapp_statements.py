"""A seller's month, as the Mini App shows it."""

import msgspec

from schemas.rails import Currency, Rail


class StatementLine(msgspec.Struct):
    """The month on one rail in one currency, in minor units; `net` is what was sold and not given back.

    `vat`: that in `net`, as far as it was worked out; null where it never was.
    """

    rail: Rail
    currency: Currency
    sales: int
    sold: int
    refunds: int
    given_back: int
    net: int
    vat: int | None
    paid_out: int


class StatementAnswer(msgspec.Struct):
    """A month (UTC) like "2026-11". `file` is the address of its CSV, good while the session lives."""

    month: str
    seller: str
    sums: list[StatementLine]
    file: str
    file_name: str
