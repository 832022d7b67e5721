"""Letting in, putting out, warning: the jobs about members against the loopback Telegram."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.memberships.admission import ask_in
from core.memberships.periods import DAY
from schemas import member_jobs as jobs
from schemas.base import utc_now
from schemas.membership import Channel, Membership
from schemas.people import User
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.tl import Refused
from tests.support import make_members
from tests.support.channel import ChannelFixture, user_of
from tests.support.worker import Worker

EXPIRY = ("expire_member", "remove_member", "notify")


@pytest.fixture
def channel(sandbox: Sandbox, worker: Worker) -> ChannelFixture:
    return ChannelFixture.write(worker, sandbox)


def way_in(person: Person, after: int = 0) -> str:
    """The link in the newest message that has one."""
    message = person.wait_for(
        lambda message: any("t.me/+" in button.value for button in message.buttons), after=after
    )
    return next(item.value for item in message.buttons if "t.me/+" in item.value)


def asks(worker: Worker, channel: ChannelFixture, person: Person, link: str) -> None:
    """The person asks to join; the bot writes it down and dies before it answers."""
    person.requests_to_join(link)
    with worker.database.transaction() as session:
        user = user_of(session, person)
        ask_in(session, make_members.asks(channel.row_in(session), user, link, at=utc_now()), now=utc_now())


def test_a_buyer_is_sent_a_link_and_a_request_the_bot_left_is_answered(
    worker: Worker, sandbox: Sandbox, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann)
    eve = channel.reader("Eve")

    worker.do_all("admit")
    link = way_in(ann)
    for person in (ann, eve):
        asks(worker, channel, person, link)
        job = jobs.AnswerJoinRequest(channel_id=channel.channel_id, telegram_id=person.id)
        assert worker.do(job).state == "done"
    worker.do_all("notify")

    assert (channel.room.members, channel.room.requests) == ([ann.id], [])
    assert "for members" in eve.wait_for("VIP").text
    assert channel.do(lambda session: session.exec(select(Order.status)).one()) == "delivered"
    assert worker.repeat(channel.newest(jobs.Admit).id).state == "done"
    assert channel.sandbox.duplicates() == []


def test_at_the_end_a_member_is_put_out_once_and_told_once(
    worker: Worker, sandbox: Sandbox, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann, days_ago=30.01)
    channel.room.adds(ann)

    done = worker.do_all(*EXPIRY)
    for job in done:
        assert worker.repeat(job.id).state == "done"

    assert (channel.room.members, channel.room.banned) == ([], [])
    assert channel.removals(ann) == ["banned", "left"]
    assert channel.sandbox.reached("Club has ended") == {ann.id: 1}


def test_nobody_is_put_out_before_the_end(worker: Worker, channel: ChannelFixture, ann: Person) -> None:
    member = worker.row(Membership, channel.sells_to(ann, days_ago=29))
    channel.enters(ann)

    early = worker.do(jobs.ExpireMember(membership_id=member.id, turn=member.turn))
    removal = worker.do(jobs.RemoveMember(channel_id=channel.channel_id, telegram_id=ann.id))

    assert early.state == "queued"
    assert abs(early.due_at - member.ends_at) < timedelta(seconds=5)
    assert removal.state == "done"
    assert channel.removals(ann) == []


def test_who_renews_between_the_end_and_the_removal_stays_in(
    worker: Worker, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann, days_ago=31)
    channel.room.adds(ann)
    worker.do_all("expire_member")

    member = worker.row(Membership, channel.sells_to(ann))
    worker.do_all(*EXPIRY)

    assert member.state == "active"
    assert member.ends_at - utc_now() > 29 * DAY
    assert channel.removals(ann) == []


def test_who_buys_again_in_the_middle_of_a_removal_may_come_back(
    worker: Worker, sandbox: Sandbox, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann, days_ago=31)
    channel.room.adds(ann)
    worker.do_all("expire_member")
    channel.sandbox.flood_wait(40, share=0.5, method="channels.editBanned")
    (cut_off,) = worker.do_all("remove_member")
    assert (cut_off.state, channel.room.banned) == ("queued", [ann.id])

    channel.sandbox.clear_faults()
    channel.sells_to(ann)
    worker.repeat(cut_off.id)
    worker.do_all("admit")
    ann.requests_to_join(way_in(ann))

    assert channel.room.banned == []


def test_without_its_right_the_bot_alarms_the_seller_and_removes_later(
    worker: Worker, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann, days_ago=31)
    channel.room.adds(ann)
    channel.room.promote(channel.bot, "invite_users")

    worker.do_all("expire_member", "remove_member", "notify")
    waiting = channel.newest(jobs.RemoveMember)
    assert (waiting.state, channel.room.members) == ("queued", [ann.id])
    assert "❌ Ban users" in channel.owner.wait_for("VIP: the bot lacks rights").text
    channel.room.promote(channel.bot)
    worker.repeat(waiting.id)

    assert (channel.room.members, channel.events()) == ([], ["connected", "rights_lost"])


def test_a_stranger_on_a_members_link_is_put_out_and_the_member_gets_another(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    channel = ChannelFixture.write(worker, sandbox, joining="one_use")
    channel.sells_to(ann)
    worker.do_all("admit")
    leaked, eve = way_in(ann), channel.reader("Eve")
    with worker.database.transaction() as session:
        user_of(session, eve)

    channel.enters(eve, leaked)
    worker.do_all("remove_stranger", "revoke_invite", "admit", "notify")

    assert (channel.room.members, channel.removals(eve)) == ([], ["banned", "left"])
    assert "belonged to somebody else" in eve.wait_for("VIP").text
    with pytest.raises(Refused):
        ann.joins(leaked)
    channel.enters(ann, way_in(ann))
    assert channel.room.members == [ann.id]
    assert channel.events() == ["connected", "stranger"]


def test_when_the_channel_is_gone_the_payment_stands_and_all_are_told(
    worker: Worker, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann)
    channel.room.delete()

    admitted = worker.do_all("admit")
    worker.do_all("notify")

    order = channel.do(lambda session: session.exec(select(Order)).one())
    assert [job.state for job in admitted] == ["done"]
    assert order.status == "paid"
    assert order.needs_support_at is not None
    assert worker.row(Channel, channel.channel_id).state == "gone"
    assert "Your payment is safe" in ann.wait_for("Club").text
    assert "refund your members" in channel.owner.wait_for("VIP cannot be reached").text


def test_a_member_out_of_reach_is_remembered_and_a_deleted_account_removed(
    worker: Worker, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann, days_ago=31)
    channel.room.adds(ann)
    ann.deletes_account()

    done = worker.do_all("admit", *EXPIRY)

    assert {job.state for job in done} == {"done"}
    assert channel.room.members == []
    blocked = channel.do(lambda s: s.exec(select(User.blocked_at).where(User.telegram_id == ann.id)).one())
    assert blocked is not None


def test_each_warning_is_seen_once_whatever_asks_for_it(
    worker: Worker, sandbox: Sandbox, channel: ChannelFixture, ann: Person
) -> None:
    channel.sells_to(ann, days_ago=29.5)

    warned = worker.do_all("warn_member", "notify")
    for job in warned:
        worker.repeat(job.id)
    worker.do(jobs.WarnMembers())
    worker.do_all("warn_member", "notify")

    assert channel.sandbox.reached("ends in 1 day") == {ann.id: 1}
    assert len(channel.sandbox.reached("ends in")) == 1
