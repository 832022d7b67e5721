"""Whoever pays the channel itself is no stranger there, until Telegram's end."""

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.memberships.checks import checked, differences
from core.memberships.roster import begin_removal, entry_for
from core.ports import ChannelMember
from schemas import member_jobs
from schemas.membership import Channel, Enforcement, Membership
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
END = NOW + 30 * DAY


def removed(session: Session) -> list[int]:
    return [job.telegram_id for job in make.queued(session, member_jobs.RemoveStranger)]


@pytest.mark.parametrize("enforcement", ["act", "list"])
def test_who_pays_the_channel_itself_stays_and_nothing_is_sold_to_them(
    session: Session, enforcement: Enforcement
) -> None:
    room = make_members.channel(session, enforcement=enforcement)
    make_members.plan(session, room)
    make_members.joins(session, room, 5, until=END)
    checked(session, id_of(room), 5, ChannelMember("member", paid_until=END), now=NOW + DAY)
    assert removed(session) == []
    assert make_members.event_kinds(session) == []
    assert differences(session, id_of(room), now=NOW).without_grant == []
    assert begin_removal(session, id_of(room), 5, now=NOW) is None
    assert session.exec(select(Membership)).all() == []


def test_a_check_learns_of_a_payment_and_of_its_end(session: Session) -> None:
    room = make_members.channel(session, enforcement="act")
    checked(session, id_of(room), 5, ChannelMember("member", paid_until=END), now=NOW)
    assert removed(session) == []
    checked(session, id_of(room), 5, ChannelMember("member", paid_until=END), now=END)
    assert removed(session) == [5]
    assert differences(session, id_of(room), now=END).without_grant == [5]


def test_who_left_has_paid_for_nothing_more(session: Session) -> None:
    room = make_members.channel(session, enforcement="act")
    make_members.joins(session, room, 5, until=END)
    make_members.leaves(session, room, 5)
    assert entry_for(session, id_of(room), 5).paid_until is None


def barred_from(session: Session, room: Channel) -> int:
    membership = make_members.member(session, make_members.plan(session, room))
    make_members.put_out(session, membership)
    membership.barred_at = NOW
    session.add(membership)
    session.flush()
    return make_members.person_of(session, membership).telegram_id


def test_who_was_put_out_of_the_shop_does_not_come_back_by_paying_the_channel(session: Session) -> None:
    room = make_members.channel(session)
    person = barred_from(session, room)
    make_members.joins(session, room, person, until=END)
    assert person in removed(session)
    assert differences(session, id_of(room), now=NOW).without_grant == [person]
