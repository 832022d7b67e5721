"""Telegram's protocol (MTProto) on a local socket: framing, sessions, calls, pushed updates.

https://core.telegram.org/mtproto/description for sessions, salts and message ids. The transport and the
encryption are the library's; sessions are ours, because the library's server session repeats one packet
for ever.
"""

import asyncio
import contextlib
import json
import random
import traceback
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from time import time
from typing import Any

from mtproto import ConnectionRole
from mtproto.transport import Connection
from mtproto.transport.packets import DecryptedMessagePacket, ErrorPacket, UnencryptedMessagePacket
from pyrogram.raw.core import MsgContainer, TLObject
from pyrogram.raw.core.primitives import Long

from scripts.sandbox.telegram.handshake import Handshake, key_id
from scripts.sandbox.telegram.sessions import Subscription
from scripts.sandbox.telegram.tl import Answer, F, Refused, T, pack_result, read_query

REPLY = 1
PUSH = 3
"""The low two bits of a server's message id: an answer, or the server's own word."""

WRAPPERS = (F.InvokeWithLayer, F.InitConnection, F.InvokeWithoutUpdates, F.InvokeAfterMsg)


class AnswerLost(Exception):
    """The call took effect, and its answer has to be lost with the connection."""


Dispatch = Callable[["Link", TLObject[Any]], Awaitable[Answer]]


