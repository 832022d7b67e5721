"""The chain over the audit log finds the first row that somebody touched."""

from datetime import timedelta

import pytest

from core.audit import chain, sealing
from core.audit.chain import Verdict, verify
from core.audit.head import Break, Head
from core.audit.keys import Key
from core.audit.sealing import seal
from core.kit.db import Database
from schemas.audit import AuditEntry
from tests.core.audit.entries import DAY, KEY, Execute, Shelf, broken, heads_on, sealed, write
from tests.support.make import NOW


def test_a_whole_chain_holds_and_says_what_is_not_sealed_yet(database: Database) -> None:
    assert verify(database, KEY) == Verdict(None, 0, 0, 0, "", None, 0)
    sealed(database, 3, 2)
    write(database, 4, day=2)
    verdict = verify(database, KEY)
    assert verdict.broken is None
    assert (verdict.entries, verdict.last_place, verdict.unsealed) == (5, 5, 4)
    assert verdict.sealed_at == NOW + DAY
    assert verify(database, KEY, known_heads=[Head(5, verdict.head)]).broken is None
    assert seal(database, KEY, heads_on(Shelf()), now=NOW + 2 * DAY) == 4
    assert verify(database, KEY, known_heads=[Head(5, verdict.head)]).broken is None


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
    assert verify(database, KEY, known_heads=[Head(5, head)]).broken == Break("head-missing", 5)
    write(database, 2, day=1, actor="user:9")
    seal(database, KEY, heads_on(Shelf()), now=NOW + DAY)
    found = verify(database, KEY, known_heads=[Head(5, head)]).broken
    assert found is not None
    assert (found.why, found.place) == ("head-missing", 5)


def test_a_late_transaction_is_chained_and_a_late_claim_is_found(database: Database) -> None:
    sealed(database, 2, 2)
    with database.transaction() as session:
        session.add(
            AuditEntry(actor="cli", action="a", subject="b", created_at=NOW + DAY - timedelta(minutes=59))
        )
    assert seal(database, KEY, heads_on(Shelf()), now=NOW + DAY) == 1
    assert verify(database, KEY).broken is None
    write(database, 1, day=0)
    assert seal(database, KEY, heads_on(Shelf()), now=NOW + DAY) == 0, "nobody signs what claims to be older"
    assert broken(database) == ("backdated", None)


def test_a_backlog_is_sealed_in_batches_and_no_entry_of_it_is_suspected(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    monkeypatch.setattr(sealing, "BATCH", 2)
    monkeypatch.setattr(chain, "SEALS", 2)
    write(database, 9)
    assert seal(database, KEY, heads_on(Shelf()), now=NOW + 9 * DAY) == 9
    verdict = verify(database, KEY)
    assert (verdict.broken, verdict.entries) == (None, 9)


def test_a_new_key_covers_what_the_old_one_sealed(database: Database, execute: Execute) -> None:
    sealed(database, 3)
    new = Key("6f" * 32)
    found = verify(database, new).broken
    assert found is not None
    assert found.why == "seal-forged"
    write(database, 1, day=1)
    seal(database, new, heads_on(Shelf()), now=NOW + DAY)
    assert (verify(database, new).broken, verify(database, new).old_keys) == (None, 1)
    execute("UPDATE audit_entry SET actor = 'user:9' WHERE place = 2")
    assert verify(database, new).broken is not None
