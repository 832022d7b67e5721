"""A seller's month: every paper of it, in sums that agree with the ledger of balances."""

import csv
import io
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.balances import owed, record_payout
from core.payments.papers import issue
from core.payments.refunds import finish_part
from core.payments.statements import month_of, statement_of, write_csv
from schemas.paper_jobs import IssuePaper
from schemas.people import Seller
from tests.support import make


def a_month(session: Session) -> Seller:
    """Two transfers of 9.99 EUR, 3.00 of them given back, 5.00 paid out; one sale for 500 Stars."""
    shop = make.seller(session, name="=Awa")
    item = make.product(session, shop, title="=1+1")
    first, _, _ = [make.paid_order(session, item, rail=rail) for rail in ("manual", "manual", "stars")]
    finish_part(session, first, 300, part="1", reason="late", now=make.NOW)
    for job in make.queued(session, IssuePaper):
        issue(session, job.order_id, part=job.part, amount=job.amount, now=make.NOW)
    record_payout(
        session,
        seller_id=id_of(shop),
        rail="manual",
        amount=Money(500, "EUR"),
        reference="SEPA-1",
        actor="cli",
        now=make.NOW,
    )
    return shop


def test_the_sums_of_a_month_are_those_of_its_papers_and_of_the_ledger(session: Session) -> None:
    shop = a_month(session)
    found = statement_of(session, id_of(shop), "2026-11")
    sums = {each.rail: each for each in found.sums}
    euros = sums["manual"]
    assert (euros.sales, euros.sold, euros.refunds, euros.given_back) == (2, 1998, 1, 300)
    assert (euros.net, euros.paid_out) == (1698, 500)
    assert (sums["stars"].sold, sums["stars"].currency) == (500, "XTR")
    ledger = {line.rail: line for line in owed(session, id_of(shop))}
    for rail, line in ledger.items():
        assert line.owed == sums[rail].net - sums[rail].paid_out
    assert sorted(line.kind for line in found.lines) == ["credit_note", "receipt", "receipt", "receipt"]


def test_another_month_and_another_seller_have_nothing(session: Session) -> None:
    shop = a_month(session)
    other = make.seller(session, name="Other")
    assert statement_of(session, id_of(shop), "2026-10").sums == []
    assert statement_of(session, id_of(other), "2026-11").lines == []


def test_the_csv_has_a_line_for_each_paper_and_runs_nothing(session: Session) -> None:
    out = io.StringIO(newline="")
    write_csv(statement_of(session, id_of(a_month(session)), "2026-11"), out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len(rows) == 4
    assert sum(int(row["minor_units"]) for row in rows if row["currency"] == "EUR") == 1698
    (note,) = [row for row in rows if row["kind"] == "credit_note"]
    assert (note["amount"], note["title"], note["date"]) == ("-3.00", "'=1+1", "2026-11-20")
    assert note["corrects"] in {row["number"] for row in rows}


def test_a_year_ends_where_the_next_begins() -> None:
    assert month_of("2026-12") == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "november"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(Refused, match="bad-month"):
        month_of(month)


def test_nobodys_statement_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        statement_of(session, 999, "2026-11")
