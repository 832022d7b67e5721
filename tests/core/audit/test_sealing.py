"""Whoever has the database can rewrite the log, and nothing of ours signs what was rewritten."""

import pytest

from core.audit import chain, sealing
from core.audit.chain import verify
from core.audit.head import NAME, Break, Broken
from core.audit.sealing import accept, seal, seal_and_check
from core.kit.db import Database
from tests.core.audit.entries import DAY, KEY, Execute, Shelf, heads_on, sealed, write
from tests.support.make import NOW

REWRITE = (
    "DELETE FROM audit_seal WHERE last_place {which};"
    "UPDATE audit_entry SET actor = 'user:9', place = NULL, digest = NULL WHERE place {which}"
)
LATER = NOW + 3 * DAY


@pytest.mark.parametrize("moved", ["", ", created_at = '2031-01-01'"], ids=["as it was", "with new times"])
@pytest.mark.parametrize("newer", [0, 2], ids=["alone", "with newer entries"])
@pytest.mark.parametrize(
    ("which", "why"),
    [
        ("> 3", {"head-missing"}),
        ("<= 3", {"missing", "backdated"}),
        ("> 0", {"head-missing"}),
    ],
    ids=["a tail", "the first batch", "everything"],
)
def test_what_was_rewritten_is_found_when_it_is_to_be_sealed(
    database: Database, execute: Execute, which: str, why: set[str], newer: int, moved: str
) -> None:
    heads = heads_on(Shelf())
    sealed(database, 3, 2, 2, heads=heads)
    execute(REWRITE.format(which=which).replace("digest = NULL", f"digest = NULL{moved}"))
    write(database, newer, day=3)
    for _ in range(3):
        broken = seal_and_check(database, KEY, heads, now=LATER)
        assert broken is not None
        assert broken.why in why
    kept = heads.read()
    assert kept is not None
    assert verify(database, KEY, known_heads=[kept]).broken is not None


def test_a_single_batch_that_was_rewritten_whole_is_found(database: Database, execute: Execute) -> None:
    heads = heads_on(Shelf())
    sealed(database, 3, heads=heads)
    execute(REWRITE.format(which="> 0"))
    with pytest.raises(Broken):
        seal(database, KEY, heads, now=NOW)
    execute("DELETE FROM audit_entry")
    assert seal_and_check(database, KEY, heads, now=LATER) == Break("head-missing", 3)


def test_one_changed_entry_and_an_older_copy_of_the_database_are_found(
    database: Database, execute: Execute
) -> None:
    heads = heads_on(Shelf())
    sealed(database, 3, 2, heads=heads)
    execute("UPDATE audit_entry SET actor = 'user:9' WHERE place = 2")
    assert seal_and_check(database, KEY, heads, now=LATER) == Break("changed", 2, 2)
    execute("UPDATE audit_entry SET actor = 'cli' WHERE place = 2")
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    execute("DELETE FROM audit_entry WHERE place > 3; DELETE FROM audit_seal WHERE last_place > 3")
    assert verify(database, KEY).broken is None, "by itself the chain cannot show it"
    assert seal_and_check(database, KEY, heads, now=LATER) == Break("head-missing", 5)


def test_what_claims_to_be_older_is_left_and_the_rest_is_sealed(database: Database) -> None:
    heads = heads_on(Shelf())
    sealed(database, 2, 2, heads=heads)
    write(database, 1, day=0)
    write(database, 2, day=2)
    assert seal(database, KEY, heads, now=LATER) == 2
    verdict = verify(database, KEY)
    assert (verdict.broken and verdict.broken.why, verdict.unsealed) == ("backdated", 1)


def test_a_shop_that_sealed_before_heads_were_kept_begins_to_keep_them(database: Database) -> None:
    sealed(database, 3)
    heads = heads_on(Shelf())
    assert seal_and_check(database, KEY, heads, now=NOW) is None
    kept = heads.read()
    assert (kept and kept.place) == 3


def test_the_head_follows_what_was_committed_batch_by_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (chain, sealing):
        monkeypatch.setattr(module, "BATCH", 2)
    heads = heads_on(Shelf())
    write(database, 5)
    assert seal(database, KEY, heads, now=NOW) == 5
    kept = heads.read()
    assert (kept and kept.place) == 5


def test_a_forged_head_stops_sealing_until_somebody_decides(database: Database) -> None:
    shelf = Shelf()
    heads = heads_on(shelf)
    sealed(database, 3, heads=heads)
    shelf.objects[NAME] = b"{}"
    assert seal_and_check(database, KEY, heads, now=NOW) == Break("head-forged", None)
    assert accept(database, KEY, heads, note=None, now=NOW) == 3
    assert (kept := heads.read()) is not None
    assert kept.place == 3


def test_after_a_restore_somebody_says_that_it_goes_on_from_here(
    database: Database, execute: Execute
) -> None:
    heads = heads_on(Shelf())
    sealed(database, 3, 2, heads=heads)
    execute("DELETE FROM audit_entry WHERE place > 3; DELETE FROM audit_seal WHERE last_place > 3")
    assert accept(database, KEY, heads, note=None, now=LATER) == 3
    execute("UPDATE audit_entry SET created_at = '2031-01-01' WHERE place IS NULL")
    assert seal_and_check(database, KEY, heads, now=LATER) is None
    kept = heads.read()
    assert (kept and kept.place) == 4
    execute("DELETE FROM audit_entry; DELETE FROM audit_seal")
    assert accept(database, KEY, heads, note=None, now=LATER) == 0
    execute("UPDATE audit_entry SET created_at = '2031-01-01' WHERE place IS NULL")
    assert seal_and_check(database, KEY, heads, now=LATER) is None
