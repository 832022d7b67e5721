"""Cutting a file into parts (A5, A13, defect 1)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.kit.errors import Refused
from core.uploads.part_plan import LARGEST_FILE, LARGEST_PART, MIB, MOST_PARTS, USUAL_PART, plan_upload

TIB = 1 << 40


@given(st.integers(min_value=1, max_value=LARGEST_FILE))
@example(10 * 1024 * MIB)
@example(10 * TIB)
@example(LARGEST_FILE)
def test_any_file_fits_into_ten_thousand_allowed_parts(size: int) -> None:
    plan = plan_upload(size)

    assert plan.count <= MOST_PARTS
    assert USUAL_PART <= plan.part_size <= LARGEST_PART
    assert (plan.count - 1) * plan.part_size < size <= plan.count * plan.part_size


@pytest.mark.parametrize("size", [1, USUAL_PART - 1, USUAL_PART, USUAL_PART + 1, 10 * USUAL_PART + 7])
def test_the_parts_cover_the_file_without_gap_or_overlap(size: int) -> None:
    position = 0
    for number, part in enumerate(plan_upload(size).parts(), start=1):
        assert (part.number, part.offset) == (number, position)
        position += part.size

    assert position == size


def test_an_empty_file_is_one_empty_part() -> None:
    assert [part.size for part in plan_upload(0).parts()] == [0]


def test_a_file_beyond_what_s3_takes_is_refused() -> None:
    with pytest.raises(Refused, match="file-too-large"):
        plan_upload(LARGEST_FILE + 1)
