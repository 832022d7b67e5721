"""How previews share the memory that is free."""

import threading
from contextlib import suppress

import pytest

from core.monitoring.memory import HostMemory
from workers.preview.errors import PreviewFailed
from workers.preview.room import ENOUGH, LEAST, MIB, NO_ROOM, Room

SMALL = 512 * MIB


def room(free: int, total: int = SMALL, wait: float = 0.05) -> Room:
    return Room(lambda: HostMemory(total, free), wait)


def test_a_preview_gets_a_quarter_where_there_is_room() -> None:
    with room(SMALL).taken() as share:
        assert share.for_file() == 128 * MIB


def test_it_gets_no_more_than_is_free_without_what_others_may_grow_by() -> None:
    with room(120 * MIB).taken() as share:
        assert share.for_file() == 88 * MIB


def test_where_nothing_is_free_no_file_is_read_but_an_icon_is_drawn() -> None:
    with room(20 * MIB).taken() as share:
        with pytest.raises(PreviewFailed, match=NO_ROOM) as refused:
            share.for_file()
        assert refused.value.outcome == "no-memory"
        assert share.for_icon() == LEAST <= SMALL // 16


@pytest.mark.parametrize(
    ("free", "tight"), [(SMALL, False), (144 * MIB, False), (120 * MIB, True), (20 * MIB, True)]
)
def test_a_share_knows_whether_it_got_less_than_usual(free: int, tight: bool) -> None:
    with room(free).taken() as share:
        with suppress(PreviewFailed):
            share.for_file()
        assert share.tight is tight


def test_what_is_free_is_asked_before_each_process() -> None:
    free = [200 * MIB]
    with Room(lambda: HostMemory(SMALL, free[0])).taken() as share:
        assert share.for_file() == 128 * MIB
        free[0] = 100 * MIB
        assert share.for_file() == 68 * MIB


def test_a_second_preview_waits_for_the_first() -> None:
    shared, begun = room(200 * MIB, wait=30), threading.Event()

    def second() -> None:
        with shared.taken() as share:
            share.for_file()
            begun.set()

    thread = threading.Thread(target=second)
    with shared.taken() as first:
        thread.start()
        assert not begun.wait(0.3)
        assert first.for_file() == 128 * MIB
    assert begun.wait(30)
    thread.join()


def test_both_together_never_get_more_than_is_free() -> None:
    shared = room(200 * MIB)
    with shared.taken() as first, shared.taken() as second:
        assert first.for_file() + second.for_file() <= 200 * MIB - SMALL // 16


def test_many_at_once_do_not_wait_on_a_large_host() -> None:
    shared = room(16 << 30, total=32 << 30, wait=600)
    with shared.taken() as first, shared.taken() as second:
        assert min(first.for_file(), second.for_file()) > ENOUGH
