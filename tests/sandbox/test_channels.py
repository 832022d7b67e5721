"""Channels, invite links and membership, through a stock client."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyrogram import enums
from pyrogram.errors import BadRequest, ChannelPrivate, ChatAdminRequired, UserNotParticipant

from scripts.sandbox.telegram.driver import BotHandle, ChannelHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.tl import Refused
from tests.sandbox.conftest import Run
from tests.sandbox.waiting import wait_until


@pytest.fixture
def channel(sandbox: Sandbox, ann: Person, bot: BotHandle) -> ChannelHandle:
    return sandbox.add_channel("VIP", ann, bot)


def collect(client: Any) -> list[Any]:
    seen: list[Any] = []

    @client.on_chat_member_updated()
    async def changed(_: Any, update: Any) -> None:
        seen.append(update)

    return seen


def test_a_one_use_link_lets_one_person_in_and_says_which(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    seen = collect(client)
    link = run(client.create_chat_invite_link, channel.chat_id, name="grant 1", member_limit=1)
    bob, eve = sandbox.person("Bob"), sandbox.person("Eve")
    assert bob.joins(link.invite_link) == "joined"
    wait_until(lambda: any(u.invite_link for u in seen))
    (update,) = [u for u in seen if u.invite_link]
    assert update.invite_link is not None
    assert update.new_chat_member is not None
    assert (update.invite_link.name, update.new_chat_member.user.id) == ("grant 1", bob.id)
    with pytest.raises(Refused, match="USERS_TOO_MUCH"):
        eve.joins(link.invite_link)
    assert channel.members == [bob.id]


def test_links_expire_and_can_be_revoked(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    bob = sandbox.person("Bob")
    soon = datetime.now(UTC) + timedelta(minutes=5)
    expiring = run(client.create_chat_invite_link, channel.chat_id, expire_date=soon)
    revoked = run(client.create_chat_invite_link, channel.chat_id)
    run(client.revoke_chat_invite_link, channel.chat_id, revoked.invite_link)
    sandbox.advance(301)
    for link in (expiring, revoked):
        with pytest.raises(Refused, match="INVITE_HASH_EXPIRED"):
            bob.joins(link.invite_link)


def test_a_join_request_waits_for_the_bot_and_lets_it_write(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    asked: list[Any] = []

    @client.on_chat_join_request()
    async def ask(_: Any, request: Any) -> None:
        asked.append(request)
        await client.send_message(request.from_user.id, "one moment")

    link = run(client.create_chat_invite_link, channel.chat_id, creates_join_request=True)
    bob, eve = sandbox.person("Bob"), sandbox.person("Eve")
    assert [p.joins(link.invite_link) for p in (bob, eve)] == ["requested", "requested"]
    bob.wait_for("one moment")
    assert channel.members == []
    run(client.approve_chat_join_request, channel.chat_id, bob.id)
    run(client.decline_chat_join_request, channel.chat_id, eve.id)
    assert (channel.members, channel.requests) == ([bob.id], [])
    with pytest.raises(BadRequest, match="HIDE_REQUESTER_MISSING"):
        run(client.approve_chat_join_request, channel.chat_id, eve.id)


def test_unban_removes_a_member_and_lets_him_return_while_ban_does_not(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    bob = sandbox.person("Bob")
    link = run(client.create_chat_invite_link, channel.chat_id)
    bob.joins(link.invite_link)
    run(client.unban_chat_member, channel.chat_id, bob.id)
    assert (channel.members, channel.banned) == ([], [])
    bob.joins(link.invite_link)
    run(client.ban_chat_member, channel.chat_id, bob.id)
    assert (channel.members, channel.banned) == ([], [bob.id])
    with pytest.raises(Refused, match="INVITE_HASH_EXPIRED"):
        bob.joins(link.invite_link)
    run(client.unban_chat_member, channel.chat_id, bob.id)
    bob.joins(link.invite_link)
    bob.leaves(channel)
    assert channel.members == []


def test_membership_can_be_asked_for(
    client: Any, channel: ChannelHandle, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    bob = sandbox.person("Bob")
    link = run(client.create_chat_invite_link, channel.chat_id)
    bob.joins(link.invite_link)
    assert run(client.get_chat_member, channel.chat_id, bob.id).status is enums.ChatMemberStatus.MEMBER
    assert run(client.get_chat_member, channel.chat_id, ann.id).status is enums.ChatMemberStatus.OWNER
    me = run(client.get_chat_member, channel.chat_id, "me")
    assert me.privileges.can_invite_users
    bob.leaves(channel)
    with pytest.raises(UserNotParticipant):
        run(client.get_chat_member, channel.chat_id, bob.id)


def test_a_bot_without_rights_is_refused_and_told_of_the_change(
    client: Any, channel: ChannelHandle, bot: BotHandle, run: Run
) -> None:
    seen = collect(client)
    run(client.send_message, channel.chat_id, "post")
    assert [post.text for post in channel.posts] == ["post"]
    channel.promote(bot, "post_messages")
    with pytest.raises(ChatAdminRequired):
        run(client.create_chat_invite_link, channel.chat_id)
    channel.demote(bot)
    with pytest.raises(ChannelPrivate):
        run(client.send_message, channel.chat_id, "post")
    wait_until(lambda: len(seen) >= 2)
    assert seen[-1].new_chat_member is None
    assert seen[-1].old_chat_member is not None
    assert seen[-1].old_chat_member.user.id == bot.id
