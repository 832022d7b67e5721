"""What is more than this process can do is refused at once, so that what it has begun gets done.

Without a bound every request waits behind all others until nobody's answer comes in time. uvicorn's own
`limit_concurrency` is no help: it counts idle connections too, and says nothing of when to come back.
"""

import asyncio
from collections.abc import Iterator

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from api.problems import answer_error
from core.ask import AT_ONCE, Busy

MOST = 2 * AT_ONCE  # requests under way: clicks that wait for their answer, and as much of all else
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in WATCHED:
            await self._inner(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            try:
                async with asyncio.timeout(BODY_WITHIN):
                    receive = _again(await _body(receive, self._body_limit), receive)
            except TimeoutError:
                await _refuse(scope, receive, send, HTTPException(status_code=408))
                return
        if self._under_way >= self._most:
            busy = Busy(f"{self._under_way} requests are under way; try again in a few seconds.")
            await _refuse(scope, receive, send, busy)
            return
        self._under_way += 1
        try:
            await self._inner(scope, receive, send)
        finally:
            self._under_way -= 1


async def _body(receive: Receive, limit: int) -> list[Message]:
    """The body as it came, up to where the application will refuse it as too large."""
    messages: list[Message] = []
    size, more = 0, True
    while more and size <= limit:
        message = await receive()
        messages.append(message)
        more = message["type"] == "http.request" and message["more_body"]
        size += len(message["body"]) if message["type"] == "http.request" else 0
    return messages


def _again(messages: list[Message], receive: Receive) -> Receive:
    """A `receive` that gives these first."""
    held: Iterator[Message] = iter(messages)

    async def receive_again() -> Message:  # type: ignore[return]
        for message in held:
            return message
        return await receive()

    return receive_again


async def _refuse(scope: HTTPScope, receive: Receive, send: Send, error: Exception) -> None:
    request: Request[None, None, None] = Request(scope, receive, send)
    answer = answer_error(request, error).to_asgi_response(None, request)
    await answer(scope, receive, send)
