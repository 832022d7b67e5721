"""The client: sessions on disk, the sandbox guard, and which messages Telegram takes for one and the same."""

import asyncio
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pyrogram import filters
from pyrogram.types import InputMediaDocument

from core.kit.errors import SettingError
from core.telegram.client import Transport, answer_identity, message_identity, next_random_id, open_client
from scripts.sandbox.telegram.driver import BotHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import ClientLoop, Run, make_settings
from tests.support.waiting import wait_until

JOB = UUID("11111111-2222-3333-4444-555555555555")


def test_a_message_identity_gives_the_first_8_bytes_of_sha256() -> None:
    with message_identity(JOB, "link", 2):
        first, again = next_random_id(), next_random_id()
    digest = sha256(f"{JOB}\nlink\n2".encode()).digest()
    assert first == again == int.from_bytes(digest[:8], "big", signed=True)


def test_part_and_issue_make_other_ids_and_no_identity_a_fresh_one() -> None:
    def identified(part: str, issue: int) -> int:
        with message_identity(JOB, part, issue):
            return next_random_id()

    ids = {identified("link", 0), identified("link", 1), identified("receipt", 0)}
    ids |= {next_random_id(), next_random_id()}
    assert len(ids) == 5


def test_answers_to_an_update_that_comes_again_have_the_same_identity() -> None:
    def answers(update: str) -> list[int]:
        with answer_identity(update):
            return [next_random_id() for _ in range(3)]

    first = answers("7:5")
    assert answers("7:5") == first
    assert len({*first, *answers("7:6")}) == 6


def test_a_session_is_persisted_for_its_owner_only_and_saves_the_second_login(
    sandbox: Sandbox, bot: BotHandle, clients: ClientLoop, tmp_path: Path
) -> None:
    folder = tmp_path / "sessions"
    settings = make_settings(sandbox, folder)
    for _ in range(2):
        clients.stop(clients.start(settings))
    assert (folder / "bot.session").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sandbox.counts["calls"]["auth.importBotAuthorization"] == 1


def test_what_arrived_while_the_bot_was_away_is_handled_when_it_is_back(
    sandbox: Sandbox, bot: BotHandle, clients: ClientLoop, tmp_path: Path
) -> None:
    settings = make_settings(sandbox, tmp_path)
    ann = sandbox.person("Ann")
    client = clients.start(settings)
    ann.says("/start")
    clients.run(client.send_message, ann.id, "welcome")
    clients.stop(client)
    ann.says("anyone there?")

    def answering(client: Any) -> None:
        @client.on_message(filters.text & filters.incoming)
        async def hear(_: Any, message: Any) -> None:
            await client.send_message(message.chat.id, f"heard {message.text}")

    clients.start(settings, prepare=answering)
    ann.wait_for("heard anyone there?")


def test_what_came_while_the_connection_was_lost_is_asked_for_when_it_is_back(
    sandbox: Sandbox, bot: BotHandle, clients: ClientLoop, tmp_path: Path
) -> None:
    ann = sandbox.person("Ann")
    heard: list[str] = []

    def answering(client: Any) -> None:
        @client.on_message(filters.text & filters.incoming)
        async def hear(_: Any, message: Any) -> None:
            heard.append(message.text)

    client = clients.start(make_settings(sandbox, tmp_path), prepare=answering)
    ann.says("/start")
    wait_until(lambda: heard == ["/start"])
    sandbox.drop_connections(forget=True)
    ann.says("while it was lost")
    clients.run(client.send_message, ann.id, "back")
    ann.says("afterwards")  # which tells the library a newer place to ask from
    # What comes while the session comes back may come twice, by itself and as asked for: answers have names.
    wait_until(lambda: {*heard} == {"/start", "afterwards", "while it was lost"})


def test_a_sandbox_is_refused_in_production(sandbox: Sandbox) -> None:
    with pytest.raises(SettingError, match="TELEGRAM_SANDBOX is set while ENV is production"):
        open_client(make_settings(sandbox, env="production"), "bot", receive_updates=True)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:x:1:ff", "127.0.0.1:1:1:zz"])
def test_a_malformed_sandbox_address_is_named(sandbox: Sandbox, address: str) -> None:
    with pytest.raises(SettingError, match="TELEGRAM_SANDBOX is wrong"):
        open_client(make_settings(sandbox, telegram_sandbox=address), "bot", receive_updates=True)


def test_a_missing_token_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(SettingError, match="BOT_TOKEN"):
        open_client(make_settings(sandbox, bot_token=""), "bot", receive_updates=True)


def book() -> BytesIO:
    """A file to send."""
    pages = BytesIO(b"pages")
    pages.name = "book.pdf"
    return pages


def send_album(sandbox: Sandbox, run: Run, client: Any, person: Person) -> list[int]:
    """Send two files with captions as one album under the identity of a job; the ids of its messages."""

    async def send() -> Any:
        items = [InputMediaDocument(book(), caption=f"part {number}") for number in range(2)]
        with message_identity(JOB, "album"):
            return await client.send_media_group(person.id, items)

    return [message.id for message in run(send)]


def test_an_album_that_is_sent_again_is_the_same_album(
    sandbox: Sandbox, client: Any, ann: Person, run: Run
) -> None:
    first = send_album(sandbox, run, client, ann)
    assert send_album(sandbox, run, client, ann) == first
    assert len(set(first)) == 2
    assert sandbox.duplicates() == []


def test_answers_to_one_update_may_be_albums_and_messages(
    sandbox: Sandbox, client: Any, ann: Person, run: Run
) -> None:
    async def answer() -> None:
        with answer_identity("7:5"):
            await client.send_message(ann.id, "first")
            await client.send_media_group(ann.id, [InputMediaDocument(book()) for _ in range(2)])
            await client.send_message(ann.id, "last")

    for _ in range(2):  # Telegram brings the update once more
        run(answer)
    assert [message.text for message in ann.chat if message.outgoing].count("first") == 1
    assert [message.text for message in ann.chat if message.outgoing].count("last") == 1


def test_a_call_whose_connection_dies_is_repeated_at_once_and_shown_once(
    sandbox: Sandbox, client: Any, ann: Person, run: Run
) -> None:
    sandbox.drop_before_answer("messages.sendMessage")

    async def send() -> int:
        with message_identity(JOB, "link"):
            return int((await client.send_message(ann.id, "your link")).id)

    sent = run(send)
    assert [message.id for message in ann.chat if message.outgoing] == [sent]


def test_what_cannot_be_encrypted_is_told_to_whoever_sends() -> None:
    async def send() -> None:
        transport = Transport()
        loop = asyncio.get_running_loop()
        assert await loop.run_in_executor(transport.crypto_executor, len, "four") == 4
        with pytest.raises(ZeroDivisionError):
            await loop.run_in_executor(transport.crypto_executor, lambda: 1 / 0)

    asyncio.run(send())
