"""The monthly statement of a seller, for whoever keeps their books: every paper of the month, as CSV.

It is made of the papers, so it agrees with what buyers hold: a sale from before there were papers is
not in it. Its sums are in `month_sums`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from sqlmodel import Session, col, select

from core.kit.money import Money
from core.kit.names import spreadsheet_text
from core.payments.month_sums import month_of
from core.payments.papers import facts_of, number_of
from schemas.papers import Paper, PaperKind

AT_A_TIME = 500  # papers

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
COLUMNS = (*PAPER_COLUMNS, "currency", "amount", "minor_units", "vat", "vat_minor_units")


@dataclass(frozen=True)
class StatementLine:
    """One paper; `amount` is negative for a credit note, and so is the VAT in it, where it is known."""

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
    vat: Money | None


def statement_lines(session: Session, seller_id: int, month: str) -> Iterator[StatementLine]:
    """Every paper of a seller's month (UTC), in the order of their dates. Raises `Refused` "bad-month"."""
    begin, end = month_of(month)
    papers = (
        select(Paper)
        .where(Paper.seller_id == seller_id, col(Paper.issued_at) >= begin, col(Paper.issued_at) < end)
        .order_by(col(Paper.issued_at), col(Paper.kind), col(Paper.number))
    )
    for some in session.exec(papers.execution_options(yield_per=AT_A_TIME)).partitions():
        yield from map(_line, some)


def write_csv(lines: Iterable[StatementLine], out: TextIO) -> None:
    """Write every line, for a spreadsheet; amounts with a point, dates as ISO 8601."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines:
        title, buyer, payment = map(spreadsheet_text, (line.title, line.buyer, line.payment))
        days = f"{line.date:%Y-%m-%d}", f"{line.paid_on:%Y-%m-%d}"
        head = days[0], line.number, line.kind, line.corrects, line.order, title, buyer, line.rail, payment
        amount = line.amount
        vat = (f"{line.vat.decimal():f}", line.vat.amount) if line.vat else ("", "")
        writer.writerow((*head, days[1], amount.currency, f"{amount.decimal():f}", amount.amount, *vat))


def file_of(session: Session, seller_id: int, month: str) -> str:
    """The CSV of a seller's month. Raises `Refused` "bad-month"."""
    out = io.StringIO(newline="")
    write_csv(statement_lines(session, seller_id, month), out)
    return out.getvalue()


def file_name(month: str) -> str:
    """What the CSV of a month is called."""
    return f"statement-{month}.csv"


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
        vat=None if facts.tax is None else Money(sign * facts.tax, paper.currency),
    )
