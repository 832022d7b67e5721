"""Coming, going and being put out, as Telegram's updates tell it."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.memberships.admission import ask_in
from core.memberships.checks import differences
from core.memberships.expiry import due, strike
from core.memberships.roster import begin_removal, end_removal, stranger_removed
from schemas import member_jobs
from schemas.membership import Channel, RosterEntry
from tests.support import make, make_members
from tests.support.make_members import DAY, asks

NOW = make.NOW


def test_the_first_entry_starts_the_time_and_tells_until_when(session: Session) -> None:
    membership = make_members.member(session, make_members.plan(session, starts="entry"))
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    assert (membership.state, membership.ends_at) == ("pending", None)
    for _ in range(2):
        make_members.joins(session, room, person, at=NOW + 3 * DAY)
    assert (membership.state, membership.ends_at) == ("active", NOW + 33 * DAY)
    assert make.sent_texts(session, person) == ["member-joined"]
    assert make_members.roster_entry(session, room, person).membership_id == membership.id


@pytest.mark.parametrize("starts", ["payment", "entry"])
@pytest.mark.parametrize(
    ("unit", "count", "end"),
    [
        ("days", 7, NOW + 7 * DAY),
        ("days", 30, NOW + 30 * DAY),
        ("days", 45, NOW + 45 * DAY),
        ("months", 1, NOW.replace(month=12)),
        ("months", 3, NOW.replace(year=2027, month=2)),
    ],
)
def test_who_comes_in_stays_as_long_as_was_bought(
    session: Session, starts: str, unit: str, count: int, end: datetime
) -> None:
    item = make_members.plan(session, starts=starts, unit=unit, count=count)
    membership = make_members.member(session, item)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    make_members.joins(session, room, person, at=NOW)
    make_members.leaves(session, room, person, at=NOW + DAY)
    make_members.joins(session, room, person, at=NOW + 2 * DAY)
    assert (membership.state, membership.ends_at) == ("active", end)
    entry = make_members.roster_entry(session, room, person)
    assert (entry.membership_id, entry.status) == (membership.id, "member")
    moments = (end - timedelta(seconds=1), end)
    assert [[number for number, _ in due(session, now=moment)] for moment in moments] == [[], [membership.id]]


def test_leaving_keeps_the_grant_and_coming_back_needs_nothing(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    make_members.joins(session, room, person)
    make_members.leaves(session, room, person, at=NOW + DAY)
    assert (membership.state, make_members.roster_entry(session, room, person).status) == ("active", "left")
    assert ask_in(session, asks(room, person), now=NOW + DAY).approve


def test_a_stranger_on_a_members_link_goes_and_the_member_gets_another(session: Session) -> None:
    membership = make_members.member(session, make_members.plan(session, joining="one_use"))
    room, invite = make_members.channel_of(session, membership), make_members.own_link(session, membership)
    make_members.joins(session, room, 5, link="https://t.me/+abc")
    assert make.queued(session, member_jobs.RemoveStranger) == [
        member_jobs.RemoveStranger(channel_id=id_of(room), telegram_id=5, invite_id=invite.id)
    ]
    assert (make_members.event_kinds(session), invite.used_by) == (["stranger"], 5)


def test_who_comes_by_the_sellers_own_way_is_shown_and_goes_only_if_wanted(session: Session) -> None:
    room = make_members.channel(session)
    make_members.joins(session, room, 5)
    assert make.queued(session, member_jobs.RemoveStranger) == []
    assert differences(session, id_of(room), now=NOW).without_grant == [5]
    room.enforcement = "act"
    make_members.joins(session, room, 6)
    assert [job.telegram_id for job in make.queued(session, member_jobs.RemoveStranger)] == [6]


def test_the_seller_and_the_admins_belong_without_a_grant(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop, enforcement="act")
    make_members.joins(session, room, make.owner_of(session, shop))
    make_members.moved(session, room, 7, "left", "administrator")
    assert make.queued(session, member_jobs.RemoveStranger) == []


def test_put_out_by_somebody_else_while_the_grant_runs_is_shown(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    make_members.joins(session, room, person)
    make_members.moved(session, room, person, "member", "banned", at=NOW + DAY)
    assert make_members.event_kinds(session) == ["missing"]
    assert differences(session, id_of(room), now=NOW + DAY).missing == [membership.id]


def test_who_bought_again_in_the_meantime_is_not_put_out(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    room = make_members.channel_of(session, membership)
    strike(session, id_of(membership), membership.turn, now=NOW + 30 * DAY)
    make_members.member(session, item, person, now=NOW + 30 * DAY)
    assert begin_removal(session, id_of(room), person.telegram_id, now=NOW + 30 * DAY) is None


def test_the_echo_of_our_own_removal_brings_no_deleted_line_back(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    room = make_members.channel_of(session, membership)
    make_members.joins(session, room, person)
    session.delete(session.get_one(RosterEntry, (room.id, person.telegram_id)))
    session.flush()
    for after in ("banned", "left"):
        make_members.moved(session, room, person, "member", after, at=NOW, by_bot=True)
    assert session.get(RosterEntry, (room.id, person.telegram_id)) is None
    make_members.moved(session, room, person, "member", "left", at=NOW)
    assert session.get_one(RosterEntry, (room.id, person.telegram_id)).status == "left"


def test_a_removal_cut_off_in_the_middle_is_finished_or_undone(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    room, after = make_members.channel_of(session, membership), NOW + 31 * DAY
    make_members.joins(session, room, person)
    strike(session, id_of(membership), membership.turn, now=NOW + 30 * DAY)
    removal = begin_removal(session, id_of(room), person.telegram_id, now=after)
    assert removal is not None
    # The worker dies after its ban; Telegram's update comes, and then the person buys again.
    make_members.moved(session, room, person, "member", "banned", at=after, by_bot=True)
    assert begin_removal(session, id_of(room), person.telegram_id, now=after) == removal
    make_members.member(session, item, person, now=after)
    undone = begin_removal(session, id_of(room), person.telegram_id, now=after)
    assert undone is not None
    assert undone.lift_only
    end_removal(session, id_of(room), person.telegram_id, undone, now=after)
    assert make.queued(session, member_jobs.Admit)[-1].occasion == "restored"
    assert begin_removal(session, id_of(room), person.telegram_id, now=after) is None


def test_another_plan_for_the_same_channel_keeps_its_member_in(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop)
    short, long = (make_members.plan(session, room, count=days) for days in (10, 60))
    person = make.user(session)
    membership = make_members.member(session, short, person)
    make_members.member(session, long, person)
    strike(session, id_of(membership), membership.turn, now=NOW + 10 * DAY)
    assert len(make.queued(session, member_jobs.RemoveMember)) == 1
    assert begin_removal(session, id_of(room), person.telegram_id, now=NOW + 10 * DAY) is None


def test_whoever_comes_into_a_channel_of_nobody_leaves_no_line(session: Session) -> None:
    make_members.joins(session, Channel(telegram_id=-100_404, seller_id=1, title="", kind="channel"), 5)
    assert session.exec(select(RosterEntry)).all() == []


def test_nobody_is_put_out_of_a_channel_that_is_gone(session: Session) -> None:
    room = make_members.channel(session)
    make_members.joins(session, room, 5)
    room.state = "gone"
    assert begin_removal(session, id_of(room), 5, now=NOW) is None


def test_the_link_by_which_a_stranger_came_is_replaced_and_one_of_nobodys_changes_nothing(
    session: Session,
) -> None:
    membership = make_members.member(session, make_members.plan(session, joining="one_use"))
    invite = make_members.own_link(session, membership)
    before = len(make.queued(session, member_jobs.Admit))
    stranger_removed(session, None, now=NOW)
    assert invite.revoked_at is None
    stranger_removed(session, invite.id, now=NOW)
    assert invite.revoked_at == NOW
    assert len(make.queued(session, member_jobs.Admit)) == before + 1


def test_a_member_who_comes_by_anothers_link_stays_and_the_other_gets_a_new_one(session: Session) -> None:
    item = make_members.plan(session, joining="one_use")
    owner, guest = make_members.member(session, item), make_members.member(session, item)
    room, invite = make_members.channel_of(session, owner), make_members.own_link(session, owner)
    make_members.joins(session, room, make_members.person_of(session, guest), link="https://t.me/+abc")
    assert make.queued(session, member_jobs.RemoveStranger) == []
    assert (invite.revoked_at, guest.state) == (NOW, "active")
    assert make.queued(session, member_jobs.Admit)[-1].membership_id == owner.id
