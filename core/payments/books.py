"""Our books beside those of payment providers: each payment, refund and fee, to the cent."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session

from core.kit.bad_rows import AWAY
from core.kit.db import Database
from core.kit.money import Money
from core.notifications.notify import notify_staff
from core.payments.our_books import our_lines
from core.payments.rails.port import Gateways, LineKind, MoneyLine, NoBooks, Rail, rail_of, rails

Fault = Literal["unknown-here", "unknown-there", "differs"]
COMPARED = timedelta(days=31)
UNDER_WAY = timedelta(hours=1)
"""What happened so lately may still be on its way to us."""
DELAYED = timedelta(days=14)
"""So long a bank may take between a charge and its money, by which we count."""
MOST_TOLD = 50  # messages to staff of one comparison; the command lists all
NONE = "-"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """A line that only one side has, or that has two amounts; `line` is theirs where they have it."""

    fault: Fault
    line: MoneyLine
    theirs: Money | None
    ours: Money | None


@dataclass(frozen=True)
class BookSum:
    """What both sides have of one seller in one currency, in minor units."""

    seller_id: int
    currency: str
    kind: LineKind
    theirs: int
    ours: int


@dataclass(frozen=True)
class Comparison:
    """A rail's books beside ours; `unread` are the accounts that the provider did not show.

    `without`: why there are no books of this rail. `failure`: why they could not be read this time.
    """

    rail: str
    sums: list[BookSum] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    without: str = ""
    failure: Exception | None = None


def compare_books(database: Database, gateways: Gateways, *, now: datetime) -> list[Comparison]:
    """Compare the books of every rail, of the last 31 days; a provider that fails stops no other."""
    compared = []
    for rail in rails():
        try:
            compared.append(_compare_rail(database, gateways, rail, now))
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - the others are read, whatever it is
            compared.append(Comparison(rail.name, failure=error))
    return compared


def catch_up(
    database: Database, gateways: Gateways, compared: Iterable[Comparison], *, now: datetime
) -> set[str]:
    """Have what providers have and we lack applied, once; the rails of which something was news.

    A provider whose books were read and that fails now is left for the next comparison.
    """
    caught_up = set()
    for comparison in compared:
        missed = [each.line for each in comparison.differences if each.fault != "unknown-there"]
        if not missed:
            continue
        try:
            news = rail_of(comparison.rail).catch_up(database, gateways, missed, now=now)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - what it would have mended is told instead
            log.warning("what %s has and we lack cannot be fetched: %s", comparison.rail, error)
            continue
        if news:
            caught_up.add(comparison.rail)
    return caught_up


def compare(theirs: Iterable[MoneyLine], ours: Iterable[MoneyLine]) -> list[Difference]:
    """Where two books differ, by seller, order and kind."""
    there = {(line.kind, line.id): line for line in theirs}
    here = {(line.kind, line.id): line for line in ours}
    found = []
    for key in there.keys() | here.keys():
        their, our = there.get(key), here.get(key)
        if their and our and their.money == our.money:
            continue
        fault: Fault = "unknown-here" if our is None else "unknown-there" if their is None else "differs"
        line = their or our
        assert line is not None, "the key is of one of them"
        moneys = [side.money if side else None for side in (their, our)]
        found.append(Difference(fault, line, *moneys))
    return sorted(found, key=_place)


def add_up(theirs: Iterable[MoneyLine], ours: Iterable[MoneyLine]) -> list[BookSum]:
    """The sums of both books by seller, currency and kind."""
    sums: dict[tuple[int, str, LineKind], list[int]] = defaultdict(lambda: [0, 0])
    for side, lines in enumerate((theirs, ours)):
        for line in lines:
            sums[line.seller_id, line.money.currency, line.kind][side] += line.money.amount
    return [BookSum(*key, theirs=both[0], ours=both[1]) for key, both in sorted(sums.items())]


def tell_differences(session: Session, compared: Iterable[Comparison]) -> None:
    """Tell staff of each difference once, and of none that is being mended."""
    for comparison in compared:
        for each in comparison.differences[:MOST_TOLD]:
            params = {
                "rail": comparison.rail,
                "number": each.line.order_number,
                "id": each.line.id,
                "theirs": str(each.theirs or NONE),
                "ours": str(each.ours or NONE),
            }
            once = f"{comparison.rail}:{each.fault}:{each.line.kind}:{each.line.id}"
            notify_staff(session, "staff-books-differ", params, once=once)


def _compare_rail(database: Database, gateways: Gateways, rail: Rail[Any], now: datetime) -> Comparison:
    since, until = now - COMPARED, now - UNDER_WAY
    books = rail.books(database, gateways, since=since - DELAYED, until=until)
    if isinstance(books, NoBooks):
        return Comparison(rail.name, without=books.why)
    with database.transaction() as session:
        ours = our_lines(session, rail.name, books, since, until)
    return Comparison(rail.name, add_up(books.lines, ours), compare(books.lines, ours), books.unread)


def _place(difference: Difference) -> tuple[int, str, str, str]:
    line = difference.line
    return line.seller_id, line.order_number, line.kind, line.id
