"""Who asks to join a channel is answered by the bot itself; who comes and goes is written down."""

from collections.abc import Callable
from functools import partial

import pytest

from schemas.member_jobs import AnswerJoinRequest
from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot
from tests.support.waiting import wait_until


@pytest.fixture
def channel(start_bot: Callable[..., ShopBot]) -> ChannelFixture:
    return ChannelFixture.connect(start_bot())


def test_at_the_door_members_come_in_and_strangers_learn_why_not(channel: ChannelFixture) -> None:
    bob, eve = channel.tries("Bob"), channel.person("Eve")

    bob.requests_to_join(channel.link)
    eve.requests_to_join(channel.link)

    explanation = eve.wait_for("VIP")
    assert [button.value for button in explanation.buttons] == [f"plan:{channel.plan_id}"]
    wait_until(lambda: channel.stands(bob, "member"))
    assert (channel.room.members, channel.room.requests) == ([bob.id], [])
    for person in (bob, eve):
        wait_until(partial(channel.was_answered, person))
    bob.leaves(channel.room)
    wait_until(lambda: channel.stands(bob, "left"))


def test_an_answer_that_telegram_refuses_is_left_to_the_job(channel: ChannelFixture) -> None:
    bob = channel.tries("Bob")
    channel.sandbox.fail_next("messages.hideChatJoinRequest", 420, "FLOOD_WAIT_60")

    bob.requests_to_join(channel.link)

    wait_until(lambda: channel.sandbox.counts["calls"].get("messages.hideChatJoinRequest"))
    wait_until(lambda: len(channel.queued(AnswerJoinRequest)) == 1)
    entry = channel.roster(bob)
    assert entry is not None
    assert entry.requested_at is not None
    assert channel.room.members == []


def test_lost_rights_and_a_lost_channel_are_written_down(channel: ChannelFixture) -> None:
    channel.owner.adds_bot_as_admin(channel.room, channel.bot, "invite_users")
    wait_until(lambda: (row := channel.row()) is not None and row.missing == ["ban_users"])

    channel.room.delete()

    wait_until(lambda: (row := channel.row()) is not None and row.state == "gone")
