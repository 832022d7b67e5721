"""Private parts of kurigram that `core.telegram` leans on (docs/private-seams.md)."""

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pyrogram.client
import pyrogram.session
from pyrogram import Client, raw
from pyrogram.connection import Connection
from pyrogram.connection.transport import TCPAbridged
from pyrogram.session import Session
from pyrogram.storage import SQLiteStorage

from core.process.settings import Settings
from core.telegram.client import SECOND, TelegramClient, TimedSession, Transport, open_client

THEN = 1_900_000_000  # Unix seconds at Telegram


def session_of(client: TelegramClient) -> TimedSession:
    """A session of the client that is not started."""
    return TimedSession(client, 2, "127.0.0.1", 443, bytes(256), False)


def a_client() -> TelegramClient:
    """A client that is not started; to be made inside a loop, or it makes one of its own."""
    client = TelegramClient("seam", api_id=1, api_hash="hash", in_memory=True)
    client.executor.shutdown(wait=False)
    return client


def names_in(function: Any) -> set[str]:
    """The names of globals and attributes that a function of the library uses."""
    return set(inspect.unwrap(function).__code__.co_names)


def test_the_client_makes_its_sessions_of_the_class_that_its_module_names() -> None:
    assert "Session" in names_in(Client.get_session)
    assert inspect.unwrap(Client.get_session).__globals__ is vars(pyrogram.client)
    assert pyrogram.client.Session is TimedSession
    assert pyrogram.session.Session is Session


def test_a_session_numbers_its_messages_by_the_clock_of_its_client() -> None:
    async def number() -> tuple[int, int]:
        client = a_client()
        session = session_of(client)
        client._set_server_time(THEN * SECOND)
        message_id = await session.msg_factory.allocate_message_identity()
        return message_id // SECOND, session.msg_factory._last_msg_id // SECOND

    assert asyncio.run(number()) == (THEN, THEN)


def test_a_session_keeps_the_ids_it_received_and_the_calls_that_wait() -> None:
    async def look() -> tuple[Any, Any]:
        session = session_of(a_client())
        return session.stored_msg_ids, session.results

    assert asyncio.run(look()) == ([], {})
    assert {"stored_msg_ids", "results"} <= names_in(Session.handle_packet)
    assert {"disconnect_handler"} <= names_in(Session._stop)
    assert list(inspect.signature(Session.send).parameters) == ["self", "data", "wait_response", "timeout"]


def test_a_call_that_lost_its_connection_is_repeated_by_the_library() -> None:
    """So `TimedSession.send` raises `ConnectionError` for an id that Telegram refused."""
    assert issubclass(ConnectionError, OSError)
    assert {"OSError", "send"} <= names_in(Session.invoke)
    assert {"error_code"} <= set(raw.types.BadMsgNotification.__slots__)


def test_messages_get_their_random_id_from_the_client() -> None:
    async def is_there() -> bool:
        return callable(a_client().rnd_id)

    assert asyncio.run(is_there())
    for method in (Client.send_message, Client.send_media_group, Client.save_file, Client.send_photo):
        assert "rnd_id" in names_in(method), method.__name__


def test_messages_are_encrypted_on_the_executor_of_their_transport() -> None:
    assert "crypto_executor" in names_in(Session.send)
    assert "crypto_executor" in names_in(Session.handle_packet)
    assert issubclass(Transport, TCPAbridged)

    async def stock_has_one() -> bool:
        return hasattr(TCPAbridged(ipv6=False, proxy=None), "crypto_executor")

    assert asyncio.run(stock_has_one())


def test_a_connection_takes_its_address_by_keywords() -> None:
    assert {"server_address", "port"} <= set(inspect.signature(Connection).parameters)
    assert {"connection_factory", "protocol_factory"} <= names_in(Session.start)


def test_a_session_file_is_one_sqlite_connection_with_update_states(tmp_path: Path) -> None:
    async def open_and_look() -> tuple[str, list[Any]]:
        storage = SQLiteStorage("seam", workdir=tmp_path)
        await storage.open()  # type: ignore[no-untyped-call]
        (count,) = storage.conn.execute("SELECT count(*) FROM update_state").fetchone()
        assert count == 0
        states = list(await storage.get_update_states())
        await storage.close()  # type: ignore[no-untyped-call]
        return str(storage.database), states

    assert asyncio.run(open_and_look()) == (str(tmp_path / "seam.session"), [])
    for method in ("create", "save", "set_update_state"):
        assert callable(getattr(SQLiteStorage, method))


def test_a_client_says_whether_it_is_started_and_has_an_executor(settings: Any) -> None:
    given: Settings = settings(bot_token="1:token", telegram_api_id=1, telegram_api_hash="hash")

    async def look() -> tuple[Any, Any, bool]:
        client = open_client(given, "seam", receive_updates=False)
        state = client.is_initialized, client.is_connected, hasattr(client.executor, "shutdown")
        client.executor.shutdown(wait=False)
        return bool(state[0]), bool(state[1]), state[2]

    assert asyncio.run(look()) == (False, False, True)
