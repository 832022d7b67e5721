"""Asks Telegram whose token it is, and who somebody is that writes a code to that bot."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pyrogram import Client, errors
from pyrogram.handlers import MessageHandler

from core.kit.errors import ComptoirError
from core.process.settings import Settings
from core.telegram.client import TelegramClient, open_client
from core.telegram.deep_links import start_link

LOGIN = 20.0  # seconds


class TokenRefused(ComptoirError):
    """Telegram answered, and does not take these."""


class TelegramAway(ComptoirError):
    """Telegram did not answer."""


@dataclass(frozen=True)
class Introduction:
    """The bot's @name, and who wrote the code to it, if anybody did in time."""

    username: str
    admin_id: int = 0
    admin_name: str = ""


def introduce(
    settings: Settings, *, code: str = "", wait: float = 0.0, announce: Callable[[str], None] = print
) -> Introduction:
    """Log in with the token; with a `code`, announce a link with it and wait for who opens it, in seconds.

    Raises `TokenRefused` or `TelegramAway`, each with what to do.
    """
    return asyncio.run(_introduce(settings, code, wait, announce))


async def _introduce(
    settings: Settings, code: str, wait: float, announce: Callable[[str], None]
) -> Introduction:
    # A session of its own, in memory: nothing of it is left behind.
    client = open_client(replace(settings, session_dir=None), "setup", receive_updates=bool(code))
    try:
        async with asyncio.timeout(LOGIN):
            await client.start()
    except errors.FloodWait as error:
        raise TelegramAway(f"Telegram asks for a pause of {error.value} s. Wait, then try again.") from None
    except errors.RPCError as error:
        raise TokenRefused(
            f"Telegram refuses the log-in ({error.ID}). Look at BOT_TOKEN (BotFather, /token), "
            "TELEGRAM_API_ID and TELEGRAM_API_HASH (my.telegram.org)."
        ) from None
    except (OSError, TimeoutError) as error:
        raise TelegramAway(
            f"Telegram does not answer ({type(error).__name__}). Open the way to it (port 443), or leave the "
            "token unchecked for now with --no-check."
        ) from None
    try:
        username = (client.me and client.me.username) or ""
        if not code:
            return Introduction(username)
        announce(start_link(username, code))
        return await _first_who_says(client, username, code, wait)
    finally:
        await client.stop()
        client.executor.shutdown(wait=False)


async def _first_who_says(client: TelegramClient, username: str, code: str, wait: float) -> Introduction:
    person: asyncio.Future[Introduction] = asyncio.get_running_loop().create_future()

    async def read(_: Client, message: Any) -> None:
        if message.text == f"/start {code}" and message.from_user and not person.done():
            name = f"{message.from_user.first_name or ''} {message.from_user.last_name or ''}".strip()
            person.set_result(Introduction(username, message.from_user.id, name))

    client.add_handler(MessageHandler(read))
    try:
        return await asyncio.wait_for(person, wait)
    except TimeoutError:
        return Introduction(username)
