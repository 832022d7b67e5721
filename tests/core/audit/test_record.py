"""Entries are written in the transaction of the act, by a session or as a part of one statement."""

from sqlmodel import Session, col, select

from core.audit.record import entries_sql, record
from core.kit.correlation import correlation
from core.kit.db import driver
from schemas.audit import AuditEntry
from tests.support import make
from tests.support.make import NOW


def test_an_entry_has_who_what_and_the_correlation_of_its_act(session: Session) -> None:
    token = correlation.set("c0ffee")
    record(session, "user:7", "order.refunded", "order:12", reason="double", whole=True)
    correlation.reset(token)
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("user:7", "order.refunded", "order:12")
    assert (entry.correlation_id, entry.details) == ("c0ffee", {"reason": "double", "whole": True})


def test_a_statement_writes_an_entry_for_each_of_its_rows(session: Session) -> None:
    ids = [make.user(session).id for _ in range(2)]
    entries = entries_sql(
        "person", actor="'system'", action="'person.seen'", subject="'user:' || id", details="'{\"by\": 1}'"
    )
    driver(session.connection()).execute(entries, {"correlation_id": "c0ffee", "now": NOW})
    rows = session.exec(
        select(AuditEntry).where(AuditEntry.action == "person.seen").order_by(col(AuditEntry.id))
    )
    assert [(row.subject, row.correlation_id, row.details, row.created_at) for row in rows] == [
        (f"user:{user_id}", "c0ffee", {"by": 1}, NOW) for user_id in ids
    ]
