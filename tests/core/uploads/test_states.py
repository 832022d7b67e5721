"""Every state of an upload is under way, accepted, or given up."""

from typing import get_args

from core.uploads.states import COMPLETED, GIVEN_UP, UNDER_WAY, UNFINISHED
from schemas.uploads import UploadState


def test_each_state_is_in_one_set() -> None:
    parts = [*UNDER_WAY, "accepted", *GIVEN_UP]
    assert sorted(parts) == sorted(get_args(UploadState))


def test_what_was_sent_whole_is_neither_unfinished_nor_given_up() -> None:
    assert set(COMPLETED) & {*UNFINISHED, *GIVEN_UP} == set()
    assert set(UNDER_WAY) == {*UNFINISHED, *COMPLETED} - {"accepted"}
