"""Entries of the audit log are found by who, what and when."""

from core.audit.record import record
from core.audit.search import AuditFilter, list_entries
from core.kit.db import Database
from tests.core.audit.entries import DAY
from tests.support.make import NOW


def test_entries_are_found_by_actor_family_subject_and_time(shop: Database) -> None:
    with shop.transaction() as session:
        record(session, "cli", "queue.retry", "act:1", count=3)
        record(session, "cli", "queue.retry.ended", "act:1", count=3)
        record(session, "user:7", "queue.retrying", "act:2")

    def found(**asked: object) -> list[str]:
        with shop.transaction() as session:
            return [entry.action for entry in list_entries(session, AuditFilter(**asked))]  # type: ignore[arg-type]

    assert found() == ["queue.retrying", "queue.retry.ended", "queue.retry"]
    assert found(action="queue.retry") == ["queue.retry.ended", "queue.retry"]
    assert found(actor="user:7", subject="act:2") == ["queue.retrying"]
    assert found(correlation_id="none") == []
    assert found(until=NOW - 9999 * DAY) == []
    assert len(found(since=NOW - 9999 * DAY)) == 3
