"""Months of the calendar: the same day of the month, as far as each month has it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.kit.months import months_later

JANUARY_31 = datetime(2027, 1, 31, 8, 30, tzinfo=UTC)
MOMENTS = st.integers(0, 14 * 365 * 86_400).map(lambda seconds: JANUARY_31 + timedelta(seconds=seconds))


def test_a_chain_of_months_keeps_its_day_behind_a_shorter_month() -> None:
    ends = [months_later(JANUARY_31, count, anchor_day=31) for count in range(1, 5)]
    assert [f"{end:%d.%m.}" for end in ends] == ["28.02.", "31.03.", "30.04.", "31.05."]
    february = months_later(JANUARY_31, 1, anchor_day=31)
    assert months_later(february, 1, anchor_day=31) == ends[1], "counted on from February, the same"
    assert months_later(february, 1, anchor_day=february.day).day == 28, "which its own day would not give"


def test_a_leap_year_has_its_day() -> None:
    assert months_later(JANUARY_31, 13, anchor_day=31) == datetime(2028, 2, 29, 8, 30, tzinfo=UTC)


def test_twelve_months_are_the_same_day_of_the_next_year() -> None:
    assert months_later(JANUARY_31, 12, anchor_day=31) == JANUARY_31.replace(year=2028)
    december = datetime(2026, 12, 5, tzinfo=UTC)
    assert months_later(december, 1, anchor_day=5) == datetime(2027, 1, 5, tzinfo=UTC)


@given(start=MOMENTS, counts=st.lists(st.integers(1, 14), min_size=2, max_size=6))
def test_months_one_after_another_are_those_at_once(start: datetime, counts: list[int]) -> None:
    """However often somebody renews, nobody gains or loses a day by it."""
    ends = [start]
    for count in counts:
        ends.append(months_later(ends[-1], count, anchor_day=start.day))
    assert ends[-1] == months_later(start, sum(counts), anchor_day=start.day)
    assert all(before < after for before, after in pairwise(ends))
    assert {end.timetz() for end in ends} == {start.timetz()}, "the time of the day stays"
