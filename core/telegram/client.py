"""The one place that builds a Telegram client: sessions on disk, the sandbox, and stable message ids.

A client belongs to the event loop it is started on; every call has to run there.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import pyrogram.client
import structlog
from pyrogram import Client
from pyrogram.connection import Connection
from pyrogram.connection.transport import TCPAbridged
from pyrogram.crypto import rsa
from pyrogram.errors import RPCError
from pyrogram.raw.types import BadMsgNotification
from pyrogram.session import Session
from pyrogram.session.internals import MsgId

from core.kit.errors import SettingError
from core.process.settings import Settings
from core.telegram.client_errors import mend_errors
from core.telegram.session_storage import PrivateStorage

T = TypeVar("T")
log = structlog.get_logger(__name__)

FLOOD_SLEEP_SECONDS = 1
"""A flood wait up to this long is slept over by the client, a longer one is raised as `FloodWait`."""
MESSAGES_KEPT = 100
"""Of the last messages, so that a button pressed on one of them needs no question to Telegram."""
SECOND = 2**32
"""A message id counts seconds since 1970 in its upper half."""
TOO_LOW, TOO_HIGH = 16, 17
"""Why Telegram ignored a message: its id is more than 300 s behind Telegram's clock, or 30 s ahead of it
(https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message)."""
TOLERATED = 15 * SECOND
"""An id no further ahead than this was certainly not refused for it."""


@dataclass(frozen=True)
class _Identity:
    key: str
    items: Iterator[int] | None = None


_identity: ContextVar[_Identity | None] = ContextVar("message_identity", default=None)


@contextmanager
def _identified(identity: _Identity | None) -> Iterator[None]:
    token = _identity.set(identity)
    try:
        yield
    finally:
        _identity.reset(token)


@contextmanager
def message_identity(job_id: UUID | str, part: int | str, issue: int = 0) -> Iterator[None]:
    """Give the one message (or album) sent inside the block a `random_id` that every retry repeats.

    Telegram drops a second message with the same id to the same peer, from whatever session of the
    account (https://core.telegram.org/method/messages.sendMessage). `part` tells apart the messages of
    one job; an operator's deliberate re-send is a new `issue`.
    """
    with _identified(_Identity(f"{job_id}\n{part}\n{issue}")):
        yield


@contextmanager
def answer_identity(update: str) -> Iterator[None]:
    """Number the messages sent inside the block, in their order, as answers to one update, by its name.

    After a crash Telegram brings an update again; what it was answered then is dropped as seen.
    """
    with _identified(_Identity(f"answer\n{update}", count())):
        yield


def derive_random_id(key: str) -> int:
    """The first 8 bytes of SHA-256 as a signed 64-bit number."""
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big", signed=True)


def next_random_id() -> int:
    """The `random_id` that the message identity in force asks for; without one, a fresh one."""
    identity = _identity.get()
    if identity is None:
        return int(MsgId())
    if identity.items is None:
        return derive_random_id(identity.key)
    return derive_random_id(f"{identity.key}\n{next(identity.items)}")


async def _note_what_is_missed(client: "TelegramClient", session: Session) -> None:
    if session is client.session and isinstance(client.storage, PrivateStorage):
        await client.storage.miss_from_here()
    await _release_waiting(session)


async def _ask_what_was_missed(client: "TelegramClient", session: Session) -> None:
    # Telegram sends what it kept for a session that comes back, but it forgets sessions, and the library asks
    # only when nothing at all has come for 15 minutes
    # (https://core.telegram.org/api/updates#recovering-gaps). At a start the library asks by itself.
    if session is client.session and client.is_initialized and not client.skip_updates:
        client.asking = client.loop.create_task(_recover(client))


async def _recover(client: Client) -> None:
    try:
        await client.recover_gaps()
    except (RPCError, OSError) as error:  # at the next connection, or after 15 silent minutes
        log.warning("missed_not_asked_for", error=type(error).__name__)


async def _release_waiting(session: Session) -> None:
    # Left alone, a call whose connection died waits 15 s for an answer that cannot come before the
    # library repeats it (Session.WAIT_TIMEOUT); woken, it is repeated as soon as there is a connection.
    for waiter in session.results.values():
        waiter.event.set()


class TimedSession(Session):
    """A session that learns the time from Telegram.

    The stock one learns it from few messages, and never takes an id back: once its clock was ahead, it holds
    all that comes for too old, and what it sends is refused, until that time is really there.
    """

    async def handle_packet(self, packet: bytes) -> None:
        await super().handle_packet(packet)  # type: ignore[no-untyped-call]
        # Telegram wrote this before now, so its clock cannot be behind it; only the packets that came
        # through the checks of their origin are here.
        if self.stored_msg_ids and self.stored_msg_ids[-1] / SECOND > self.client.server_time:
            self.client._set_server_time(self.stored_msg_ids[-1])

    async def send(self, data: Any, wait_response: bool = True, timeout: float = Session.WAIT_TIMEOUT) -> Any:
        """Raises `ConnectionError`, after which the library repeats the call, for a refused message id."""
        answer = await super().send(data, wait_response, timeout)
        if not isinstance(answer, BadMsgNotification) or answer.error_code not in (TOO_LOW, TOO_HIGH):
            return answer
        if answer.error_code == TOO_HIGH and self.stored_msg_ids:
            newest = self.stored_msg_ids[-1]
            if self.msg_factory._last_msg_id > newest + TOLERATED:
                # Telegram ignored what had these ids, so lower ones may follow in the same session.
                self.client._set_server_time(newest)
                self.msg_factory._last_msg_id = newest & ~0b11
        raise ConnectionError(f"Telegram refused a message id ({answer.error_code})")


pyrogram.client.Session = TimedSession  # type: ignore[misc]  # the client asks nobody which to take


class TelegramClient(Client):
    """A stock client whose message ids follow `message_identity`, which repeats lost calls at once, asks for
    what it missed whenever its connection comes back, and is not stopped by a wrong clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rnd_id = next_random_id  # type: ignore[assignment]
        self.connect_handler = _ask_what_was_missed
        self.disconnect_handler = _note_what_is_missed
        self.asking: asyncio.Task[None] | None = None  # the loop keeps no task alive
        self._server_time_offset = time.time() - time.monotonic()

    @property
    def server_time(self) -> float:
        """Unix time at Telegram, in seconds, by a clock that does not jump when the machine's is set."""
        return time.monotonic() + self._server_time_offset

    def _set_server_time(self, msg_id: int) -> None:
        self._server_time_offset = msg_id / SECOND - time.monotonic()

    async def save_file(self, *args: Any, **kwargs: Any) -> Any:
        # The client draws upload ids from the same source; two uploads of one message (file and
        # thumbnail) must not share an id.
        with _identified(None):
            return await super().save_file(*args, **kwargs)

    async def send_media_group(self, *args: Any, **kwargs: Any) -> Any:
        # Every item of an album is a message with an id of its own.
        identity = _identity.get()
        if identity is not None and identity.items is None:
            identity = replace(identity, items=count())
        with _identified(identity):
            return await super().send_media_group(*args, **kwargs)


class _AtOnce(Executor):
    """Runs what it is given where it is given."""

    def submit(self, function: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever waits for the future gets it
            future.set_exception(error)
        return future


class Transport(TCPAbridged):
    """The stock transport, without a thread to encrypt on.

    A message is encrypted in microseconds; handing it to a thread and back, beside busy others, costs more
    than a tenth of a millisecond each time, and sending has two of these.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.crypto_executor = _AtOnce()  # type: ignore[assignment]  # loop.run_in_executor takes any


def check_client(settings: Settings) -> None:
    """Raise `SettingError` for what would keep any client from being opened; connects to nothing."""
    settings.require("bot_token", "telegram_api_id", "telegram_api_hash")
    if settings.telegram_test and settings.env == "production":
        raise SettingError(
            "TELEGRAM_TEST is set while ENV is production. Nobody pays or reads on Telegram's test servers. "
            "Unset it, or set ENV to test."
        )
    if settings.telegram_sandbox:
        _sandbox_connection(settings)
    settings.make_folders("session_dir")


def open_client(settings: Settings, session_name: str, *, receive_updates: bool) -> TelegramClient:
    """A client that is not started yet.

    One session name is used by one process at a time: Telegram revokes a key that it sees twice. Raises
    `SettingError` as `check_client` does.
    """
    check_client(settings)
    options: dict[str, Any] = {"test_mode": settings.telegram_test}
    if settings.telegram_sandbox:
        options["connection_factory"] = _sandbox_connection(settings)
    if settings.session_dir is None:
        options["in_memory"] = True
    else:
        options["storage_engine"] = PrivateStorage(session_name, workdir=settings.session_dir)
        # What arrived while we were away is fetched, payments among it.
        options["skip_updates"] = not receive_updates
    return TelegramClient(
        session_name,
        api_id=settings.telegram_api_id,
        api_hash=settings.telegram_api_hash,
        bot_token=settings.bot_token,
        no_updates=not receive_updates,
        # Every message that a worker sends comes by the bot too; the default keeps a thousand, 15 MiB.
        max_message_cache_size=MESSAGES_KEPT,
        sleep_threshold=FLOOD_SLEEP_SECONDS,
        protocol_factory=Transport,
        **options,
    )


def _sandbox_connection(settings: Settings) -> type[Connection]:
    if settings.env == "production":
        raise SettingError(
            "TELEGRAM_SANDBOX is set while ENV is production. It replaces Telegram's identity by a test "
            "server's, so the bot would trust anyone there. Unset it, or set ENV to sandbox."
        )
    try:
        host, port, fingerprint, modulus = settings.telegram_sandbox.split(":")
        rsa.server_public_keys[int(fingerprint)] = rsa.PublicKey(int(modulus, 16), 65537)
        address, number = host, int(port)
    except ValueError:
        raise SettingError(
            "TELEGRAM_SANDBOX is wrong: expected host:port:fingerprint:modulus, as the sandbox prints it "
            "when it starts."
        ) from None

    class LoopbackConnection(Connection):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**{**kwargs, "server_address": address, "port": number})

    return LoopbackConnection


mend_errors()
