"""What money that goes back, or is disputed, does to one membership: nothing but values."""

from core.memberships import machine, returns
from core.memberships.machine import Standing, lapse, may_be_in
from core.memberships.periods import DAY, Length
from tests.core.memberships.test_machine import LIFETIME, T0, in_state, paid


def test_a_refund_takes_what_is_left_of_its_own_time_only() -> None:
    both = paid(paid(), at=T0 + DAY, order=2)
    first = returns.take_back(both, 1, T0 + 10 * DAY)
    assert (first.state, first.ends_at) == ("active", T0 + 40 * DAY)
    assert [period.duration for period in first.periods] == [10 * DAY, 30 * DAY]
    second = returns.take_back(first, 2, T0 + 10 * DAY)
    assert (second.state, second.ends_at) == ("revoked", T0 + 10 * DAY)


def test_a_refund_ends_access_at_once_in_every_state_that_has_it() -> None:
    for state in ("pending", "active", "past_due", "paused", "cancelled"):
        now = T0 + (31 * DAY if state == "past_due" else DAY)
        ended = returns.take_back(in_state(state), 1, now)
        assert ended.state == "revoked", state
        assert not may_be_in(ended, now), state


def test_a_refund_of_time_that_is_over_ends_nothing_else() -> None:
    renewed = paid(lapse(paid(), T0 + 100 * DAY), at=T0 + 100 * DAY, order=2)
    assert returns.take_back(renewed, 1, T0 + 101 * DAY).ends_at == T0 + 130 * DAY


def test_a_refund_during_the_trial_leaves_the_trial() -> None:
    trial = paid(length=Length("days", 7), source="trial", order=0)
    back = returns.take_back(paid(trial, at=T0 + DAY, order=2), 2, T0 + 2 * DAY)
    assert (back.state, back.ends_at) == ("trialing", T0 + 7 * DAY)


def adds_up(standing: Standing) -> bool:
    return all(
        p.ends_at - p.starts_at - p.paused == p.duration
        for p in standing.periods
        if p.starts_at and p.ends_at
    )


def test_disputed_time_is_put_aside_and_goes_on_once_the_money_is_good() -> None:
    held = returns.put_aside(paid(), 1, T0 + 10 * DAY)
    assert (held.state, held.periods[0].held, may_be_in(held, T0 + 10 * DAY)) == ("revoked", 20 * DAY, False)
    back = returns.give_back(held, 1, T0 + 50 * DAY)
    assert (back.state, back.ends_at, back.periods[0].held) == ("active", T0 + 70 * DAY, None)
    assert back.periods[0].duration == 30 * DAY
    assert adds_up(back)
    assert returns.give_back(back, 1, T0 + 51 * DAY) == back  # once


def test_what_other_orders_paid_for_goes_on_meanwhile() -> None:
    both = paid(paid(), at=T0 + DAY, order=2)
    held = returns.put_aside(both, 1, T0 + 10 * DAY)
    assert (held.state, held.ends_at) == ("active", T0 + 40 * DAY)
    back = returns.give_back(held, 1, T0 + 20 * DAY)
    assert (back.state, back.ends_at) == ("active", T0 + 60 * DAY)
    assert adds_up(back)


def test_disputed_time_that_waits_for_the_entry_waits_again() -> None:
    held = returns.put_aside(paid(waits=True), 1, T0 + DAY)
    assert held.state == "revoked"
    back = returns.give_back(held, 1, T0 + 2 * DAY)
    assert (back.state, back.ends_at) == ("pending", None)
    assert machine.enter(back, T0 + 3 * DAY).ends_at == T0 + 33 * DAY


def test_time_until_a_date_still_ends_on_that_date() -> None:
    until = paid(length=Length("until", until=T0 + 30 * DAY))
    back = returns.give_back(returns.put_aside(until, 1, T0 + 10 * DAY), 1, T0 + 20 * DAY)
    assert (back.state, back.ends_at, back.periods[0].duration) == ("active", T0 + 30 * DAY, 20 * DAY)
    assert adds_up(back)


def test_refunded_time_is_not_given_back_by_a_bank() -> None:
    gone = returns.take_back(paid(), 1, T0 + 10 * DAY)
    assert returns.give_back(gone, 1, T0 + 11 * DAY) == gone


def test_a_lifetime_whose_money_goes_back_ends_at_once_and_other_time_stays() -> None:
    gone = returns.take_back(paid(length=LIFETIME), 1, T0 + 10 * DAY)
    assert (gone.state, gone.ends_at, may_be_in(gone, T0 + 10 * DAY)) == ("revoked", T0 + 10 * DAY, False)
    assert gone.periods[0].duration == 10 * DAY
    beside = paid(paid(), LIFETIME, at=T0 + DAY, order=2)
    back = returns.take_back(beside, 2, T0 + 10 * DAY)
    assert (back.state, back.ends_at) == ("active", T0 + 30 * DAY)
    assert returns.take_back(beside, 2, T0 + 40 * DAY).state == "revoked"
    other = returns.take_back(beside, 1, T0 + 10 * DAY)
    assert other.is_endless
    twice = paid(paid(length=LIFETIME), LIFETIME, at=T0 + DAY, order=2)
    assert returns.take_back(twice, 1, T0 + 10 * DAY).is_endless


def test_a_disputed_lifetime_is_put_aside_and_runs_for_ever_once_the_money_is_good() -> None:
    held = returns.put_aside(paid(length=LIFETIME), 1, T0 + 10 * DAY)
    assert (held.state, may_be_in(held, T0 + 10 * DAY)) == ("revoked", False)
    back = returns.give_back(held, 1, T0 + 50 * DAY)
    assert back.is_endless
    assert back.periods == paid(length=LIFETIME).periods
    assert returns.give_back(back, 1, T0 + 51 * DAY) == back
    month = paid(held, at=T0 + 20 * DAY, order=2)
    assert returns.give_back(machine.pause(month, T0 + 21 * DAY), 1, T0 + 25 * DAY).is_endless
    both = paid(paid(), LIFETIME, at=T0 + DAY, order=2)
    assert returns.give_back(returns.put_aside(both, 1, T0 + 2 * DAY), 1, T0 + 3 * DAY).is_endless
