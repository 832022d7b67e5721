"""Who asks to join a channel is answered by the bot itself; who comes and goes is written down."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.bot.conftest import ShopBot, wait_until
from tests.support.bot_club import ChannelFixture


@pytest.fixture
def club(start_bot: Callable[..., ShopBot]) -> ChannelFixture:
    return ChannelFixture(start_bot())


def test_at_the_door_members_come_in_and_strangers_learn_why_not(club: ChannelFixture) -> None:
    bob, eve = club.tries("Bob"), club.shop.person("Eve")

    bob.requests_to_join(club.link)
    eve.requests_to_join(club.link)

    told = eve.wait_for("VIP")
    assert [button.value for button in told.buttons] == [f"plan:{club.plan_id}"]
    wait_until(lambda: (entry := club.roster(bob)) is not None and entry.status == "member")
    assert (club.room.members, club.room.requests) == ([bob.id], [])
    for person in (bob, eve):
        wait_until(partial(club.was_answered, person))
    bob.leaves(club.room)
    wait_until(lambda: (entry := club.roster(bob)) is not None and entry.status == "left")


def test_an_answer_that_telegram_refuses_is_left_to_the_job(club: ChannelFixture) -> None:
    bob = club.tries("Bob")
    club.shop.sandbox.fail_next("messages.hideChatJoinRequest", 420, "FLOOD_WAIT_60")

    bob.requests_to_join(club.link)

    wait_until(lambda: club.shop.sandbox.counts["calls"].get("messages.hideChatJoinRequest"))
    wait_until(lambda: club.waiting_answers() == 1)
    entry = club.roster(bob)
    assert entry is not None
    assert entry.requested_at is not None
    assert club.room.members == []


def test_lost_rights_and_a_lost_channel_are_written_down(club: ChannelFixture) -> None:
    club.owner.adds_bot_as_admin(club.room, club.shop.handle, "invite_users")
    wait_until(lambda: (channel := club.channel()) is not None and channel.missing == ["ban_users"])

    club.room.delete()

    wait_until(lambda: (channel := club.channel()) is not None and channel.state == "gone")
