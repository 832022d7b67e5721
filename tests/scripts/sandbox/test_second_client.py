"""The sandbox as another project's client sees it: what it says must be Telegram's, not kurigram's."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import pytest
from telethon import Button, TelegramClient, errors, events, functions, types

from scripts.sandbox.telegram.driver import BotHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.second_client import second_client
from tests.support.telegram_clients import TOKEN

PATIENCE = 20  # seconds
Story = Callable[[TelegramClient], Awaitable[Any]]


@pytest.fixture
def bot(sandbox: Sandbox) -> BotHandle:
    return sandbox.add_bot(TOKEN, "shop_bot")


@pytest.fixture
def ann(sandbox: Sandbox, bot: BotHandle) -> Person:
    """Somebody who has pressed Start, so that the bot may write to them."""
    person = sandbox.person("Ann", language="fr", username="ann")
    person.says("/start")
    return person


def play(sandbox: Sandbox, story: Story) -> Any:
    """Tell a story with a client that is signed in."""

    async def tell() -> Any:
        async with asyncio.timeout(PATIENCE), second_client(sandbox) as client:
            return await story(client)

    return asyncio.run(tell())


async def peer_of(client: TelegramClient, person: Person) -> Any:
    return await client.get_input_entity(types.InputPeerUser(person.id, 7))


def test_it_signs_in_and_knows_itself(sandbox: Sandbox, bot: BotHandle) -> None:
    me = play(sandbox, lambda client: client.get_me())

    assert (me.id, me.bot, me.username) == (bot.id, True, "shop_bot")


def test_a_wrong_token_signs_nobody_in(sandbox: Sandbox) -> None:
    with pytest.raises(errors.AccessTokenInvalidError):
        play(sandbox, lambda client: client.get_me())


def test_messages_go_there_and_back_with_their_formatting(sandbox: Sandbox, ann: Person) -> None:
    async def story(client: TelegramClient) -> Any:
        come: asyncio.Queue[Any] = asyncio.Queue()
        client.add_event_handler(come.put, events.NewMessage(incoming=True))
        await asyncio.to_thread(ann.says, "bonjour")
        message = await come.get()
        await message.respond("<b>Hello</b> to https://example.org", parse_mode="html", reply_to=message.id)
        sender = await message.get_sender()
        return message.text, sender.id, sender.lang_code

    assert play(sandbox, story) == ("bonjour", ann.id, "fr")
    answer = ann.wait_for("Hello")
    assert [entity["type"] for entity in answer.entities] == ["bold", "url"]
    assert answer.reply_to is not None


def test_buttons_are_pressed_and_answered(sandbox: Sandbox, ann: Person) -> None:
    async def story(client: TelegramClient) -> Any:
        come: asyncio.Queue[Any] = asyncio.Queue()
        client.add_event_handler(come.put, events.CallbackQuery())
        buttons = [[Button.inline("Buy", b"buy:1"), Button.url("Site", "https://example.org/")]]
        await client.send_message(await peer_of(client, ann), "Yours", buttons=buttons)
        pressing = asyncio.create_task(asyncio.to_thread(ann.presses, ann.wait_for("Yours"), "Buy"))
        query = await come.get()
        await query.answer("got " + query.data.decode(), alert=True)
        return await pressing

    pressed = play(sandbox, story)
    assert (pressed.kind, pressed.text, pressed.alert) == ("callback", "got buy:1", True)
    assert [(b.kind, b.value) for b in ann.chat[-1].buttons] == [
        ("callback", "buy:1"),
        ("url", "https://example.org/"),
    ]


def test_a_message_is_read_again_edited_and_deleted(sandbox: Sandbox, ann: Person) -> None:
    async def story(client: TelegramClient) -> Any:
        peer = await peer_of(client, ann)
        message = await client.send_message(peer, "one")
        await client.edit_message(message, "two")
        with pytest.raises(errors.MessageNotModifiedError):
            await client.edit_message(message, "two")
        read = await client.get_messages(peer, ids=[message.id, message.id + 999])
        await client.delete_messages(peer, [message.id])
        after = await client.get_messages(peer, ids=message.id)
        return [found and found.text for found in (*read, after)]

    assert play(sandbox, story) == ["two", None, None]
    assert (ann.chat[-1].text, ann.chat[-1].edits, ann.chat[-1].deleted) == ("two", 1, True)


@pytest.mark.parametrize("size", [700_000, 11_000_000], ids=["small", "big"])
def test_a_file_is_sent_in_their_parts_and_comes_back_whole(sandbox: Sandbox, ann: Person, size: int) -> None:
    body = bytes(range(251)) * (size // 251 + 1)

    async def story(client: TelegramClient) -> Any:
        file = BytesIO(body[:size])
        file.name = "course.zip"
        sent = await client.send_file(await peer_of(client, ann), file, caption="Yours", force_document=True)
        return await client.download_media(sent, bytes)

    assert play(sandbox, story) == body[:size]
    message = ann.wait_for("Yours")
    assert message.file is not None
    assert (message.file["name"], message.file["size"]) == ("course.zip", size)


def test_an_album_comes_as_one(sandbox: Sandbox, ann: Person) -> None:
    async def story(client: TelegramClient) -> Any:
        files = [BytesIO(b"one"), BytesIO(b"two")]
        return await client.send_file(await peer_of(client, ann), files, force_document=True)

    assert len(play(sandbox, story)) == 2
    first, second = ann.chat[-2:]
    assert first.album == second.album is not None


def test_a_random_id_that_comes_again_makes_no_second_message(sandbox: Sandbox, ann: Person) -> None:
    async def story(client: TelegramClient) -> Any:
        peer = await peer_of(client, ann)
        once = functions.messages.SendMessageRequest(peer=peer, message="once", random_id=777)
        return [(await client(once)).updates[0].id for _ in range(2)]

    first, again = play(sandbox, story)
    assert first == again
    assert [message.text for message in ann.chat].count("once") == 1


def test_who_blocked_the_bot_and_who_never_met_it_are_not_written_to(sandbox: Sandbox, ann: Person) -> None:
    stranger = sandbox.person("Zoe")

    async def story(client: TelegramClient) -> None:
        with pytest.raises(errors.UserIsBlockedError):
            await client.send_message(await peer_of(client, ann), "hello")
        with pytest.raises(errors.PeerIdInvalidError):
            await client.send_message(await peer_of(client, stranger), "hello")

    ann.blocks_bot()
    play(sandbox, story)


def test_what_came_while_it_was_away_is_told_afterwards(sandbox: Sandbox, ann: Person) -> None:
    async def story(client: TelegramClient) -> Any:
        before = await client(functions.updates.GetStateRequest())
        await asyncio.to_thread(ann.says, "are you there?")
        ask = functions.updates.GetDifferenceRequest(pts=before.pts, date=before.date, qts=before.qts)
        missed = await client(ask)
        return [message.message for message in missed.new_messages]

    assert play(sandbox, story) == ["are you there?"]
