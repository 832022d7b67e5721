"""The chain over the audit log finds the first row that somebody touched, also after pruning."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from core.audit import chain
from core.audit.chain import Break, Key, Verdict, seal, verify
from core.audit.record import record
from core.audit.retention import DaysKept, Pruned, prune_records
from core.audit.search import AuditFilter, list_entries
from core.kit.db import Database
from core.payments.rails.stars.events import StarsEvent, keep
from schemas.audit import AuditEntry
from schemas.sales import PaymentEvent
from tests.support.make import NOW

KEY = Key("5e" * 32)
DAY = timedelta(days=1)
KEPT = DaysKept(audit=400, events=730, bodies=90)
Execute = Callable[[str], None]


def write(database: Database, count: int, *, day: int = 0, actor: str = "cli") -> None:
    """So many entries of one day."""
    with database.transaction() as session:
        for number in range(count):
            details = {"number": number, "why": "été", "sure": True}
            session.add(
                AuditEntry(
                    actor=actor,
                    action="order.refunded",
                    subject=f"order:{number}",
                    details=details,
                    created_at=NOW + day * DAY,
                )
            )


def sealed(database: Database, *counts: int) -> None:
    """So many entries a day, sealed at the end of each."""
    for day, count in enumerate(counts):
        write(database, count, day=day)
        assert seal(database, KEY, now=NOW + day * DAY) == count


@pytest.fixture
def execute(database: Database) -> Execute:
    """What somebody with the database's password can do."""

    def run(statement: str) -> None:
        with database.engine.begin() as connection:
            connection.execute(text(statement))

    return run


def broken(database: Database) -> tuple[str, int | None]:
    found = verify(database, KEY).broken
    assert found is not None
    return found.why, found.place


def test_a_whole_chain_holds_and_says_what_is_not_sealed_yet(database: Database) -> None:
    assert verify(database, KEY) == Verdict(None, 0, 0, 0, "", None, 0)
    sealed(database, 3, 2)
    write(database, 4, day=2)
    verdict = verify(database, KEY)
    assert verdict.broken is None
    assert (verdict.entries, verdict.last_place, verdict.unsealed) == (5, 5, 4)
    assert verdict.sealed_at == NOW + DAY
    assert verify(database, KEY, known_head=(5, verdict.head)).broken is None
    assert seal(database, KEY, now=NOW + 2 * DAY) == 4
    assert verify(database, KEY, known_head=(5, verdict.head)).broken is None


@pytest.mark.parametrize(
    ("crime", "why", "place"),
    [
        ("UPDATE audit_entry SET details = details || '{\"number\": 7}' WHERE place = 4", "changed", 4),
        ("UPDATE audit_entry SET actor = 'user:9' WHERE place = 1", "changed", 1),
        ("UPDATE audit_entry SET created_at = created_at - interval '1 s' WHERE place = 5", "changed", 5),
        ("DELETE FROM audit_entry WHERE place = 3", "missing", 3),
        ("DELETE FROM audit_entry WHERE place >= 4", "missing", 4),
        (
            "UPDATE audit_entry SET place = CASE place WHEN 2 THEN -3 ELSE -2 END WHERE place IN (2, 3);"
            "UPDATE audit_entry SET place = -place WHERE place < 0",
            "changed",
            2,
        ),
        (
            "INSERT INTO audit_entry (actor, action, subject, correlation_id, details, created_at)"
            " VALUES ('cli', 'order.refunded', 'order:1', '', '{}', '2026-11-20 12:00+00')",
            "backdated",
            None,
        ),
        (
            "INSERT INTO audit_entry"
            " (actor, action, subject, correlation_id, details, created_at, place, digest)"
            " VALUES ('cli', 'order.refunded', 'order:1', '', '{}', '2026-11-21 12:00+00', 6, '\\x00')",
            "seal-missing",
            6,
        ),
        ("DELETE FROM audit_seal WHERE last_place = 5", "seal-missing", 4),
        ("DELETE FROM audit_seal", "seal-missing", 1),
        (
            "UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE last_place = 3",
            "seal-forged",
            3,
        ),
        ("UPDATE audit_seal SET signed_by = 'another' WHERE last_place = 5", "seal-forged", 5),
        (
            "DELETE FROM audit_entry WHERE place <= 3;"
            "UPDATE audit_seal SET pruned_at = now() WHERE last_place = 3",
            "seal-forged",
            3,
        ),
    ],
)
def test_what_was_tampered_with_is_named(
    database: Database, execute: Execute, crime: str, why: str, place: int | None
) -> None:
    sealed(database, 3, 2)
    execute(crime)
    assert broken(database) == (why, place)


