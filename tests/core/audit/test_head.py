"""The head that is kept outside the database only grows, and nobody without the key writes one."""

import msgspec
import pytest

from core.audit.chain import last_seal
from core.audit.head import NAME, Broken, Head, check_head, head_of
from core.audit.keys import Key
from core.kit.db import Database
from tests.core.audit.entries import Execute, Shelf, heads_on, sealed

FIRST, LATER = Head(3, "ab" * 32), Head(9, "cd" * 32)


def why(error: pytest.ExceptionInfo[Broken]) -> tuple[str, int | None]:
    return error.value.gap.why, error.value.gap.place


def test_a_head_only_grows() -> None:
    heads = heads_on(Shelf())
    assert heads.read() is None
    heads.keep(FIRST)
    heads.keep(LATER)
    for smaller in (FIRST, LATER, Head(9, "ee" * 32)):
        with pytest.raises(Broken) as error:
            heads.keep(smaller)
        assert why(error) == ("head-smaller", smaller.place)
    assert heads.read() == LATER


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"place": 3}', b"null"],
    ids=["empty", "cut", "list", "binary", "part", "null"],
)
def test_what_is_no_head_of_ours_is_refused(content: bytes) -> None:
    shelf = Shelf()
    shelf.objects[NAME] = content
    with pytest.raises(Broken) as error:
        heads_on(shelf).read()
    assert why(error) == ("head-forged", None)


def test_a_head_that_was_changed_is_refused() -> None:
    shelf = Shelf()
    heads_on(shelf).keep(FIRST)
    written = msgspec.json.decode(shelf.objects[NAME])
    shelf.objects[NAME] = msgspec.json.encode(written | {"place": 2})
    with pytest.raises(Broken) as error:
        heads_on(shelf).read()
    assert why(error) == ("head-forged", 2)


def test_a_head_of_an_earlier_key_must_still_stand() -> None:
    shelf = Shelf()
    heads_on(shelf).keep(FIRST)
    assert heads_on(shelf, Key("6f" * 32)).read() == FIRST


def test_what_an_accepted_head_replaces_is_kept_beside_it() -> None:
    shelf = Shelf()
    heads = heads_on(shelf)
    heads.keep(LATER)
    heads.replace(LATER, FIRST)
    assert heads.read() == FIRST
    assert f"audit/accepted/9-{'cd' * 8}.json" in shelf.objects
    heads.replace(FIRST, None)
    assert heads.read() is None


def test_the_kept_head_must_stand_in_the_database(database: Database, execute: Execute) -> None:
    sealed(database, 2)
    with database.transaction() as session:
        seal = last_seal(session)
        assert seal is not None
        head = head_of(seal)
        check_head(session, head)
        check_head(session, None)
        for other in (Head(2, "00" * 32), Head(3, head.digest)):
            with pytest.raises(Broken) as error:
                check_head(session, other)
            assert why(error) == ("head-missing", other.place)
