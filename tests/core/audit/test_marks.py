"""What is marked is not understood again, and is found as soon as a byte of it differs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.audit import chain, marks, reading
from core.audit.head import Heads
from core.audit.marks import NAME
from core.audit.retention import DaysKept, prune_records
from core.audit.sealing import seal_and_check
from core.kit.db import Database
from tests.core.audit.entries import DAY, KEY, Execute, Shelf, heads_on, sealed, write
from tests.support.make import NOW

LATER = NOW + 9 * DAY
COUNTS = (3, 2, 2, 3)


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the entries that were read one by one; spans are short."""
    monkeypatch.setattr(marks, "SPAN", 4)
    ids: list[int] = []
    whole: Callable[..., Any] = reading.read_entry

    def read(row: Any) -> Any:
        ids.append(row.id)
        return whole(row)

    monkeypatch.setattr(chain, "read_entry", read)
    return ids


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def heads(database: Database, shelf: Shelf, understood: list[int]) -> Heads:
    """A log of ten entries that was verified and marked."""
    heads = heads_on(shelf)
    sealed(database, *COUNTS, heads=heads)
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    assert understood == list(range(1, 11))
    understood.clear()
    return heads


def test_only_what_came_since_is_read_entry_by_entry(
    database: Database, heads: Heads, understood: list[int]
) -> None:
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    assert understood == []
    for number in range(3):
        write(database, 2, day=10 + number)
        assert seal_and_check(database, KEY, heads, now=NOW + (10 + number) * DAY) is None
    assert understood == [11, 12, 11, 12, 13, 14, 15, 16], "a span was added after four"


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE audit_entry SET actor = 'user:9' WHERE place = {place}",
        "UPDATE audit_entry SET created_at = created_at + interval '1 us' WHERE place = {place}",
        "UPDATE audit_entry SET details = details || '{{\"n\": 1}}' WHERE place = {place}",
        "UPDATE audit_entry SET created_at = 'infinity' WHERE place = {place}",
        "UPDATE audit_entry SET digest = sha256(digest), actor = 'cli2' WHERE place >= {place}",
        "DELETE FROM audit_entry WHERE place = {place}",
        "DELETE FROM audit_entry WHERE place <= {place}",
        "DELETE FROM audit_seal WHERE last_place >= {place};"
        "UPDATE audit_entry SET actor = 'user:9', place = NULL, digest = NULL WHERE place >= {place}",
        "DELETE FROM audit_seal WHERE last_place <= {place};"
        "UPDATE audit_entry SET actor = 'user:9', place = NULL, digest = NULL WHERE place <= {place}",
        "DELETE FROM audit_seal; UPDATE audit_entry SET place = NULL, digest = NULL",
        "UPDATE audit_seal SET signature = sha256(signature)",
        "UPDATE audit_seal SET sealed_at = sealed_at + interval '1 s' WHERE last_place >= {place}",
    ],
)
@pytest.mark.parametrize("place", [1, 5, 10])
def test_whatever_is_rewritten_behind_the_marks_is_found_at_the_next_run(
    database: Database, execute: Execute, heads: Heads, crime: str, place: int
) -> None:
    execute(crime.format(place=place).replace(":", "\\:"))
    for _ in range(2):
        assert seal_and_check(database, KEY, heads, now=LATER) is not None


@pytest.mark.parametrize(
    "text", [b"{}", b"", b"[1]", b'{"marks":{"begins_after":0,"spans":[]},"signature":"x"}']
)
def test_marks_that_are_not_ours_cost_one_whole_reading(
    database: Database, shelf: Shelf, heads: Heads, understood: list[int], text: bytes
) -> None:
    shelf.objects[NAME] = text
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    assert understood == list(range(1, 11))
    understood.clear()
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    assert understood == []


def test_pruning_costs_one_whole_reading_of_what_is_left(
    database: Database, shop: Database, heads: Heads, understood: list[int]
) -> None:
    days = DaysKept(audit=1, events=1, bodies=1)
    prune_records(shop, database, KEY, days, now=NOW + DAY + timedelta(hours=1))
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    assert understood == list(range(4, 11))
    understood.clear()
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    assert understood == []
