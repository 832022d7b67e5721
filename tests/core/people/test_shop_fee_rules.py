"""When the lack of a monthly fee closes a shop, whatever jobs and clocks do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.shop_fee_rules import DAY, SOON, Lack, Step, look
from tests.support.make import NOW

GRACE = 5
HOUR = timedelta(hours=1)


def steps(moments: Sequence[datetime], *, paid_until: datetime = NOW, held: bool = False) -> list[Step]:
    """What looks at these moments lead to, one after the other, until the shop is closed."""
    lack, done = Lack(), list[Step]()
    for moment in moments:
        lack, step = look(lack, paid_until, moment, grace_days=GRACE, is_held=held)
        done.append(step)
        if step == "suspend":
            break
    return done


def hourly(begin: datetime, days: float) -> list[datetime]:
    return [begin + number * HOUR for number in range(round(days * 24))]


def test_a_seller_is_reminded_told_warned_and_only_then_closed() -> None:
    moments = hourly(NOW - 4 * DAY, 12)
    led = dict(zip(moments, steps(moments), strict=False))
    first = {step: next(at for at in led if led[at] == step) for step in set(led.values()) - {"nothing"}}
    assert first == {
        "remind": NOW - SOON,
        "tell": NOW,
        "warn": NOW + 4 * DAY,
        "suspend": NOW + GRACE * DAY,
    }


def test_while_payment_may_be_on_its_way_or_cannot_be_made_no_day_counts() -> None:
    assert set(steps(hourly(NOW, 60), held=True)) == {"nothing"}


def test_a_month_in_which_nobody_looked_is_no_grace_that_has_passed() -> None:
    assert steps([NOW + 30 * DAY, NOW + 30 * DAY + HOUR]) == ["tell", "nothing"]
    assert steps([NOW, NOW + 40 * DAY]) == ["tell", "nothing"]


@pytest.mark.parametrize("years", [-30, -1, 1, 30])
def test_one_look_by_a_wrong_clock_closes_nothing(years: int) -> None:
    wrong = NOW + years * 365 * DAY
    moments = [*hourly(NOW, 2), wrong, *hourly(NOW + 2 * DAY, 2)]
    assert "suspend" not in steps(moments)


moments = st.integers(-50 * 8766, 50 * 8766).map(lambda hours: NOW + hours * HOUR)


@given(st.lists(moments, max_size=40), st.integers(1, 10), st.booleans())
def test_whatever_clocks_say_a_shop_is_closed_only_after_as_many_days_as_it_was_told(
    readings: list[datetime], grace: int, in_order: bool
) -> None:
    """Each day is one look that read a lack, a day or more after the one before; the first one told."""
    lack, counted = Lack(), list[datetime]()
    for reading in sorted(readings) if in_order else readings:
        before = lack
        lack, step = look(lack, NOW, reading, grace_days=grace, is_held=False)
        if step == "tell":
            counted = [reading]
        elif lack.days > before.days:
            counted.append(reading)
        elif lack == Lack():
            counted = []
        if step == "suspend":
            assert len(counted) == grace + 1
            assert all(later - earlier >= DAY for earlier, later in pairwise(counted))
            assert min(counted) >= NOW
            return
        assert lack.days < grace


@given(st.lists(st.tuples(st.integers(0, 90 * 24), moments), max_size=GRACE - 1), st.integers(1, 80))
def test_who_has_paid_is_not_closed_by_fewer_wrong_readings_than_days_of_grace(
    wrong: list[tuple[int, datetime]], paid_days: int
) -> None:
    """Hourly looks for 90 days, some of them by a clock that says anything."""
    readings = hourly(NOW, 90)
    for number, reading in wrong:
        readings[min(number, len(readings) - 1)] = reading
    until = NOW + paid_days * DAY
    lack = Lack()
    for number, reading in enumerate(readings):
        lack, step = look(lack, until, reading, grace_days=GRACE, is_held=False)
        if step == "suspend":
            assert NOW + number * HOUR >= until + DAY
            return
