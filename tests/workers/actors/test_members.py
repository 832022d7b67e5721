"""Letting in, putting out, warning: the jobs about members against the loopback Telegram."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.memberships.admission import ask_in
from core.memberships.machine import DAY
from schemas import member_jobs as jobs
from schemas.base import utc_now
from schemas.membership import Channel, Membership
from schemas.people import User
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.tl import Refused
from tests.support import make_members
from tests.support.actors_club import ChannelFixture
from tests.workers.actors.conftest import Worker

EXPIRY = ("expire_member", "remove_member", "notify")


@pytest.fixture
def club(hands: Worker) -> ChannelFixture:
    return ChannelFixture(hands)


def way_in(person: Person, after: int = 0) -> str:
    """The link in the newest message that has one."""
    message = person.wait_for(
        lambda found: any("t.me/+" in item.value for item in found.buttons), after=after
    )
    return next(item.value for item in message.buttons if "t.me/+" in item.value)


def asks(club: ChannelFixture, person: Person, link: str) -> None:
    """The person asks to join; the bot writes it down and dies before it answers."""
    person.requests_to_join(link)
    with club.hands.database.transaction() as session:
        user = club.user(session, person)
        ask_in(session, make_members.asks(club.channel(session), user, link, at=utc_now()), now=utc_now())


def test_a_buyer_is_sent_a_link_and_a_request_the_bot_left_is_answered(
    club: ChannelFixture, ann: Person
) -> None:
    club.buys(ann)
    eve = club.person("Eve")

    club.hands.do_all("admit")
    link = way_in(ann)
    for person in (ann, eve):
        asks(club, person, link)
        job = jobs.AnswerJoinRequest(channel_id=club.channel_id, telegram_id=person.id)
        assert club.hands.do(job).state == "done"
    club.hands.do_all("notify")

    assert (club.room.members, club.room.requests) == ([ann.id], [])
    assert "for members" in eve.wait_for("VIP").text
    assert club.write(lambda session: session.exec(select(Order.status)).one()) == "delivered"
    assert club.again(club.newest(jobs.Admit).id).state == "done"
    assert club.sandbox.duplicates() == []


def test_at_the_end_a_member_is_put_out_once_and_told_once(club: ChannelFixture, ann: Person) -> None:
    club.buys(ann, days_ago=30.01)
    club.room.adds(ann)

    done = club.hands.do_all(*EXPIRY)
    for job in done:
        assert club.again(job.id).state == "done"

    assert (club.room.members, club.room.banned) == ([], [])
    assert club.removals(ann) == ["banned", "left"]
    assert club.sandbox.reached("Club has ended") == {ann.id: 1}


def test_nobody_is_put_out_before_the_end(club: ChannelFixture, ann: Person) -> None:
    member = club.hands.row(Membership, club.buys(ann, days_ago=29))
    club.enters(ann)

    early = club.hands.do(jobs.ExpireMember(membership_id=member.id, turn=member.turn))
    removal = club.hands.do(jobs.RemoveMember(channel_id=club.channel_id, telegram_id=ann.id))

    assert early.state == "queued"
    assert abs(early.due_at - member.ends_at) < timedelta(seconds=5)
    assert removal.state == "done"
    assert club.removals(ann) == []


def test_who_renews_between_the_end_and_the_removal_stays_in(club: ChannelFixture, ann: Person) -> None:
    club.buys(ann, days_ago=31)
    club.room.adds(ann)
    club.hands.do_all("expire_member")

    member = club.hands.row(Membership, club.buys(ann))
    club.hands.do_all(*EXPIRY)

    assert member.state == "active"
    assert member.ends_at - utc_now() > 29 * DAY
    assert club.removals(ann) == []


def test_who_buys_again_in_the_middle_of_a_removal_may_come_back(club: ChannelFixture, ann: Person) -> None:
    club.buys(ann, days_ago=31)
    club.room.adds(ann)
    club.hands.do_all("expire_member")
    club.sandbox.flood_wait(40, share=0.5, method="channels.editBanned")
    (cut_off,) = club.hands.do_all("remove_member")
    assert (cut_off.state, club.room.banned) == ("queued", [ann.id])

    club.sandbox.clear_faults()
    club.buys(ann)
    club.again(cut_off.id)
    club.hands.do_all("admit")
    ann.requests_to_join(way_in(ann))

    assert club.room.banned == []


def test_without_its_right_the_bot_alarms_the_seller_and_removes_later(
    club: ChannelFixture, ann: Person
) -> None:
    club.buys(ann, days_ago=31)
    club.room.adds(ann)
    club.room.promote(club.bot, "invite_users")

    club.hands.do_all("expire_member", "remove_member", "notify")
    waiting = club.newest(jobs.RemoveMember)
    assert (waiting.state, club.room.members) == ("queued", [ann.id])
    assert "❌ Ban users" in club.owner.wait_for("VIP: the bot lacks rights").text
    club.room.promote(club.bot)
    club.again(waiting.id)

    assert (club.room.members, club.events()) == ([], ["connected", "rights_lost"])


def test_a_stranger_on_a_members_link_is_put_out_and_the_member_gets_another(
    hands: Worker, ann: Person
) -> None:
    club = ChannelFixture(hands, joining="one_use")
    club.buys(ann)
    club.hands.do_all("admit")
    leaked, eve = way_in(ann), club.person("Eve")
    with club.hands.database.transaction() as session:
        club.user(session, eve)

    club.enters(eve, leaked)
    club.hands.do_all("remove_stranger", "revoke_invite", "admit", "notify")

    assert (club.room.members, club.removals(eve)) == ([], ["banned", "left"])
    assert "belonged to somebody else" in eve.wait_for("VIP").text
    with pytest.raises(Refused):
        ann.joins(leaked)
    club.enters(ann, way_in(ann))
    assert club.room.members == [ann.id]
    assert club.events() == ["connected", "stranger"]


def test_when_the_channel_is_gone_the_payment_stands_and_all_are_told(
    club: ChannelFixture, ann: Person
) -> None:
    club.buys(ann)
    club.room.delete()

    admitted = club.hands.do_all("admit")
    club.hands.do_all("notify")

    order = club.write(lambda session: session.exec(select(Order)).one())
    assert [job.state for job in admitted] == ["done"]
    assert order.status == "paid"
    assert order.needs_support_at is not None
    assert club.hands.row(Channel, club.channel_id).state == "gone"
    assert "Your payment is safe" in ann.wait_for("Club").text
    assert "refund your members" in club.owner.wait_for("VIP cannot be reached").text


def test_a_member_out_of_reach_is_remembered_and_a_deleted_account_removed(
    club: ChannelFixture, ann: Person
) -> None:
    club.buys(ann, days_ago=31)
    club.room.adds(ann)
    ann.deletes_account()

    done = club.hands.do_all("admit", *EXPIRY)

    assert {job.state for job in done} == {"done"}
    assert club.room.members == []
    blocked = club.write(lambda s: s.exec(select(User.blocked_at).where(User.telegram_id == ann.id)).one())
    assert blocked is not None


def test_each_warning_is_seen_once_whatever_asks_for_it(club: ChannelFixture, ann: Person) -> None:
    club.buys(ann, days_ago=29.5)

    warned = club.hands.do_all("warn_member", "notify")
    for job in warned:
        club.again(job.id)
    club.hands.do(jobs.WarnMembers())
    club.hands.do_all("warn_member", "notify")

    assert club.sandbox.reached("ends in 1 day") == {ann.id: 1}
    assert len(club.sandbox.reached("ends in")) == 1
