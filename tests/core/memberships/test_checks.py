"""Going through a channel's roster finds what no update told."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships.channels import events_of
from core.memberships.checks import begin_rounds, checked, differences, to_check
from core.ports import ChannelMember
from schemas import member_jobs
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_round_asks_about_everybody_once(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    make_members.joins(session, room, 5)
    assert begin_rounds(session, now=NOW) == 1
    start = int(NOW.timestamp())
    people = to_check(session, id_of(room), start)
    assert sorted(people) == sorted([5, person.telegram_id])
    for number in people:
        checked(session, id_of(room), number, ChannelMember("member"), now=NOW + DAY)
    assert to_check(session, id_of(room), start) == []


def test_a_check_finds_what_no_update_told(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    for _ in range(2):
        checked(session, id_of(room), person.telegram_id, ChannelMember("left"), now=NOW)
        checked(session, id_of(room), 5, ChannelMember("member"), now=NOW)
    assert sorted(make_members.event_kinds(session)) == ["missing", "without_grant"]
    assert make.queued(session, member_jobs.RemoveStranger) == []
    differing = differences(session, id_of(room), now=NOW)
    assert (differing.without_grant, differing.missing) == ([5], [membership.id])
    checked(session, id_of(room), person.telegram_id, ChannelMember("member"), now=NOW)
    seen = events_of(session, room.seller_id, page=1).items
    assert [line.resolved_at is None for line in seen if line.kind == "missing"] == [False]


def test_a_check_acts_where_the_seller_wants_it(session: Session) -> None:
    room = make_members.channel(session, enforcement="act")
    membership = make_members.member(session, make_members.plan(session, room))
    person = make_members.person_of(session, membership)
    for _ in range(2):
        checked(session, id_of(room), person.telegram_id, ChannelMember("left"), now=NOW)
        checked(session, id_of(room), 5, ChannelMember("member"), now=NOW)
    assert [job.occasion for job in make.queued(session, member_jobs.Admit)] == ["paid", "reissued"]
    assert [job.telegram_id for job in make.queued(session, member_jobs.RemoveStranger)] == [5]
