"""Channels over real MTProto to the loopback Telegram, through the gateway that workers use."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import redis

from core.kit.db import Database
from core.kit.errors import ChannelGone, DoorShut, Permanent, RetryAfter, RightsMissing
from core.ports import ChannelGateway, ChannelMember, Identity, Message
from core.process.settings import Settings
from scripts.sandbox.telegram.driver import BotHandle, ChannelHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.tl import Refused
from tests.support.telegram_clients import MONTH
from tests.support.waiting import wait_until
from workers.telegram.messenger import TelegramMessenger
from workers.telegram.replies import OutcomeUnknown


@pytest.fixture
def gateway(messenger: TelegramMessenger) -> ChannelGateway:
    return messenger.channels


@pytest.fixture
def channel(sandbox: Sandbox, ann: Person, bot: BotHandle) -> ChannelHandle:
    return sandbox.add_channel("VIP", ann, bot)


@pytest.fixture
def bob(sandbox: Sandbox) -> Person:
    return sandbox.person("Bob")


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=5)


def test_a_join_request_is_approved_once_and_declined_once(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person, sandbox: Sandbox
) -> None:
    link, eve = gateway.create_join_request_link(channel.chat_id, "plan 1"), sandbox.person("Eve")
    assert not gateway.approve(channel.chat_id, bob.id)
    for person in (bob, eve):
        person.requests_to_join(link)

    answers = [gateway.approve(channel.chat_id, bob.id) for _ in range(2)]
    for _ in range(2):
        gateway.decline(channel.chat_id, eve.id)

    assert answers == [True, True]
    assert (channel.members, channel.requests) == ([bob.id], [])
    assert gateway.member_status(channel.chat_id, bob.id) == ChannelMember("member")
    assert gateway.member_status(channel.chat_id, eve.id) == ChannelMember("left")


def test_an_approval_whose_answer_was_lost_is_found_done(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person, sandbox: Sandbox
) -> None:
    bob.requests_to_join(gateway.create_join_request_link(channel.chat_id, "plan 1"))
    sandbox.fail_next("messages.hideChatJoinRequest", 400, "HIDE_REQUESTER_MISSING")
    channel.answers_request(bob, approved=True)

    assert gateway.approve(channel.chat_id, bob.id)


def test_a_one_use_link_dies_by_use_by_time_and_by_hand(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person, sandbox: Sandbox
) -> None:
    eve, names = sandbox.person("Eve"), ("used", "expired", "revoked")
    used, expired, revoked = (
        gateway.create_one_use_link(channel.chat_id, name, expires_at=soon()) for name in names
    )

    assert bob.joins(used) == "joined"
    for _ in range(2):
        gateway.revoke_link(channel.chat_id, revoked)
    sandbox.advance(301)

    for link in (used, expired, revoked):
        with pytest.raises(Refused):
            eve.joins(link)
    assert channel.members == [bob.id]


def test_a_link_that_came_too_late_is_revoked(
    messenger: TelegramMessenger,
    channel: ChannelHandle,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = messenger.channels
    gateway.own_rights(channel.chat_id)
    sandbox.delay_next("messages.exportChatInvite", 1)
    monkeypatch.setattr("workers.telegram.channels.CALL", 0.2)

    with pytest.raises(OutcomeUnknown):
        gateway.create_one_use_link(channel.chat_id, "grant", expires_at=soon())

    calls = "messages.editExportedChatInvite"
    wait_until(lambda: sandbox.counts["calls"].get(calls), 60, "the link was not revoked")
    wait_until(lambda: channel.links == [], 60, "the link still lives")


def test_a_removed_member_is_out_once_and_may_come_back(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person
) -> None:
    link = channel.creates_link()
    bob.joins(link)

    for _ in range(2):
        gateway.remove_member(channel.chat_id, bob.id)

    assert (channel.members, channel.banned) == ([], [])
    assert [change["after"] for change in channel.history[1:]] == ["participant", "banned", "left"]
    assert bob.joins(link) == "joined"


def test_a_removal_that_was_cut_off_after_the_ban_is_finished(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person, ann: Person, sandbox: Sandbox
) -> None:
    channel.adds(bob)
    sandbox.flood_wait(40, share=0.5, method="channels.editBanned")

    with pytest.raises(RetryAfter) as caught:
        gateway.remove_member(channel.chat_id, bob.id)
    assert (caught.value.seconds, channel.banned) == (40, [bob.id])
    sandbox.clear_faults()
    gateway.remove_member(channel.chat_id, bob.id)

    assert (channel.members, channel.banned) == ([], [])


def test_the_sellers_own_ban_stays_until_it_is_lifted_on_purpose(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person
) -> None:
    channel.adds(bob)
    channel.puts_out(bob)

    gateway.remove_member(channel.chat_id, bob.id)
    assert channel.banned == [bob.id]
    assert gateway.member_status(channel.chat_id, bob.id).status == "banned"
    for _ in range(2):
        gateway.lift_ban(channel.chat_id, bob.id)

    assert channel.banned == []


def test_lifting_a_ban_leaves_a_member_inside(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person
) -> None:
    channel.adds(bob)

    gateway.lift_ban(channel.chat_id, bob.id)

    assert channel.members == [bob.id]


def test_admins_are_not_removed_and_deleted_accounts_are(
    gateway: ChannelGateway, channel: ChannelHandle, ann: Person, bob: Person
) -> None:
    channel.adds(bob)
    bob.deletes_account()
    assert gateway.member_status(channel.chat_id, bob.id) == ChannelMember("member", deleted=True)

    gateway.remove_member(channel.chat_id, bob.id)
    with pytest.raises(Permanent, match="is an admin"):
        gateway.remove_member(channel.chat_id, ann.id)

    assert channel.members == []
    assert gateway.member_status(channel.chat_id, ann.id).status == "creator"


def test_missing_rights_are_named(
    gateway: ChannelGateway, channel: ChannelHandle, bot: BotHandle, bob: Person
) -> None:
    channel.adds(bob)
    assert gateway.own_rights(channel.chat_id) == {"invite_users", "ban_users"}

    channel.promote(bot, "invite_users")
    assert gateway.own_rights(channel.chat_id) == {"invite_users"}
    with pytest.raises(RightsMissing) as ban:
        gateway.remove_member(channel.chat_id, bob.id)
    channel.promote(bot, "ban_users")
    with pytest.raises(RightsMissing) as invite:
        gateway.create_join_request_link(channel.chat_id, "plan 1")

    assert (ban.value.rights, invite.value.rights) == (("ban_users",), ("invite_users",))
    assert channel.members == [bob.id]


@pytest.mark.parametrize("end", ["deleted", "put out", "unknown"])
def test_a_channel_that_is_gone_is_told_apart(
    gateway: ChannelGateway, channel: ChannelHandle, bot: BotHandle, bob: Person, end: str
) -> None:
    chat_id = channel.chat_id if end != "unknown" else -1001234567890
    if end == "deleted":
        channel.delete()
    elif end == "put out":
        channel.puts_out(bot)

    for call in (
        lambda: gateway.own_rights(chat_id),
        lambda: gateway.create_join_request_link(chat_id, "plan 1"),
        lambda: gateway.remove_member(chat_id, bob.id),
        lambda: gateway.approve(chat_id, bob.id),
    ):
        with pytest.raises(ChannelGone):
            call()


def test_in_a_supergroup_without_admin_rights_nothing_is_held(
    gateway: ChannelGateway, sandbox: Sandbox, ann: Person, bot: BotHandle, bob: Person
) -> None:
    group = sandbox.add_channel("Club", ann, bot, kind="supergroup")
    group.demote(bot)

    assert gateway.own_rights(group.chat_id) == frozenset()
    with pytest.raises(RightsMissing):
        gateway.member_status(group.chat_id, bob.id)


def test_a_refusal_about_the_person_keeps_its_name(
    gateway: ChannelGateway, channel: ChannelHandle, bob: Person, sandbox: Sandbox
) -> None:
    bob.requests_to_join(gateway.create_join_request_link(channel.chat_id, "plan 1"))
    sandbox.fail_next("messages.hideChatJoinRequest", 403, "USER_CHANNELS_TOO_MUCH")

    with pytest.raises(DoorShut, match="USER_CHANNELS_TOO_MUCH"):
        gateway.approve(channel.chat_id, bob.id)


def test_a_stars_subscription_is_stopped_and_allowed_again_each_once(
    gateway: ChannelGateway, cashier: Callable[..., str], ann: Person
) -> None:
    charge = ann.pays(cashier(MONTH)).charge_id
    assert charge is not None

    for _ in range(2):
        gateway.cancel_star_subscription(ann.id, charge)
    stopped = ann.subscriptions[0]["bot_canceled"]
    for _ in range(2):
        gateway.restore_star_subscription(ann.id, charge)

    assert (stopped, ann.subscriptions[0]["bot_canceled"]) == (True, False)
    with pytest.raises(Permanent, match="CHARGE_ID_INVALID"):
        gateway.cancel_star_subscription(ann.id, "unknown")


def test_the_stars_account_is_read_page_by_page_back_to_a_moment(
    gateway: ChannelGateway,
    cashier: Callable[..., str],
    ann: Person,
    sandbox: Sandbox,
    messenger: TelegramMessenger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.telegram.channel_calls.PAGE", 2)
    began = datetime.now(UTC) - timedelta(seconds=2)
    once = ann.pays(cashier(None)).charge_id
    monthly = ann.pays(cashier(MONTH)).charge_id
    assert once is not None
    assert monthly is not None
    sandbox.advance(MONTH + 1)
    messenger.refund_stars(ann.id, once)

    lines = list(gateway.star_transactions(began))
    recent = list(gateway.star_transactions(began + timedelta(days=29)))

    assert [(line.stars, line.subscription_period, line.refunded) for line in lines] == [
        (-50, None, True),
        (50, MONTH, False),
        (50, MONTH, False),
        (50, None, False),
    ]
    assert [line.id for line in lines[2:]] == [monthly, once]
    assert {(line.telegram_id, line.payload) for line in lines} == {(ann.id, "plan-1")}
    assert recent == lines[:2]


def test_removals_of_many_wait_in_a_line_of_their_own(
    telegram_settings: Callable[..., Settings],
    database: Database,
    redis_client: "redis.Redis",
    channel: ChannelHandle,
    sandbox: Sandbox,
) -> None:
    messenger = TelegramMessenger(telegram_settings(telegram_rate=1), database, redis_client)
    people = [sandbox.person(f"P{number}") for number in range(3)]
    channel.place_members(people)
    messenger.channels.own_rights(channel.chat_id)  # a login may take longer than the pace
    waits = []
    for person in people:
        try:
            messenger.channels.wait_turn(channel.chat_id, person.id)
            messenger.channels.remove_member(channel.chat_id, person.id)
        except RetryAfter as wait:
            waits.append(round(wait.seconds))
    messenger.send(Identity(uuid4(), "text"), channel.chat_id, Message("free"))
    messenger.close()

    assert channel.members == [person.id for person in people[1:]]
    assert waits == [1, 2]
