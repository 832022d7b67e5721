"""Telegram's raw updates about channels, over real MTProto, in our words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyrogram import types
from pyrogram.handlers import PreCheckoutQueryHandler, RawUpdateHandler

from bot.channel_updates import Event, read
from core.memberships.events import JoinRequested, MemberChanged, RightsChanged, SubscriptionChanged
from core.telegram.client import TelegramClient
from scripts.sandbox.telegram.driver import BotHandle, ChannelHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import TOKEN, ClientLoop, make_settings
from tests.support.waiting import wait_until

MONTH = 2_592_000
BOTH = frozenset({"invite_users", "ban_users"})


class Ear:
    """A session of the bot, and the events that it received."""

    def __init__(self, sandbox: Sandbox, loop: ClientLoop, sessions: Path | None = None) -> None:
        self.events: list[Event] = []
        self.loop = loop
        self.client: Any = loop.start(make_settings(sandbox, sessions), prepare=self._prepare)

    def _prepare(self, client: TelegramClient) -> None:
        client.add_handler(RawUpdateHandler(self._hear), 1)
        client.add_handler(PreCheckoutQueryHandler(self._agree))

    async def _hear(self, client: Any, update: Any, users: Any, chats: Any) -> None:
        event = read(update, users, chats, client.me.id, datetime.now(UTC))
        if event is not None:
            self.events.append(event)

    async def _agree(self, _: Any, query: Any) -> None:
        await query.answer(True)

    def take(self, count: int) -> list[Event]:
        """The next events, once so many have come."""
        wait_until(lambda: len(self.events) >= count)
        taken = list(self.events)
        self.events.clear()
        assert len(taken) == count
        return taken

    def link(self, channel: ChannelHandle, **properties: Any) -> str:
        invite = self.loop.run(self.client.create_chat_invite_link, channel.chat_id, **properties)
        return str(invite.invite_link)


@pytest.fixture
def bot(sandbox: Sandbox) -> BotHandle:
    return sandbox.add_bot(TOKEN, "shop_bot")


@pytest.fixture
def ear(sandbox: Sandbox, bot: BotHandle) -> Iterator[Ear]:
    loop = ClientLoop()
    yield Ear(sandbox, loop)
    loop.close()


@pytest.fixture
def ann(sandbox: Sandbox) -> Person:
    return sandbox.person("Ann", language="fr", username="ann")


@pytest.mark.parametrize("kind", ["channel", "supergroup"])
def test_the_bots_own_place_is_told_with_its_rights(
    sandbox: Sandbox, ear: Ear, bot: BotHandle, ann: Person, kind: str
) -> None:
    room = sandbox.add_channel("VIP", ann, kind=kind)

    ann.adds_bot_as_admin(room, bot)
    ann.adds_bot_as_admin(room, bot, "invite_users", "post_messages")
    room.demote(bot)

    events = ear.take(3)
    added = events[0]
    assert isinstance(added, RightsChanged)
    assert (added.channel, added.title, added.kind) == (room.chat_id, "VIP", kind)
    assert (added.by.telegram_id, added.by.name, added.by.username) == (ann.id, "Ann", "ann")
    assert abs(added.at - datetime.now(UTC)) < timedelta(minutes=1)
    changes = [(event.inside, event.rights) for event in events if isinstance(event, RightsChanged)]
    assert changes == [
        (True, BOTH),
        (True, frozenset({"invite_users"})),
        (kind == "supergroup", frozenset()),
    ]


def test_being_put_out_and_a_deleted_channel_are_told(
    sandbox: Sandbox, ear: Ear, bot: BotHandle, ann: Person
) -> None:
    rooms = [sandbox.add_channel(title, ann, bot) for title in ("one", "two")]
    ear.take(2)

    rooms[0].puts_out(bot)
    rooms[1].delete()

    ends = ear.take(2)
    assert [(e.channel, e.title, e.inside) for e in ends if isinstance(e, RightsChanged)] == [
        (rooms[0].chat_id, "one", False),
        (rooms[1].chat_id, "two", False),
    ]


def test_a_request_to_join_names_person_and_link(
    sandbox: Sandbox, ear: Ear, bot: BotHandle, ann: Person
) -> None:
    room, bob = sandbox.add_channel("VIP", ann, bot), sandbox.person("Bob", language="en")
    ear.take(1)
    link = ear.link(room, creates_join_request=True)

    bob.requests_to_join(link)

    (request,) = ear.take(1)
    assert isinstance(request, JoinRequested)
    assert (request.channel, request.link) == (room.chat_id, link)
    assert (request.visitor.telegram_id, request.visitor.name, request.visitor.language_code) == (
        bob.id,
        "Bob",
        "en",
    )


def test_joining_leaving_and_removal_are_told_with_their_link(
    sandbox: Sandbox, ear: Ear, bot: BotHandle, ann: Person
) -> None:
    room, bob = sandbox.add_channel("VIP", ann, bot), sandbox.person("Bob")
    ear.take(1)
    link = ear.link(room, name="m1")

    bob.joins(link)
    bob.leaves(room)
    bob.joins(link)
    ear.loop.run(ear.client.ban_chat_member, room.chat_id, bob.id)
    ear.loop.run(ear.client.unban_chat_member, room.chat_id, bob.id)

    events = ear.take(5)
    assert [(e.before, e.after, e.link, e.by_bot) for e in events if isinstance(e, MemberChanged)] == [
        ("left", "member", link, False),
        ("member", "left", None, False),
        ("left", "member", link, False),
        ("member", "banned", None, True),
        ("banned", "left", None, True),
    ]


def test_a_link_of_another_admin_is_cut_and_the_join_still_told(
    sandbox: Sandbox, ear: Ear, bot: BotHandle, ann: Person
) -> None:
    room, bob = sandbox.add_channel("VIP", ann, bot), sandbox.person("Bob")
    ear.take(1)
    link = room.creates_link()

    bob.joins(link)

    (joined,) = ear.take(1)
    assert isinstance(joined, MemberChanged)
    assert joined.link is not None
    assert joined.link != link
    assert link.startswith(joined.link.removesuffix("..."))


def test_stars_subscriptions_are_told_as_they_change(sandbox: Sandbox, ear: Ear, ann: Person) -> None:
    price = [types.LabeledPrice("total", 50)]
    export = ear.client.create_invoice_link
    link = ear.loop.run(export, "Club", "A", "order:7", "XTR", price, subscription_period=MONTH)
    charge = ann.pays(link).charge_id
    assert charge is not None

    ann.cancels_subscription(charge)
    ann.resumes_subscription(charge)
    ann.runs_out_of_stars()
    sandbox.advance(MONTH + 1)

    events = [event for event in ear.take(3) if isinstance(event, SubscriptionChanged)]
    assert [event.state for event in events] == ["canceled", "restored", "failed"]
    assert {(event.telegram_id, event.payload) for event in events} == {(ann.id, "order:7")}


def test_what_happened_while_the_bot_was_away_is_told_when_it_is_back(
    sandbox: Sandbox, bot: BotHandle, ann: Person, tmp_path: Path
) -> None:
    loop, bob = ClientLoop(), sandbox.person("Bob")
    first = Ear(sandbox, loop, tmp_path)
    room = sandbox.add_channel("VIP", ann, bot)
    first.take(1)
    link = first.link(room, creates_join_request=True)
    loop.stop(first.client)

    bob.requests_to_join(link)
    room.adds(sandbox.person("Eve"))
    room.demote(bot)

    # It may be told of things that it knew, too: the client asks with the pts of its last message.
    second = Ear(sandbox, loop, tmp_path)
    wait_until(lambda: any(isinstance(e, RightsChanged) and not e.inside for e in second.events))
    loop.close()
    missed = [
        (type(event), event.channel)
        for event in second.events[-3:]
        if not isinstance(event, SubscriptionChanged)
    ]
    assert missed == [(kind, room.chat_id) for kind in (JoinRequested, MemberChanged, RightsChanged)]
