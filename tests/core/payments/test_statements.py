"""A seller's month as CSV: a line for each of its papers."""

import csv
import io

from sqlmodel import Session

from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.balances import record_payout
from core.payments.papers import issue
from core.payments.refunds import finish_part
from core.payments.statements import file_of, statement_lines
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


def test_every_paper_of_the_month_is_a_line_and_no_other(session: Session) -> None:
    shop = a_month(session)
    lines = list(statement_lines(session, id_of(shop), "2026-11"))
    assert sorted(line.kind for line in lines) == ["credit_note", "receipt", "receipt", "receipt"]
    assert list(statement_lines(session, id_of(shop), "2026-10")) == []
    assert list(statement_lines(session, id_of(make.seller(session, name="Other")), "2026-11")) == []


def test_the_csv_has_a_line_for_each_paper_and_runs_nothing(session: Session) -> None:
    rows = list(csv.DictReader(io.StringIO(file_of(session, id_of(a_month(session)), "2026-11"))))
    assert len(rows) == 4
    assert sum(int(row["minor_units"]) for row in rows if row["currency"] == "EUR") == 1698
    (note,) = [row for row in rows if row["kind"] == "credit_note"]
    assert (note["amount"], note["title"], note["date"]) == ("-3.00", "'=1+1", "2026-11-20")
    assert note["corrects"] in {row["number"] for row in rows}