def test_a_head_that_was_kept_elsewhere_shows_an_end_that_was_cut_off(
    database: Database, execute: Execute
) -> None:
    sealed(database, 3, 2)
    head = verify(database, KEY).head
    execute("DELETE FROM audit_entry WHERE place > 3; DELETE FROM audit_seal WHERE last_place > 3")
    assert verify(database, KEY).broken is None
    assert verify(database, KEY, known_head=(5, head)).broken == Break("head-missing", 5)
    write(database, 2, day=1, actor="user:9")
    seal(database, KEY, now=NOW + DAY)
    found = verify(database, KEY, known_head=(5, head)).broken
    assert found is not None
    assert (found.why, found.place) == ("head-missing", 5)


def test_a_late_transaction_is_chained_and_a_late_claim_is_found(database: Database) -> None:
    sealed(database, 2, 2)
    with database.transaction() as session:
        session.add(
            AuditEntry(actor="cli", action="a", subject="b", created_at=NOW + DAY - timedelta(minutes=59))
        )
    assert seal(database, KEY, now=NOW + DAY) == 1
    assert verify(database, KEY).broken is None
    write(database, 1, day=0)
    assert seal(database, KEY, now=NOW + DAY) == 1
    assert broken(database) == ("backdated", 6)


def test_a_backlog_is_sealed_in_batches_and_no_entry_of_it_is_suspected(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    monkeypatch.setattr(chain, "SEALS", 2)
    write(database, 9)
    assert seal(database, KEY, now=NOW + 9 * DAY) == 9
    verdict = verify(database, KEY)
    assert (verdict.broken, verdict.entries) == (None, 9)


def test_a_new_key_covers_what_the_old_one_sealed(database: Database, execute: Execute) -> None:
    sealed(database, 3)
    new = Key("6f" * 32)
    found = verify(database, new).broken
    assert found is not None
    assert found.why == "seal-forged"
    write(database, 1, day=1)
    seal(database, new, now=NOW + DAY)
    assert (verify(database, new).broken, verify(database, new).old_keys) == (None, 1)
    execute("UPDATE audit_entry SET actor = 'user:9' WHERE place = 2")
    assert verify(database, new).broken is not None


def test_pruning_leaves_a_chain_that_can_be_verified(database: Database, execute: Execute) -> None:
    sealed(database, 3, 2, 2)
    at = NOW + DAY + timedelta(days=400, hours=1)
    assert prune_records(database, KEY, KEPT, now=at) == Pruned(5, 0, 0)
    verdict = verify(database, KEY)
    assert (verdict.broken, verdict.entries, verdict.begins_after) == (None, 2, 5)
    assert prune_records(database, KEY, KEPT, now=at) == Pruned(0, 0, 0)
    write(database, 2, day=402)
    assert seal(database, KEY, now=NOW + 402 * DAY) == 2
    assert verify(database, KEY).entries == 4
    execute("DELETE FROM audit_entry WHERE place = 6")
    assert broken(database) == ("missing", 6)


def test_what_no_seal_covers_is_not_pruned(database: Database) -> None:
    write(database, 2)
    assert prune_records(database, KEY, KEPT, now=NOW + 500 * DAY).entries == 0
    assert seal(database, KEY, now=NOW + 500 * DAY) == 2


def test_events_lose_their_body_first_and_then_go_but_for_those_not_handled(database: Database) -> None:
    with database.transaction() as session:
        for name in ("old", "new", "open"):
            keep(session, StarsEvent(telegram_id=7, charge_id=name), name, now=NOW)
        session.execute(text("UPDATE payment_event SET state = 'handled' WHERE event_id <> 'open'"))
        session.execute(
            text("UPDATE payment_event SET received_at = :at WHERE event_id = 'new'"), {"at": NOW + 700 * DAY}
        )

    def events() -> dict[str, tuple[bool, int | None]]:
        with database.transaction() as session:
            rows = session.exec(select(PaymentEvent)).all()
            return {row.event_id: (row.body is not None, row.payer) for row in rows}

    assert prune_records(database, KEY, KEPT, now=NOW + 91 * DAY) == Pruned(0, 0, 1)
    assert events() == {"old": (False, 7), "new": (True, 7), "open": (True, 7)}
    assert prune_records(database, KEY, KEPT, now=NOW + 731 * DAY) == Pruned(0, 1, 0)
    assert events() == {"new": (True, 7), "open": (True, 7)}


def test_entries_are_found_by_actor_family_subject_and_time(database: Database) -> None:
    with database.transaction() as session:
        record(session, "cli", "queue.retry", "act:1", count=3)
        record(session, "cli", "queue.retry.ended", "act:1", count=3)
        record(session, "user:7", "queue.retrying", "act:2")

    def found(**asked: object) -> list[str]:
        with database.transaction() as session:
            return [entry.action for entry in list_entries(session, AuditFilter(**asked))]  # type: ignore[arg-type]

    assert found() == ["queue.retrying", "queue.retry.ended", "queue.retry"]
    assert found(action="queue.retry") == ["queue.retry.ended", "queue.retry"]
    assert found(actor="user:7", subject="act:2") == ["queue.retrying"]
    assert found(correlation_id="none") == []
    assert found(until=NOW - 9999 * DAY) == []
    assert len(found(since=NOW - 9999 * DAY)) == 3
