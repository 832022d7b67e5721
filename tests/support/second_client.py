"""A Telegram client that is not ours (Telethon), logged in to a sandbox.

The sandbox reads and writes with kurigram's own types, so a fault of theirs would be on both sides of the
wire and in no test; this one has a schema, a handshake and a session of its own.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import rsa
from telethon import TelegramClient
from telethon.crypto import rsa as server_keys
from telethon.sessions import MemorySession

from scripts.sandbox.telegram.driver import Driver
from scripts.sandbox.telegram.handshake import FINGERPRINT, MODULUS
from tests.support.telegram_clients import TOKEN

DATA_CENTER = 2
EXPONENT = 65537


@asynccontextmanager
async def second_client(sandbox: Driver) -> AsyncIterator[TelegramClient]:
    """A bot that has signed in. Its own log tells of one handshake in 256 that it makes anew: a key that
    begins with a zero byte is shorter for it than for everybody else.
    """
    host, port, *_ = sandbox.address.split(":")
    server_keys._server_keys[FINGERPRINT] = (rsa.PublicKey(MODULUS, EXPONENT), False)
    session = MemorySession()
    session.set_dc(DATA_CENTER, host, int(port))
    client = TelegramClient(session, 1, "test", flood_sleep_threshold=0, loop=asyncio.get_running_loop())
    await client.start(bot_token=TOKEN)
    try:
        yield client
    finally:
        await client.disconnect()
