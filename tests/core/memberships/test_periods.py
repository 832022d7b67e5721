"""How long what was paid for lasts, whatever pauses, refunds and renewals come between."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kit.errors import Refused
from core.memberships import machine, returns
from core.memberships.machine import Standing, lapse, may_be_in
from core.memberships.periods import DAY, NONE, Length, Period, place

MONTH = Length("months", 1)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = [datetime(2028, month, day, tzinfo=UTC) for month, day in ((1, 29), (1, 30), (1, 31), (2, 29))]
BEGINNINGS = st.one_of(
    st.sampled_from(ENDS),
    st.integers(0, 6 * 365 * 86400).map(lambda seconds: FIRST + timedelta(seconds=seconds)),
)
LENGTHS = st.one_of(
    st.builds(Length, st.just("months"), st.integers(1, 14)),
    st.builds(Length, st.just("days"), st.integers(1, 90)),
    st.just(Length("lifetime")),
)
PAUSES = st.lists(st.tuples(st.integers(60, 86400 * 6), st.integers(60, 86400 * 90)), max_size=4)
STEPS = st.one_of(
    st.tuples(st.just("pay"), LENGTHS),
    st.tuples(st.sampled_from(["pause", "resume", "cancel", "undo", "enter"]), st.none()),
    st.tuples(st.sampled_from(["refund", "dispute", "win"]), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 24 * 3600 * 45)),
)


class Life:
    """One membership whose every second of pause is counted beside it."""

    def __init__(self, begin: datetime, *, waits: bool = False, grace: timedelta = NONE) -> None:
        self.now, self.waits, self.grace = begin, waits, grace
        self.standing = Standing()
        self.orders = 0

    def happens(self, event: Callable[[Standing], Standing]) -> None:
        with suppress(Refused):
            self.standing = lapse(event(lapse(self.standing, self.now)), self.now)

    def pay(self, length: Length) -> None:
        self.orders += 1
        bought = Period(length, order_id=self.orders)
        self.happens(lambda s: machine.pay(s, bought, now=self.now, waits=self.waits, grace=self.grace))

    def goes_back(self, act: str, which: int) -> None:
        order = which % max(self.orders, 1) + 1
        event = {"refund": returns.take_back, "dispute": returns.put_aside, "win": returns.give_back}[act]
        self.happens(lambda s: event(s, order, self.now))

    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.happens(lambda s: s)

    def do(self, act: str, argument: Length | int | None) -> None:
        if act == "pay" and isinstance(argument, Length):
            self.pay(argument)
        elif act == "wait" and isinstance(argument, int):
            self.wait(argument)
        elif isinstance(argument, int):
            self.goes_back(act, argument)
        elif act == "cancel" or act == "undo":
            self.happens(machine.cancel if act == "cancel" else machine.undo_cancel)
        else:
            event = {"pause": machine.pause, "resume": machine.resume, "enter": machine.enter}[act]
            self.happens(lambda s: event(s, self.now))


def check_lengths(standing: Standing) -> None:
    """Every period has its whole length, and nobody's time lies over another's: but for a lifetime, which has
    no end and lies beside all."""
    placed = [period for period in standing.periods if period.starts_at and not period.taken_back]
    lifetimes = [period for period in placed if period.length.unit == "lifetime"]
    assert all((period.ends_at, period.duration, period.paused) == (None, NONE, NONE) for period in lifetimes)
    assert standing.is_endless == bool(lifetimes)
    assert may_be_in(standing, FIRST) or not lifetimes
    timed = [period for period in placed if period not in lifetimes]
    for period in timed:
        assert period.starts_at is not None
        assert period.ends_at is not None
        count = period.length.count
        assert period.ends_at - period.starts_at - period.paused == period.duration
        if period.length.unit == "months":
            assert 28 * count * DAY <= period.duration <= 31 * count * DAY
        else:
            assert period.duration == count * DAY
    in_order = sorted(timed, key=lambda period: (period.starts_at, period.ends_at))
    for earlier, later in combinations(in_order, 2):
        assert earlier.ends_at is not None
        assert later.starts_at is not None
        assert later.ends_at is not None
        # One that was given back in its middle goes on behind what was paid for besides.
        goes_on = later.ends_at <= earlier.ends_at and later.ends_at - later.starts_at <= earlier.paused
        assert earlier.ends_at <= later.starts_at or goes_on
    if standing.state in ("active", "cancelled") and timed and not lifetimes:
        assert max(period.ends_at for period in timed if period.ends_at) == standing.ends_at


@settings(max_examples=400, deadline=None)
@given(
    begin=BEGINNINGS,
    waits=st.booleans(),
    grace=st.sampled_from([NONE, 3 * DAY]),
    steps=st.lists(STEPS, min_size=3, max_size=25),
)
def test_a_period_of_months_has_28_to_31_days_each_whatever_happens(
    begin: datetime, waits: bool, grace: timedelta, steps: list[tuple[str, Length | int | None]]
) -> None:
    life = Life(begin, waits=waits, grace=grace)
    for act, argument in steps:
        life.do(act, argument)
        check_lengths(life.standing)


@settings(max_examples=300, deadline=None)
@given(
    begin=BEGINNINGS,
    months=st.integers(1, 12),
    pauses=st.lists(st.tuples(st.integers(60, 86400 * 6), st.integers(60, 86400 * 90)), max_size=4),
)
def test_exactly_the_time_of_the_pauses_is_given_back(
    begin: datetime, months: int, pauses: list[tuple[int, int]]
) -> None:
    life = Life(begin)
    life.pay(Length("months", months))
    end = life.standing.ends_at
    assert end is not None
    away = NONE
    for running, paused in pauses:
        life.wait(running)
        life.do("pause", None)
        stopped = life.standing.state == "paused"
        life.wait(paused)
        life.do("resume", None)
        away += timedelta(seconds=paused) if stopped else NONE
    assert life.standing.ends_at == end + away


Event = tuple[str, str, Length | int | None]


def pay(day: str) -> Event:
    """One month paid on a day of 2026."""
    return day, "pay", MONTH


def ends(*events: Event) -> datetime:
    """When a membership ends after acts on days of 2026 like "01-05"."""
    life = Life(FIRST)
    for day, act, argument in events:
        life.now = datetime.fromisoformat(f"2026-{day}").replace(tzinfo=UTC)
        life.do(act, argument)
    assert life.standing.ends_at is not None
    return life.standing.ends_at


@pytest.mark.parametrize(
    ("events", "end"),
    [
        (
            [
                pay("01-05"),
                ("01-10", "pause", None),
                ("01-30", "resume", None),
                pay("02-20"),
            ],
            "2026-03-25",
        ),
        (
            [
                pay("01-31"),
                ("02-01", "pause", None),
                ("02-11", "resume", None),
                pay("02-12"),
            ],
            "2026-04-10",
        ),
        (
            [
                pay("01-31"),
                pay("02-01"),
                ("02-10", "refund", 0),
                pay("02-11"),
            ],
            "2026-04-13",
        ),
        ([pay("01-31"), pay("02-27"), pay("03-30")], "2026-04-30"),
        ([pay("01-31"), pay("03-01")], "2026-04-01"),
    ],
    ids=["paused", "paused at a month's end", "refunded before", "renewed in time", "renewed late"],
)
def test_a_renewal_counts_from_the_day_on_which_time_really_ends(events: list[Event], end: str) -> None:
    assert ends(*events).date().isoformat() == end


def test_a_plan_until_a_date_ends_on_it_whatever_is_paused_or_refunded_before_it() -> None:
    until = Length("until", until=datetime(2026, 6, 1, tzinfo=UTC))
    thirty = Length("days", 30)
    refunded = ends(("01-01", "pay", thirty), ("01-02", "pay", until), ("01-10", "refund", 0))
    bought_in_pause = ends(
        ("01-01", "pay", thirty), ("01-02", "pause", None), ("01-03", "pay", until), ("02-03", "resume", None)
    )
    assert [refunded, bought_in_pause] == [until.until, until.until]


def test_a_period_that_follows_nothing_counts_from_its_own_day() -> None:
    placed = place(Period(MONTH), datetime(2026, 1, 31, tzinfo=UTC))
    assert (placed.anchor_day, placed.duration) == (31, 28 * DAY)
