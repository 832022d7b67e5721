"""HTTP/1.1 with bounds that uvicorn does not have: on heads, on waiting, on connections.

uvicorn keeps every header that comes, and waits for ever for the next one. Here a head has a size and a
deadline, a connection that says nothing is closed, and so is one whose client does not read.
"""

import asyncio
from functools import partial
from typing import Any, ClassVar

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.connections import Connections
from api.heads import is_refused
from api.requests import address_group
from api.shedding import WAITED
from api.sojourn import waited_in_socket
from core.kit.languages import unspoken
from core.kit.texts import plain

HEAD_LIMIT = 32_768  # bytes of request line and headers
HEADERS_LIMIT = 100
PIECE = 4096  # bytes that the parser gets at once: how exactly an endless line is measured
HEAD_WITHIN = 10.0  # seconds from the first byte, or from the connection, until a head is whole
READ_WITHIN = 30.0  # seconds until a client has read enough of its answer for the rest to be written
LINGER = 2.0  # seconds in which what still comes after a refusal is thrown away, so that the answer is read
LINGER_BYTES = 262_144
PIPELINED = 8  # requests that may wait behind one under way
CODES = {
    400: "head-malformed",
    408: "head-late",
    431: "head-too-large",
    503: "connections-full",
}


class HeadRefused(Exception):
    """Raised inside the parser, which passes it on as an error of its own."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `room`: where all of this process are counted."""

    room: ClassVar[Connections]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._refusal = 400
        self._in_head = False
        self._whole = True  # no request is half here
        self._moved = False  # whether the parser got on with the last piece
        self._head_bytes = 0
        self._unmoved_bytes = 0
        self._thrown_away = -1  # bytes; -1 while we listen
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        if not self.room.enter(self, address_group(self.client[0] if self.client else "")):
            self.room.note(CODES[503].replace("-", "_"), self.loop.time())
            self._thrown_away = 0
            transport.write(refusal(503))
            transport.close()
            return
        self._set_timer("head", HEAD_WITHIN, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone, or was sent away."""
        self.room.leave(self)
        for name in list(self._timers):
            self._end_timer(name)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def give_up(self) -> None:
        """Close at once: somebody else needs the place."""
        self.room.note("given_up", self.loop.time())
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Feed the parser piece by piece, for as long as it gets on."""
        if self._thrown_away >= 0:
            self._throw_away(len(data))
            return
        whole = memoryview(data)
        for start in range(0, len(whole), PIECE):
            piece = whole[start : start + PIECE]
            self._moved = False
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade:  # none is offered; what follows is not HTTP/1.1
                self._stop_listening()
            except httptools.HttpParserError:
                self._refuse(self._refusal)
            self._unmoved_bytes = 0 if self._moved else self._unmoved_bytes + len(piece)
            if self._unmoved_bytes > HEAD_LIMIT and self._thrown_away < 0:
                self._refuse(431 if self._in_head else 400)
            if self._thrown_away >= 0 or self.transport.is_closing():
                return

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        if len(self.pipeline) >= PIPELINED:
            raise HeadRefused
        self._unset_keepalive_if_required()
        super().on_message_begin()
        self._moved = self._in_head = True
        self._whole = False
        self._head_bytes = 0
        self._set_timer("head", HEAD_WITHIN, self._head_is_late)

    def on_url(self, url: bytes) -> None:
        """A part of the request line."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A whole header line. After a chunked body they are trailers, which nobody here reads."""
        self._count_head(len(name) + len(value) + 4)
        if self._in_head:
            if len(self.headers) >= HEADERS_LIMIT:
                self._refusal = 431
                raise HeadRefused
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        version, method = self.parser.get_http_version(), self.parser.get_method()
        if is_refused(version, method, self.url, self.headers):
            raise HeadRefused
        self._end_timer("head")
        self._in_head = False
        self._moved = True
        self._head_bytes = 0
        self.room.work(self)
        # How long it was in its socket, for whoever asks.
        self.scope["extensions"] = {WAITED: partial(waited_in_socket, self.transport)}  # type: ignore[dict-item]
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here as a whole."""
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written. Of a body that nobody read the rest is thrown away, and that is the end."""
        super().on_response_complete()
        if self.transport.is_closing() or self.pipeline:
            return
        if self._thrown_away >= 0:
            self._end_writing()
        elif not self._whole and not self._in_head:
            self._stop_listening()
        elif self.cycle.response_complete:
            self.room.wait(self)

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._set_timer("read", READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._end_timer("read")
        super().resume_writing()

    def _count_head(self, length: int) -> None:
        self._head_bytes += length
        if self._head_bytes > HEAD_LIMIT:
            self._refusal = 431
            raise HeadRefused

    def _head_is_late(self) -> None:
        if self._in_head:
            self._refuse(408)
        else:
            self.room.note("silent", self.loop.time())
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Answer, unless another answer is under way on this connection, and listen no more."""
        self.room.note(CODES[status].replace("-", "_"), self.loop.time())
        under_way = self.cycle is not None and not self.cycle.response_complete
        own = not under_way or not (self._in_head or self.cycle.response_started or self.pipeline)
        if under_way:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if own and not self.transport.is_closing():
            self.transport.write(refusal(status))
        self._stop_listening()

    def _stop_listening(self) -> None:
        """Throw away what still comes: a socket that is closed with bytes unread takes its answer along."""
        if self._thrown_away >= 0 or self.transport.is_closing():
            return
        self._thrown_away = 0
        self._end_timer("head")
        self._unset_keepalive_if_required()
        self.room.wait(self)
        if self.cycle is None or self.cycle.response_complete or self.cycle.disconnected:
            self._end_writing()

    def _end_writing(self) -> None:
        self._unset_keepalive_if_required()
        self.transport.write_eof()
        self._set_timer("linger", LINGER, self.transport.abort)

    def _throw_away(self, length: int) -> None:
        self._thrown_away += length
        if self._thrown_away > LINGER_BYTES:
            self.transport.abort()

    def _set_timer(self, name: str, seconds: float, act: Any) -> None:
        self._end_timer(name)
        self._timers[name] = self.loop.call_later(seconds, act)

    def _end_timer(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


def bounded(room: Connections) -> type[BoundedProtocol]:
    """The protocol for a server whose connections are counted in `room`."""
    return type("Bounded", (BoundedProtocol,), {"room": room})


def refusal(status: int) -> bytes:
    """A whole answer for who has not said in which language they read."""
    code = CODES[status]
    phrase = STATUS_LINE[status].decode().split(" ", 2)[2].strip()
    detail = plain(unspoken.unknown, f"web-error-{code}")
    body = msgspec.json.encode({"title": phrase, "status": status, "detail": detail, "code": code})
    head = b"content-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n" % len(
        body
    )
    again = b"retry-after: 5\r\n" if status == 503 else b""
    return STATUS_LINE[status] + head + again + b"\r\n" + body
