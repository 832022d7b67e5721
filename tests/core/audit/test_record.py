"""Entries are written in the transaction of the act, by a session or as a part of one statement."""

from sqlmodel import Session, col, select

from core.audit.notes import words_of
from core.audit.record import entries_sql, record
from core.kit.correlation import correlation
from core.kit.db import driver
from schemas.audit import AuditEntry
from tests.support import make
from tests.support.make import NOW


def test_an_entry_has_who_what_and_the_correlation_of_its_act(session: Session) -> None:
    token = correlation.set("c0ffee")
    record(session, "user:7", "order.refunded", "order:12", "paid twice", order=12, renews=True)
    correlation.reset(token)
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("user:7", "order.refunded", "order:12")
    note = entry.details.pop("note")
    assert (entry.correlation_id, entry.details) == ("c0ffee", {"order": 12, "renews": True})
    assert words_of(session, [note]) == {note: "paid twice"}


def test_a_statement_writes_an_entry_for_each_of_its_rows(session: Session) -> None:
    ids = [make.user(session).id for _ in range(2)]
    entries = entries_sql(
        "person", actor="'system'", action="'person.seen'", subject="'user:' || id", details={"user": "id"}
    )
    driver(session.connection()).execute(entries, {"correlation_id": "c0ffee", "now": NOW})
    rows = session.exec(
        select(AuditEntry).where(AuditEntry.action == "person.seen").order_by(col(AuditEntry.id))
    )
    assert [(row.subject, row.correlation_id, row.details, row.created_at) for row in rows] == [
        (f"user:{user_id}", "c0ffee", {"user": user_id}, NOW) for user_id in ids
    ]