class Link:
    """One TCP connection; `login` is the bot token that its key has signed in with."""

    def __init__(self, wire: "Wire", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.wire = wire
        self.reader, self.writer = reader, writer
        self.io: Connection[Any] = Connection(ConnectionRole.SERVER)
        self.handshake = Handshake()
        self.key = b""
        self.key_id = 0
        self.session_id = 0
        self._announced = 0
        self._sequence = 0
        self._last_id = 0

    @property
    def login(self) -> str | None:
        return self.wire.logins.get(self.key_id)

    async def run(self) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await self.reader.read(65536):
                self.io.data_received(chunk)
                while (packet := self.io.next_event()) is not None:
                    self._receive(packet)
        self.writer.close()

    def _receive(self, packet: Any) -> None:
        if isinstance(packet, UnencryptedMessagePacket):
            answer = self.handshake.answer(TLObject.read(BytesIO(packet.message_data)))
            if self.handshake.key is not None:
                self.wire.remember_key(self.handshake.key)
            self._write(UnencryptedMessagePacket(self._message_id(REPLY), answer.write()))
            return
        key = self.wire.keys.get(packet.auth_key_id)
        if key is None:
            # https://core.telegram.org/mtproto/mtproto-transports#transport-errors
            self._write(ErrorPacket(404))
            return
        self.key, self.key_id = key, packet.auth_key_id
        self._receive_encrypted(packet.decrypt(key, ConnectionRole.CLIENT))

    def _receive_encrypted(self, message: DecryptedMessagePacket) -> None:
        salt = self.wire.salt
        self.session_id = message.session_id
        ahead = message.message_id / 2**32 - time()
        if not -300 <= ahead <= 30:
            self._ignore(message, T.BadMsgNotification, 17 if ahead > 0 else 16)
            return
        if self._announced != self.session_id:
            self._announced = self.session_id
            created = T.NewSessionCreated(
                first_msg_id=message.message_id, unique_id=random.getrandbits(60), server_salt=salt
            )
            self.send(created.write(), PUSH)
        if int.from_bytes(message.salt, "little", signed=True) != salt:
            self._ignore(message, T.BadServerSalt, 48, new_server_salt=salt)
            return
        body = read_query(message.data)
        parts = (
            [(inner.msg_id, inner.body) for inner in body.messages]
            if isinstance(body, MsgContainer)
            else [(message.message_id, body)]
        )
        for message_id, query in parts:
            self.wire.spawn(self._serve(message_id, query))

    def _ignore(self, message: DecryptedMessagePacket, word: Any, code: int, **more: int) -> None:
        refusal = word(bad_msg_id=message.message_id, bad_msg_seqno=message.seq_no, error_code=code, **more)
        self.send(refusal.write(), REPLY)

    async def _serve(self, message_id: int, query: Any) -> None:
        if isinstance(query, F.Ping | F.PingDelayDisconnect):
            self.send(T.Pong(msg_id=message_id, ping_id=query.ping_id).write(), REPLY)
            return
        if not query.QUALNAME.startswith("functions."):
            return  # acknowledgements and the like
        subscribes = True
        while isinstance(query, WRAPPERS):
            subscribes = subscribes and not isinstance(query, F.InvokeWithoutUpdates)
            query = query.query
        try:
            result: Answer = await self.wire.dispatch(self, query)
        except Refused as error:
            result = T.RpcError(error_code=error.code, error_message=error.reason)
        except AnswerLost:
            self.writer.close()
            return
        except Exception:  # noqa: BLE001 - a bug of the sandbox must reach the client and the log
            self.wire.bugs.append(traceback.format_exc())
            result = T.RpcError(error_code=400, error_message="INPUT_FETCH_FAIL")
        self.send(pack_result(message_id, result), REPLY)
        if isinstance(query, F.help.GetConfig):
            self.wire.resume(self)
        elif subscribes and isinstance(query, F.updates.GetState):
            self.wire.subscribe(self)

    def send(self, body: bytes, kind: int) -> None:
        """Encrypt and write one message to the client."""
        self._sequence += 1
        packet = DecryptedMessagePacket(
            bytes(Long(self.wire.salt)),
            self.session_id,
            self._message_id(kind),
            self._sequence * 2 - 1,
            body,
        )
        self._write(packet.encrypt(self.key, ConnectionRole.SERVER))

    def _write(self, packet: Any) -> None:
        if not self.writer.is_closing():
            self.writer.write(self.io.send(packet))

    def _message_id(self, kind: int) -> int:
        self._last_id = max(self._last_id + 4, int(time() * 2**32)) & ~3 | kind
        return self._last_id


class Wire:
    """Listens, keeps keys and sessions, hands calls to `dispatch` and updates to whoever wants them."""

    def __init__(self, state_path: Path | None = None) -> None:
        self.keys: dict[int, bytes] = {}
        self.logins: dict[int, str] = {}
        self.subscriptions: dict[int, Subscription] = {}
        self.salt = random.getrandbits(62)
        self.port = 0
        self.bugs: list[str] = []
        self.links: set[Link] = set()
        self.dispatch: Dispatch
        self._state_path = state_path
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        if state_path is not None and state_path.exists():
            self._load(json.loads(state_path.read_text()))

    async def start(self, port: int) -> None:
        """Listen on 127.0.0.1. Port 0 takes any free one; `port` tells which."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and close every connection; keys and sessions stay."""
        if self._server is not None:
            self._server.close()
        self.drop_connections()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def drop_connections(self, *, forget: bool = False) -> int:
        """Close every TCP connection, as a failing network would. Returns how many.

        `forget`: what comes until a session is back is not kept for it, as when Telegram made it anew.
        """
        links = list(self.links)
        for subscription in self.subscriptions.values():
            subscription.forgotten = forget
        for link in links:
            link.writer.close()
        return len(links)

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(self, reader, writer)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)
            subscription = self.subscriptions.get(link.session_id)
            if subscription is not None and subscription.link is link:
                subscription.link = None

    def listens(self, key_id: int) -> bool:
        """Whether whoever has this key receives updates."""
        return any(entry.key_id == key_id for entry in self.subscriptions.values())

    def subscribe(self, link: Link) -> None:
        """This session wants updates; dead sessions of the same key are forgotten with it."""
        if link.login is None:
            return
        for session_id, other in list(self.subscriptions.items()):
            if other.key_id == link.key_id and other.link is None and session_id != link.session_id:
                del self.subscriptions[session_id]
        subscription = self.subscriptions.setdefault(link.session_id, Subscription(link.login, link.key_id))
        subscription.link = link
        self._save()

    def resume(self, link: Link) -> None:
        """A session has come back on a new connection: send what it missed."""
        subscription = self.subscriptions.get(link.session_id)
        if subscription is None:
            return
        subscription.link, subscription.forgotten = link, False
        while subscription.backlog:
            link.send(subscription.backlog.popleft(), PUSH)

    def push(self, login: str, body: bytes, exclude: Link | None) -> None:
        """Send updates to every session of a bot, but not to the one whose answer already held them."""
        for subscription in self.subscriptions.values():
            if subscription.login != login or (exclude is not None and subscription.link is exclude):
                continue
            link = subscription.link
            if link is None or link.writer.is_closing():
                if not subscription.forgotten:
                    subscription.backlog.append(body)
            else:
                link.send(body, PUSH)

    def remember_key(self, key: bytes) -> None:
        self.keys[key_id(key)] = key
        self._save()

    def remember_login(self, link: Link, token: str | None) -> None:
        """The key of this connection is signed in as the bot of this token, or no longer."""
        if token is None:
            self.logins.pop(link.key_id, None)
        else:
            self.logins[link.key_id] = token
        self._save()

    def _load(self, state: dict[str, Any]) -> None:
        self.salt = state["salt"]
        self.keys = {int(name): bytes.fromhex(key) for name, key in state["keys"].items()}
        self.logins = {int(name): token for name, token in state["logins"].items()}
        for session_id, (login, owner) in state["sessions"].items():
            self.subscriptions[int(session_id)] = Subscription(login, owner)

    def _save(self) -> None:
        if self._state_path is None:
            return
        state = {
            "salt": self.salt,
            "keys": {name: key.hex() for name, key in self.keys.items()},
            "logins": self.logins,
            "sessions": {name: (s.login, s.key_id) for name, s in self.subscriptions.items()},
        }
        fresh = self._state_path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(state))
        fresh.replace(self._state_path)
