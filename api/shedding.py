"""What is more than this process can do is refused at once, so that what it has begun gets done.

Without a bound every request waits behind all others until nobody's answer comes in time. Too much is too
many requests under way, and requests that had to wait in their sockets before we came to them.
uvicorn's own `limit_concurrency` is no help: it counts idle connections too, and says nothing of when to
come back.
"""

import time
from collections.abc import Callable
from html import escape
from typing import Any, cast

from litestar import Request
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Receive, Scope, Send

from api.bodies import Body, Gone, LargeBodies, Late
from api.limits import PARTS_OF_PAGES, class_of
from api.problems import PAGES, answer_error
from api.requests import AnyRequest, language_of
from api.sojourn import Sojourn
from api.unrouted import SHED, route_without_room
from core.jobs.request_reply import AT_ONCE, Busy
from core.kit.correlation import correlation

MOST = 2 * AT_ONCE  # requests under way: clicks that wait for their answer, and as much of all else
FEW = (
    5  # requests under way among which nobody waits for another: then the machine is slow, not ours too busy
)
# What stands in kept answers for the reference and the address of each request.
REFERENCE, PATH = "0f5e2a9c-reference", "/p/0f5e2a9c-path"
WAITED = "comptoir.waited"  # the ASGI extension that measures it
WATCHED = ("/healthz", "/readyz", "/metrics")  # who watches is answered above all when it is too much


class Shedding:
    """Answers 503 with Retry-After beyond `most` requests under way, and 408 to a body that does not come.

    A request whose body still has to come is not under way: a client that sends slowly takes nobody's place.
    """

    def __init__(self, inner: ASGIApp, *, body_limit: int, most: int = MOST) -> None:
        self._inner = inner
        self._body_limit = body_limit
        self._most = most
        self._under_way = 0
        self._sojourn = Sojourn()
        self._large = LargeBodies()
        self._kept: dict[tuple[bool, str], tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        http = cast(HTTPScope, scope)  # uvicorn is told to speak nothing else
        if http["path"] in WATCHED:
            await self._inner(scope, receive, send)
            return
        late = self._sojourn.is_too_long(_waited(scope), time.monotonic())
        # A page that was served is of no use without its style and script.
        late = late and self._under_way >= FEW and not http["path"].startswith(PARTS_OF_PAGES)
        if late or self._under_way >= self._most:
            await self._shed(http, receive, send)
        elif route := route_without_room(http["method"], http["path"]):
            http["path_template"] = route
            await self._shed(http, receive, send)
        elif http["method"] in ("GET", "HEAD"):
            await self._serve(scope, receive, send)
        else:
            await self._serve_body(http, Body(receive, self._body_limit), send)

    async def _serve_body(self, scope: HTTPScope, body: Body, send: Send) -> None:
        try:
            await body.begin()
        except (Late, Gone) as error:
            await _refuse(scope, body.receive, send, error)
            return
        if self._under_way >= self._most:  # others came meanwhile
            await self._shed(scope, body.receive, send)
            return
        people: list[int | None] = []

        async def receive() -> HTTPReceiveMessage:
            if not body.has_more:
                return await body.receive()
            if not people:
                person = scope["state"].get("user_id")
                self._large.enter(person)
                people.append(person)
            self._under_way -= 1  # whoever waits for the rest of a body does nothing
            try:
                return await body.receive()
            finally:
                self._under_way += 1

        try:
            await self._serve(scope, receive, send)
        finally:
            for person in people:
                self._large.leave(person)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way += 1
        try:
            await self._inner(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _shed(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """A page or a problem document, made once in each language: a refusal must cost next to nothing."""
        request: AnyRequest = Request(scope, receive, send)
        scope["state"][SHED] = class_of(scope["path"]).name
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
            busy = Busy(f"{self._under_way} requests are under way, others wait.")
            answer = answer_error(request, busy).to_asgi_response(None, request)
        finally:
            correlation.reset(token)
        headers = [header for header in answer.encode_headers() if header[0].lower() != b"content-length"]
        return headers, answer.body


def _waited(scope: Scope) -> float:
    """Seconds that a request was in its socket, as the protocol measures it; 0 where there is none."""
    measure: Callable[[], float] | None = (scope.get("extensions") or {}).get(WAITED)  # type: ignore[assignment]
    return measure() if measure else 0.0


async def _refuse(scope: HTTPScope, receive: Receive, send: Send, error: Late | Gone) -> None:
    request: AnyRequest = Request(scope, receive, send)
    answer = answer_error(request, error).to_asgi_response(None, request)
    await answer(scope, receive, send)
