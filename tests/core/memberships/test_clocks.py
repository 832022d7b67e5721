"""When a membership ends and when its holder is warned of it."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
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
