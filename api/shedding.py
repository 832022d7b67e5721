"""What is more than this process can do is refused at once, so that what it has begun gets done.

Without a bound every request waits behind all others until nobody's answer comes in time. Too much is too
many requests under way, and an event loop that comes round too late: what waits before it is nowhere counted.
uvicorn's own `limit_concurrency` is no help: it counts idle connections too, and says nothing of when to
come back.
"""

import asyncio
from html import escape
from typing import Any, cast

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Receive, Scope, Send

from api.problems import PAGES, answer_error
from api.requests import AnyRequest, language_of
from core.jobs.request_reply import AT_ONCE, Busy
from core.kit.correlation import correlation

MOST = 2 * AT_ONCE  # requests under way: clicks that wait for their answer, and as much of all else
LATE = 0.5  # seconds that the event loop may be late
BEAT = 0.05  # seconds between two looks, while there is work
# What stands in kept answers for the reference and the address of each request.
REFERENCE, PATH = "0f5e2a9c-reference", "/p/0f5e2a9c-path"
BODY_WITHIN = 10.0  # seconds; only bodies of at most 64 KiB come here
WATCHED = ("/healthz", "/readyz", "/metrics")  # who watches is answered above all when it is too much


class Shedding:
    """Answers 503 with Retry-After beyond `most` requests under way, and 408 to a body that does not come.

    A request is under way from when it is here as a whole: a client that sends slowly takes nobody's place.
    """

    def __init__(self, inner: ASGIApp, *, body_limit: int, most: int = MOST) -> None:
        self._inner = inner
        self._body_limit = body_limit
        self._most = most
        self._under_way = 0
        self._late = 0.0
        self._lately = 0.0
        self._beating = False
        self._kept: dict[tuple[bool, str], tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        http = cast(HTTPScope, scope)  # uvicorn is told to speak nothing else
        if http["path"] in WATCHED:
            await self._inner(scope, receive, send)
            return
        if self._late > LATE or self._under_way >= self._most:
            await self._shed(http, receive, send)
            return
        if http["method"] not in ("GET", "HEAD"):
            try:
                async with asyncio.timeout(BODY_WITHIN):
                    receive = _again(await _body(receive, self._body_limit), receive)
            except TimeoutError:
                await _refuse(http, receive, send)
                return
        self._under_way += 1
        self._watch()
        try:
            await self._inner(scope, receive, send)
        finally:
            self._under_way -= 1

    def _watch(self) -> None:
        if not self._beating:
            self._beating = True
            loop = asyncio.get_running_loop()
            loop.call_later(BEAT, self._beat, loop, loop.time() + BEAT)

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        """How late the loop is; looked at for as long as it has work, or is late.

        The better of two looks counts: a machine that stood still for once is not too much to do.
        """
        late = loop.time() - due
        self._late, self._lately = min(late, self._lately), late
        self._beating = self._under_way > 0 or late > LATE
        if self._beating:
            loop.call_later(BEAT, self._beat, loop, loop.time() + BEAT)

    async def _shed(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """A page or a problem document, made once in each language: a refusal must cost next to nothing."""
        request: AnyRequest = Request(scope, receive, send)
        kind = (scope["path"].startswith(PAGES), language_of(request))
        if kind not in self._kept:
            self._kept[kind] = self._make(scope, kind[0])
        headers, body = self._kept[kind]
        body = body.replace(REFERENCE.encode(), correlation.get().encode())
        body = body.replace(PATH.encode(), escape(scope["path"]).encode())
        length = (b"content-length", str(len(body)).encode())
        start = {"type": "http.response.start", "status": 503, "headers": [*headers, length]}
        await send(start)  # type: ignore[arg-type]
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _make(self, scope: HTTPScope, page: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
        neutral: Any = {**scope, "path": PATH, "raw_path": PATH.encode()} if page else scope
        request: AnyRequest = Request(neutral)
        token = correlation.set(REFERENCE)
        try:
            busy = Busy(f"{self._under_way} requests are under way, the loop is {self._late:.2f} s late.")
            answer = answer_error(request, busy).to_asgi_response(None, request)
        finally:
            correlation.reset(token)
        headers = [header for header in answer.encode_headers() if header[0].lower() != b"content-length"]
        return headers, answer.body


async def _body(receive: Receive, limit: int) -> list[HTTPReceiveMessage]:
    """The body as it came, up to where the application will refuse it as too large."""
    messages: list[HTTPReceiveMessage] = []
    size, more = 0, True
    while more and size <= limit:
        message = cast(HTTPReceiveMessage, await receive())
        messages.append(message)
        more = message["type"] == "http.request" and message["more_body"]
        size += len(message["body"]) if message["type"] == "http.request" else 0
    return messages


def _again(messages: list[HTTPReceiveMessage], receive: Receive) -> Receive:
    """A `receive` that gives these first."""
    waiting = iter(messages)

    async def receive_again() -> HTTPReceiveMessage:
        message = next(waiting, None)
        return message if message is not None else cast(HTTPReceiveMessage, await receive())

    return receive_again


async def _refuse(scope: HTTPScope, receive: Receive, send: Send) -> None:
    request: AnyRequest = Request(scope, receive, send)
    answer = answer_error(request, HTTPException(status_code=408)).to_asgi_response(None, request)
    await answer(scope, receive, send)
