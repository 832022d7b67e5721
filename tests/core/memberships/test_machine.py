"""The membership machine by itself: nothing but values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.kit.errors import Refused
from core.memberships import machine, returns
from core.memberships.machine import MOVES, Standing, can_move, lapse, may_be_in
from core.memberships.periods import DAY, NONE, Length, Period
from schemas.membership import MembershipState, Source

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
MONTH = Length("months", 1)
THIRTY = Length("days", 30)
LIFETIME = Length("lifetime")
GRACE = 3 * DAY


def paid(
    standing: Standing = Standing(),  # noqa: B008 - it is frozen
    length: Length = THIRTY,
    *,
    at: datetime = T0,
    waits: bool = False,
    grace: timedelta = NONE,
    order: int = 1,
    source: Source = "order",
) -> Standing:
    bought = Period(length, source=source, order_id=order)
    return machine.pay(standing, bought, now=at, waits=waits, grace=grace)


def in_state(state: MembershipState) -> Standing:
    """A membership of 30 days in this state at T0 + 1 day (in grace and after: T0 + 31)."""
    running = paid(grace=GRACE)
    return {
        "pending": paid(waits=True),
        "trialing": paid(source="trial"),
        "active": running,
        "past_due": replace(running, state="past_due"),
        "paused": machine.pause(running, T0 + DAY),
        "cancelled": machine.cancel(running),
        "expired": replace(running, state="expired"),
        "revoked": machine.revoke(running, T0 + DAY),
    }[state]


@pytest.mark.parametrize("state", MOVES)
def test_no_event_makes_a_move_that_is_not_in_the_table(state: MembershipState) -> None:
    now = T0 + (31 * DAY if state in ("past_due", "expired") else DAY)
    before = in_state(state)
    events: list[Callable[[Standing], Standing]] = [
        lambda s: paid(s, at=now, order=2),
        lambda s: paid(s, LIFETIME, at=now, order=2),
        lambda s: paid(s, at=now, order=2, waits=True),
        lambda s: paid(s, at=now, order=2, source="trial"),
        lambda s: machine.enter(s, now),
        lambda s: machine.pause(s, now),
        lambda s: machine.resume(s, now),
        machine.cancel,
        machine.undo_cancel,
        lambda s: machine.revoke(s, now),
        lambda s: machine.leave(s, now),
        lambda s: returns.take_back(s, 1, now),
        lambda s: returns.put_aside(s, 1, now),
        lambda s: returns.give_back(returns.put_aside(s, 1, now), 1, now),
        lambda s: lapse(s, now + 100 * DAY),
    ]
    reached = set()
    for event in events:
        try:
            reached.add(event(before).state)
        except Refused:
            continue
    assert all(can_move(state, target) for target in reached)
    assert reached - {state}


def test_a_membership_nobody_paid_for_gives_no_right() -> None:
    assert not may_be_in(Standing(), T0)


def test_time_is_counted_from_the_payment_and_ends_to_the_second() -> None:
    standing = paid()
    assert standing.ends_at == T0 + 30 * DAY
    assert may_be_in(standing, T0 + 30 * DAY - timedelta(microseconds=1))
    assert not may_be_in(standing, T0 + 30 * DAY)
    assert lapse(standing, T0 + 30 * DAY - timedelta(microseconds=1)) is standing
    assert lapse(standing, T0 + 30 * DAY).state == "expired"


def test_a_payment_in_the_middle_of_a_second_loses_nothing() -> None:
    now = T0 + timedelta(microseconds=250_000)
    standing = paid(at=now)
    assert standing.ends_at is not None
    assert timedelta(0) <= standing.ends_at - now - 30 * DAY < timedelta(seconds=1)


def test_time_that_starts_at_the_entry_waits_for_it() -> None:
    waiting = paid(waits=True)
    assert (waiting.state, waiting.clock_at, may_be_in(waiting, T0 + 400 * DAY)) == ("pending", None, True)
    inside = machine.enter(waiting, T0 + 90 * DAY)
    assert (inside.state, inside.ends_at) == ("active", T0 + 120 * DAY)
    assert machine.enter(inside, T0 + 91 * DAY) is inside


def test_a_renewal_before_the_end_extends_from_the_end_and_after_it_from_now() -> None:
    early = paid(paid(), at=T0 + 10 * DAY, order=2)
    assert early.ends_at == T0 + 60 * DAY
    late = paid(lapse(paid(), T0 + 40 * DAY), at=T0 + 40 * DAY, order=2)
    assert (late.state, late.ends_at) == ("active", T0 + 70 * DAY)


def test_in_grace_a_payment_counts_from_now() -> None:
    grace = lapse(paid(grace=GRACE), T0 + 31 * DAY)
    assert (grace.state, grace.grace_until, may_be_in(grace, T0 + 32 * DAY)) == (
        "past_due",
        T0 + 33 * DAY,
        True,
    )
    assert paid(grace, at=T0 + 32 * DAY, order=2).ends_at == T0 + 62 * DAY
    assert lapse(grace, T0 + 33 * DAY).state == "expired"


def test_months_that_began_on_the_31st_come_back_to_it() -> None:
    standing = paid(length=MONTH)
    ends = [standing.ends_at]
    for order in (2, 3):
        standing = paid(standing, MONTH, at=T0 + DAY, order=order)
        ends.append(standing.ends_at)
    assert [end.strftime("%m-%d") for end in ends if end] == ["02-28", "03-31", "04-30"]


def test_a_trial_is_followed_by_what_is_bought_during_it() -> None:
    trial = paid(length=Length("days", 7), source="trial")
    assert (trial.state, lapse(trial, T0 + 7 * DAY).state) == ("trialing", "expired")
    bought = paid(trial, at=T0 + 2 * DAY, order=2)
    assert (bought.state, bought.ends_at) == ("active", T0 + 37 * DAY)


def test_a_pause_keeps_what_is_left_however_long_it_lasts() -> None:
    paused = machine.pause(paid(paid(), at=T0 + DAY, order=2), T0 + 10 * DAY)
    assert (may_be_in(paused, T0 + 11 * DAY), paused.clock_at) == (False, None)
    back = machine.resume(paused, T0 + 110 * DAY)
    assert back.ends_at == T0 + 160 * DAY
    assert [period.duration for period in back.periods] == [30 * DAY, 30 * DAY]
    assert [period.paused for period in back.periods] == [100 * DAY, NONE]


def test_time_that_is_bought_during_a_pause_comes_after_what_was_left() -> None:
    paused = machine.pause(paid(), T0 + 10 * DAY)
    back = machine.resume(paid(paused, at=T0 + 20 * DAY, order=2), T0 + 40 * DAY)
    assert (back.state, back.ends_at) == ("active", T0 + 90 * DAY)


def test_what_runs_to_a_date_cannot_be_paused() -> None:
    standing = paid(length=Length("until", until=T0 + 40 * DAY))
    with pytest.raises(Refused, match="not-pausable"):
        machine.pause(standing, T0 + DAY)


def test_a_lifetime_has_no_end_and_no_clock() -> None:
    for_ever = paid(length=LIFETIME, grace=GRACE)
    assert (for_ever.state, for_ever.ends_at, for_ever.clock_at) == ("active", None, None)
    assert lapse(for_ever, T0 + 100_000 * DAY) is for_ever
    assert may_be_in(for_ever, T0 + 100_000 * DAY)
    assert for_ever.access_until is None


@pytest.mark.parametrize("state", ["pending", "trialing", "active", "past_due", "paused", "cancelled"])
def test_a_lifetime_runs_from_now_whatever_was_there(state: MembershipState) -> None:
    now = T0 + (31 * DAY if state == "past_due" else DAY)
    for_ever = paid(in_state(state), LIFETIME, at=now, order=2)
    assert (for_ever.state, for_ever.ends_at, for_ever.paused_at) == ("active", None, None)
    assert may_be_in(for_ever, now)
    later = paid(for_ever, at=now + DAY, order=3)
    assert later.is_endless
    assert [period.duration for period in later.periods if period.length == THIRTY] == [30 * DAY, 30 * DAY]


def test_a_lifetime_is_neither_paused_nor_cancelled_and_ends_when_people_end_it() -> None:
    for_ever = paid(length=LIFETIME)
    with pytest.raises(Refused, match="not-pausable"):
        machine.pause(for_ever, T0 + DAY)
    with pytest.raises(Refused, match="not-cancellable"):
        machine.cancel(for_ever)
    revoked = machine.revoke(for_ever, T0 + 400 * DAY)
    assert (revoked.state, revoked.ends_at) == ("revoked", T0 + 400 * DAY)
    assert (revoked.periods[0].taken_back, revoked.periods[0].duration) == (True, 400 * DAY)
    assert machine.leave(for_ever, T0 + DAY).ends_at == T0 + DAY


def test_a_cancellation_runs_to_the_end_without_grace_and_can_be_taken_back() -> None:
    cancelled = machine.cancel(paid(grace=GRACE))
    assert (cancelled.access_until, lapse(cancelled, T0 + 30 * DAY).state) == (T0 + 30 * DAY, "expired")
    assert machine.undo_cancel(cancelled).access_until == T0 + 33 * DAY


def test_to_revoke_takes_back_only_time_that_has_not_been_given() -> None:
    revoked = machine.revoke(paid(paid(), at=T0 + DAY, order=2), T0 + 40 * DAY)
    assert [(period.taken_back, period.duration) for period in revoked.periods] == [
        (False, 30 * DAY),
        (True, 10 * DAY),
    ]


def test_a_date_that_has_passed_gives_no_time() -> None:
    late = paid(length=Length("until", until=T0 - DAY))
    assert late.periods[-1].duration == NONE
    assert not may_be_in(late, T0)


def test_what_is_traded_in_is_over_at_once_and_keeps_what_was_used() -> None:
    left = machine.leave(paid(), T0 + 10 * DAY)
    (period,) = left.periods
    assert (left.state, left.ends_at) == ("expired", T0 + 10 * DAY)
    assert (period.duration, period.taken_back) == (10 * DAY, True)
    for state in ("pending", "paused", "expired", "revoked"):
        assert machine.leave(in_state(state), T0 + DAY) == in_state(state)


def test_what_is_bought_until_a_moment_is_shorter_and_its_months_keep_their_day() -> None:
    at, until = datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)
    bought = Period(MONTH, order_id=1, anchor_day=31)
    first = machine.pay(Standing(), bought, now=at, waits=False, grace=GRACE, until=until)
    (period,) = first.periods
    assert (first.state, first.ends_at, period.duration) == ("active", until, until - at)
    after = machine.pay(first, Period(MONTH, order_id=2), now=until, waits=False, grace=GRACE, follows=True)
    assert after.ends_at == datetime(2026, 3, 31, tzinfo=UTC)
