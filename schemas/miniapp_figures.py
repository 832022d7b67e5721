"""The market's figures and people as the Mini App gets them, for admins. Sizes in bytes."""

import msgspec

from schemas.answers import Moment, MoneyAnswer, Paging, RailSales
from schemas.people import Role


class FiguresSlot(msgspec.Struct):
    """One step of a range, from `at` on: what was sold, links made, addresses signed, downloads begun."""

    at: Moment
    orders: int
    earned: list[RailSales]
    links: int
    signed: int
    downloads: int


class RankedLine(msgspec.Struct):
    """A product, or a shop, with what it did in a range; `seller` is the shop's name."""

    id: int
    name: str
    seller: str
    orders: int
    downloads: int
    revenue: list[MoneyAnswer]


class FiguresAnswer(msgspec.Struct):
    """The whole market over some days: step by step, in all, and who sold most."""

    slots: list[FiguresSlot]
    totals: list[RailSales]
    products: list[RankedLine]
    sellers: list[RankedLine]


class DownloadRow(msgspec.Struct):
    """A download; `at` is its minute. Nobody's name is kept with it."""

    at: Moment
    file: str
    size: int
    product: str
    seller: str


class LiveAnswer(msgspec.Struct):
    """The last hour by the minute, and the latest downloads."""

    minutes: list[FiguresSlot]
    latest: list[DownloadRow]


class KnownPerson(msgspec.Struct):
    """A person as the operator sees them, known since `since`."""

    id: int
    telegram_id: int
    name: str
    username: str | None
    roles: list[Role]
    banned: bool
    since: Moment


class KnownPersonPage(Paging):
    """People that the shop knows."""

    items: list[KnownPerson]
