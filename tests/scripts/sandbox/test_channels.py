"""Channels, invite links and membership, through a stock client."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyrogram import enums
from pyrogram.errors import BadRequest, ChannelPrivate, ChatAdminRequired, FloodWait, UserNotParticipant

from scripts.sandbox.telegram.driver import BotHandle, ChannelHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.tl import Refused
from tests.support.telegram_clients import Run
from tests.support.waiting import wait_until


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
    requests: list[Any] = []

    @client.on_chat_join_request()
    async def ask(_: Any, request: Any) -> None:
        requests.append(request)
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


def test_only_a_ban_puts_a_member_out_and_its_end_lets_him_return(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    bob = sandbox.person("Bob")
    link = run(client.create_chat_invite_link, channel.chat_id)
    bob.joins(link.invite_link)
    run(client.unban_chat_member, channel.chat_id, bob.id)
    assert (channel.members, channel.banned) == ([bob.id], [])
    run(client.ban_chat_member, channel.chat_id, bob.id)
    assert (channel.members, channel.banned) == ([], [bob.id])
    with pytest.raises(Refused, match="INVITE_HASH_EXPIRED"):
        bob.joins(link.invite_link)
    run(client.unban_chat_member, channel.chat_id, bob.id)
    bob.joins(link.invite_link)
    bob.leaves(channel)
    assert [(c["before"], c["after"]) for c in channel.history[1:]] == [
        ("left", "participant"),
        ("participant", "banned"),
        ("banned", "left"),
        ("left", "participant"),
        ("participant", "left"),
    ]


def test_a_ban_of_minutes_ends_by_itself_and_one_of_seconds_never(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    bob, eve = sandbox.person("Bob"), sandbox.person("Eve")
    link = run(client.create_chat_invite_link, channel.chat_id)
    for person, seconds in ((bob, 60), (eve, 20)):
        person.joins(link.invite_link)
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        run(client.ban_chat_member, channel.chat_id, person.id, until_date=until)
    sandbox.advance(61)
    assert bob.joins(link.invite_link) == "joined"
    with pytest.raises(Refused, match="INVITE_HASH_EXPIRED"):
        eve.joins(link.invite_link)


def test_admins_cannot_be_put_out_and_the_owner_can_act_without_a_bot(
    client: Any, channel: ChannelHandle, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    bob, eve = sandbox.person("Bob"), sandbox.person("Eve")
    channel.adds(bob)
    channel.promote(bob, "post_messages")
    for person in (ann, bob):
        with pytest.raises(BadRequest, match="USER_ADMIN_INVALID"):
            run(client.ban_chat_member, channel.chat_id, person.id)
    channel.demote(bob)
    channel.puts_out(bob)
    eve.requests_to_join(channel.creates_link(request=True))
    channel.answers_request(eve, approved=True)
    assert (channel.members, channel.banned) == ([eve.id], [bob.id])
    with pytest.raises(BadRequest, match="USER_ALREADY_PARTICIPANT"):
        run(client.approve_chat_join_request, channel.chat_id, eve.id)


def test_a_link_that_the_owner_made_is_not_shown_whole(
    client: Any, channel: ChannelHandle, sandbox: Sandbox
) -> None:
    seen = collect(client)
    link = channel.creates_link()
    sandbox.person("Bob").joins(link)
    wait_until(lambda: any(u.invite_link for u in seen))
    visible = seen[-1].invite_link.invite_link
    assert visible.endswith("...")
    assert link.startswith(visible.removesuffix("..."))


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


def test_in_a_supergroup_a_demoted_bot_stays_and_a_removed_one_is_told(
    client: Any, ann: Person, bot: BotHandle, sandbox: Sandbox, run: Run
) -> None:
    seen = collect(client)
    group = sandbox.add_channel("Club", ann, kind="supergroup")
    ann.adds_bot_as_admin(group, bot, "invite_users")
    assert run(client.get_chat, group.chat_id).type is enums.ChatType.SUPERGROUP
    group.demote(bot)
    with pytest.raises(ChatAdminRequired):
        run(client.create_chat_invite_link, group.chat_id)
    assert run(client.get_chat_member, group.chat_id, "me").status is enums.ChatMemberStatus.MEMBER
    group.puts_out(bot)
    with pytest.raises(ChannelPrivate):
        run(client.get_chat_member, group.chat_id, "me")
    wait_until(lambda: len(seen) == 3)
    assert seen[-1].new_chat_member.status is enums.ChatMemberStatus.BANNED


def test_a_deleted_channel_is_gone_for_bot_and_people(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    link = run(client.create_chat_invite_link, channel.chat_id).invite_link
    channel.delete()
    with pytest.raises(ChannelPrivate):
        run(client.get_chat_member, channel.chat_id, "me")
    with pytest.raises(Refused, match="INVITE_HASH_EXPIRED"):
        sandbox.person("Bob").joins(link)


def test_a_deleted_account_stays_a_member_and_is_not_let_in(
    client: Any, channel: ChannelHandle, sandbox: Sandbox, run: Run
) -> None:
    bob, eve = sandbox.person("Bob"), sandbox.person("Eve")
    link = run(client.create_chat_invite_link, channel.chat_id, creates_join_request=True).invite_link
    channel.adds(bob)
    eve.requests_to_join(link)
    for person in (bob, eve):
        person.deletes_account()
    assert run(client.get_chat_member, channel.chat_id, bob.id).user.is_deleted
    with pytest.raises(BadRequest, match="INPUT_USER_DEACTIVATED"):
        run(client.approve_chat_join_request, channel.chat_id, eve.id)
    with pytest.raises(Refused, match="USER_DEACTIVATED"):
        bob.joins(link)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "x" * 33}, "INVITE_HASH_INVALID"),
        ({"member_limit": 1, "creates_join_request": True}, "USAGE_LIMIT_INVALID"),
        ({"member_limit": 100_000}, "USAGE_LIMIT_INVALID"),
        ({"expire_date": datetime(2020, 1, 1, tzinfo=UTC)}, "EXPIRE_DATE_INVALID"),
    ],
    ids=["name", "request-and-limit", "limit", "date"],
)
def test_links_outside_the_limits_are_refused(
    client: Any, channel: ChannelHandle, run: Run, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadRequest, match=reason):
        run(client.create_chat_invite_link, channel.chat_id, **change)


def test_a_flood_is_met_by_the_method_it_is_for(
    client: Any, channel: ChannelHandle, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    bob = sandbox.person("Bob")
    channel.adds(bob)
    sandbox.flood_wait(30, times=1, method="channels.editBanned")
    run(client.send_message, ann.id, "free")
    with pytest.raises(FloodWait):
        run(client.ban_chat_member, channel.chat_id, bob.id)
    run(client.ban_chat_member, channel.chat_id, bob.id)
    assert channel.banned == [bob.id]
