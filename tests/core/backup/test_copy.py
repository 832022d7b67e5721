"""Copies: their headers, their names, and which are too many."""

from core.backup.copy import Header, too_many
from tests.support.make import NOW


def test_names_sort_by_time_and_the_oldest_go() -> None:
    def made(hour: int, encrypted: bool, microsecond: int = 0) -> str:
        at = NOW.replace(hour=hour, microsecond=microsecond)
        return Header(revision="0008", server=18, program=18, encrypted=encrypted, made_at=at).name

    names = [made(9, True), made(7, False), made(8, True), "seller/1/file"]
    assert made(7, False) == "backups/20261120T070000.000000Z-0008.dump"
    assert made(7, False) < made(7, False, 1) < made(7, False, 1000), "two of one second are two"
    assert too_many(names, 2) == [made(7, False)]
    assert too_many(names, 5) == []
