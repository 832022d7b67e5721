"""When a membership ends and when its holder is warned of it."""

import pytest
from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.clocks import next_warning, set_clock, warning_due
from core.memberships.expiry import strike
from core.memberships.machine import Standing, pay
from core.memberships.periods import Length, Period
from core.memberships.transitions import standing_of
from schemas import member_jobs
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
END = NOW + 30 * DAY


def test_a_pause_stops_the_clock_and_leaves_no_end_behind(session: Session) -> None:
    membership = make_members.member(session)
    person, turn = make_members.person_of(session, membership), membership.turn
    member_actions.pause(session, person, id_of(membership), now=NOW + 10 * DAY)
    assert membership.clock_at is None
    strike(session, id_of(membership), turn, now=END)
    assert membership.state == "paused"
    member_actions.resume(session, person, id_of(membership), now=NOW + 50 * DAY)
    assert standing_of(session, membership).clock_at == membership.clock_at == NOW + 70 * DAY
    assert [job.occasion for job in make.queued(session, member_jobs.Admit)] == ["paid", "resumed"]


MONTH = pay(Standing(), Period(Length("days", 30)), now=NOW, waits=False, grace=3 * DAY)
"""30 days from NOW on, and three days of grace."""


def test_the_next_warning_is_the_first_that_lies_ahead() -> None:
    at = {days: NOW + (30 - days) * DAY for days in (7, 3, 1, -1, -2)}
    for days, earlier in ((7, NOW), (3, at[7]), (1, at[3]), (-1, at[1]), (-2, at[-1])):
        assert next_warning(MONTH, earlier, renews=False) == (at[days], days)
    assert next_warning(MONTH, at[-2], renews=False) is None


def test_what_renews_by_itself_is_warned_of_in_grace_alone() -> None:
    assert next_warning(MONTH, NOW, renews=True) == (NOW + 31 * DAY, -1)
    assert warning_due(MONTH, NOW + 29 * DAY, renews=True) is None


@pytest.mark.parametrize(
    ("day", "days"),
    [(0, None), (22, None), (23, 7), (27, 3), (29, 1), (30, None), (31, -1), (32, -2), (33, None)],
)
def test_the_warning_whose_time_has_come_last_is_due(day: int, days: int | None) -> None:
    assert warning_due(MONTH, NOW + day * DAY, renews=False) == days


def test_a_clock_is_set_once_for_each_turn(session: Session) -> None:
    membership = make_members.member(session)
    set_clock(session, membership, standing_of(session, membership))
    assert make_members.due_of(session, "expire_member") == [NOW + 30 * DAY]
