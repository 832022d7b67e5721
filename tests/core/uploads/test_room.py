"""A reserve of the store's disk is kept from uploads, and a full disk is known as such."""

import pytest

from core.monitoring.disk import Disk
from core.uploads.room import is_full, room_for_upload


@pytest.mark.parametrize(("free", "room"), [(1000, 950), (51, 1), (50, 0), (0, 0)])
def test_a_new_upload_may_have_what_is_above_the_reserve(free: int, room: int) -> None:
    assert room_for_upload(Disk(total=1000, free=free)) == room


def test_of_a_store_elsewhere_nothing_is_known() -> None:
    assert room_for_upload(None) is None
    assert not is_full(None, 10)


@pytest.mark.parametrize(("free", "full"), [(30, False), (29, True), (0, True)])
def test_a_disk_is_full_when_one_more_part_would_bring_the_store_to_its_end(free: int, full: bool) -> None:
    assert is_full(Disk(total=1000, free=free), 10) is full
