"""The monthly statement of a seller, for whoever keeps their books: every paper of the month, and its sums.

It is made of the papers, so it agrees with what buyers hold: a sale from before there were papers is
not in it.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from sqlmodel import Session, col, select

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import spreadsheet_text
from core.kit.rows import must_get
from core.payments.papers import facts_of, number_of
from schemas.papers import Paper, PaperKind
from schemas.people import Seller
from schemas.sales import BalanceEntry

PAPER_COLUMNS = (
    "date",
    "number",
    "kind",
    "corrects",
    "order",
    "title",
    "buyer",
    "rail",
    "payment",
    "paid_on",
)
COLUMNS = (*PAPER_COLUMNS, "currency", "amount", "minor_units")


@dataclass(frozen=True)
class StatementLine:
    """One paper; `amount` is negative for a credit note."""

    date: datetime
    number: str
    kind: PaperKind
    corrects: str
    order: str
    title: str
    buyer: str
    rail: str
    payment: str
    paid_on: datetime
    amount: Money


@dataclass(frozen=True)
class StatementSum:
    """The month on one rail in one currency, in minor units; `paid_out` is what the operator paid over."""

    rail: str
    currency: str
    sales: int
    sold: int
    refunds: int
    given_back: int
    paid_out: int

    @property
    def net(self) -> int:
        """What was sold and not given back."""
        return self.sold - self.given_back


@dataclass(frozen=True)
class MonthlyStatement:
    """A seller's month (UTC), like "2026-11": papers in the order of their dates, sums by rail."""

    seller: str
    month: str
    lines: list[StatementLine]
    sums: list[StatementSum]


def month_of(month: str) -> tuple[datetime, datetime]:
    """The beginning of a month like "2026-11", and of the next, in UTC. Raises `Refused` "bad-month"."""
    try:
        begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("bad-month", {"month": month[:20]}) from None
    year, following = (begin.year + 1, 1) if begin.month == 12 else (begin.year, begin.month + 1)
    return begin, begin.replace(year=year, month=following)


def statement_of(session: Session, seller_id: int, month: str) -> MonthlyStatement:
    """A seller's statement. Raises `NotFound` "shop-unknown"; `Refused` "bad-month"."""
    begin, end = month_of(month)
    seller = must_get(session, Seller, seller_id, "shop-unknown")
    papers = session.exec(
        select(Paper)
        .where(Paper.seller_id == seller_id, col(Paper.issued_at) >= begin, col(Paper.issued_at) < end)
        .order_by(col(Paper.issued_at), col(Paper.kind), col(Paper.number))
    )
    lines = [_line(paper) for paper in papers]
    payouts = session.exec(
        select(BalanceEntry).where(
            BalanceEntry.seller_id == seller_id,
            BalanceEntry.kind == "payout",
            col(BalanceEntry.created_at) >= begin,
            col(BalanceEntry.created_at) < end,
        )
    )
    paid_out: dict[tuple[str, str], int] = defaultdict(int)
    for entry in payouts:
        paid_out[entry.rail, entry.currency] -= entry.amount
    return MonthlyStatement(seller.legal_name or seller.name, month, lines, sums(lines, paid_out))


def sums(lines: list[StatementLine], paid_out: dict[tuple[str, str], int]) -> list[StatementSum]:
    """The sums of some lines by rail and currency; `paid_out` in minor units by the same."""
    groups: dict[tuple[str, str], list[int]] = {key: [] for key in paid_out}
    for line in lines:
        groups.setdefault((line.rail, line.amount.currency), []).append(line.amount.amount)
    return [
        StatementSum(
            rail,
            currency,
            sales=sum(amount >= 0 for amount in amounts),
            sold=sum(amount for amount in amounts if amount >= 0),
            refunds=sum(amount < 0 for amount in amounts),
            given_back=-sum(amount for amount in amounts if amount < 0),
            paid_out=paid_out.get((rail, currency), 0),
        )
        for (rail, currency), amounts in sorted(groups.items())
    ]


def write_csv(statement: MonthlyStatement, out: TextIO) -> None:
    """Write every line, for a spreadsheet; amounts with a point, dates as ISO 8601."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in statement.lines:
        title, buyer, payment = map(spreadsheet_text, (line.title, line.buyer, line.payment))
        days = f"{line.date:%Y-%m-%d}", f"{line.paid_on:%Y-%m-%d}"
        head = days[0], line.number, line.kind, line.corrects, line.order, title, buyer, line.rail, payment
        amount = line.amount
        writer.writerow((*head, days[1], amount.currency, f"{amount.decimal():f}", amount.amount))


def _line(paper: Paper) -> StatementLine:
    facts = facts_of(paper)
    sign = -1 if paper.kind == "credit_note" else 1
    return StatementLine(
        date=paper.issued_at,
        number=number_of(paper),
        kind=paper.kind,
        corrects=facts.corrects,
        order=facts.order_number,
        title=facts.title,
        buyer=facts.buyer,
        rail=facts.rail,
        payment=facts.provider_id,
        paid_on=facts.paid_at,
        amount=Money(sign * paper.amount, paper.currency),
    )
