"""An entry that cannot be read is named, and stops neither sealing nor verifying nor listing of others."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core.audit import chain, sealing
from core.audit.chain import verify
from core.audit.head import Break
from core.audit.sealing import seal, seal_and_check
from core.audit.search import AuditFilter, list_entries
from core.kit.db import Database
from tests.core.audit.entries import DAY, KEY, Execute, Shelf, heads_on, sealed, write
from tests.support.make import NOW

LATER = NOW + DAY
BAD = {
    "a time without end": {"created_at": "'infinity'"},
    "a time without beginning": {"created_at": "'-infinity'"},
    "a year that Python has not": {"created_at": "'12026-11-21 12:00+00'"},
    "before our era": {"created_at": "'0044-03-15 12:00+00 BC'"},
    "no details": {"details": "'null'"},
    "a list": {"details": "'[1]'"},
    "a word": {"details": "'\"x\"'"},
    "a number": {"details": "'-1'"},
    "a number too big": {"details": "('{\"n\": ' || repeat('9', 5000) || '}')::jsonb"},
    "one with a huge exponent": {"details": "('{\"n\": ' || repeat('9', 400) || '.5}')::jsonb"},
    "too deep": {"details": "(repeat('{\"a\":', 3000) || '1' || repeat('}', 3000))::jsonb"},
    "too large": {"details": "jsonb_build_object('a', (SELECT string_agg(random()::text, '') "
                             "FROM generate_series(1, 20000)))"},
    "a long actor": {"actor": "repeat('user:7', 100000)"},
    "a long correlation": {"correlation_id": "repeat('c', 100000)"},
}  # fmt: skip


def insert(values: dict[str, str]) -> str:
    """SQL of one entry, with these values instead of good ones."""
    columns = {
        "actor": "'cli'",
        "action": "'order.refunded'",
        "subject": "'order:1'",
        "correlation_id": "''",
        "details": "'{}'",
        "created_at": f"'{LATER}'",
    } | values
    return f"INSERT INTO audit_entry ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def run(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement.replace(":", "\\:")))


@pytest.mark.parametrize("values", BAD.values(), ids=list(BAD))
def test_a_bad_entry_is_named_and_all_others_are_sealed(
    database: Database, shop: Database, values: dict[str, str]
) -> None:
    heads = heads_on(Shelf())
    sealed(database, 2, heads=heads)
    run(shop, insert(values))
    write(database, 2, day=1)
    for _ in range(2):
        broken = seal_and_check(database, KEY, heads, now=LATER)
        assert broken is not None
        assert (broken.place, broken.entry) == (None, 3)
        assert broken.why in ("unreadable", "backdated")
    verdict = verify(database, KEY)
    assert (verdict.broken, verdict.entries, verdict.unsealed) == (broken, 4, 1)
    with shop.transaction() as session:
        entries = list_entries(session, AuditFilter())
    assert [entry.id for entry in entries] == [5, 4, 3, 2, 1]
    assert len(str(entries[2])) < 20_000


@pytest.mark.parametrize("values", BAD.values(), ids=list(BAD))
def test_a_first_entry_that_is_bad_is_named_too(database: Database, values: dict[str, str]) -> None:
    run(database, insert(values))
    write(database, 1)
    broken = seal_and_check(database, KEY, heads_on(Shelf()), now=LATER)
    assert broken in (Break("unreadable", None, 1), Break("backdated", None, 1))
    assert verify(database, KEY).entries == 1


def test_more_bad_entries_than_a_batch_hold_back_no_good_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (chain, sealing):
        monkeypatch.setattr(module, "BATCH", 2)
    heads = heads_on(Shelf())
    for _ in range(5):
        run(database, insert({"created_at": "'infinity'"}))
    write(database, 3)
    run(database, insert({"details": "'null'", "created_at": "'2100-01-01'"}))
    write(database, 2, day=9)
    assert seal(database, KEY, heads, now=NOW + 9 * DAY) == 5, "and none is taken for a late one"
    assert seal_and_check(database, KEY, heads, now=NOW + 9 * DAY) == Break("unreadable", None, 1)


def test_a_sealed_entry_that_was_made_unreadable_is_named_with_its_place(
    database: Database, execute: Execute
) -> None:
    for change in ("created_at = 'infinity'", "details = 'null'", "actor = repeat('user', 100000)"):
        heads = heads_on(Shelf())
        execute("DELETE FROM audit_entry; DELETE FROM audit_seal; ALTER SEQUENCE audit_entry_id_seq RESTART")
        sealed(database, 3, 2, heads=heads)
        execute(f"UPDATE audit_entry SET {change} WHERE place = 2")
        write(database, 1, day=1)
        assert seal_and_check(database, KEY, heads, now=LATER) == Break("unreadable", 2, 2)
        assert verify(database, KEY).unsealed == 0


@pytest.mark.parametrize(
    "change",
    [
        "sealed_at = 'infinity'",
        "pruned_at = '-infinity'",
        "digest = '\\x00'",
        "signature = ''",
        "last_place = -3",
    ],
)
def test_a_seal_that_cannot_be_read_is_named(database: Database, execute: Execute, change: str) -> None:
    heads = heads_on(Shelf())
    sealed(database, 3, 2, heads=heads)
    execute(f"UPDATE audit_seal SET {change} WHERE last_place = 3")
    broken = seal_and_check(database, KEY, heads, now=LATER)
    assert broken is not None
    assert broken.why == "seal-forged"
    assert verify(database, KEY).broken == broken


@pytest.mark.parametrize("place", [-7, 0, 3, 9])
def test_a_place_that_sealing_never_gave_is_named(database: Database, execute: Execute, place: int) -> None:
    heads = heads_on(Shelf())
    sealed(database, 2, heads=heads)
    execute(insert({"place": str(place), "digest": "'x'"}))
    write(database, 1, day=1)
    assert seal_and_check(database, KEY, heads, now=LATER) == Break("seal-missing", place, 3)
    assert verify(database, KEY).broken == Break("seal-missing", place, 3)


@pytest.mark.parametrize("column", ["place", "id", "digest"])
def test_the_application_gives_no_entry_its_number_its_place_or_its_digest(
    shop: Database, column: str
) -> None:
    value = "'\\x00'" if column == "digest" else "5"
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(shop, insert({column: value}))
