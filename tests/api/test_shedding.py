"""Too many requests at once, and bodies that do not come."""

import asyncio
from typing import Any

import pytest
from litestar import Litestar
from litestar.types import Receive, Scope, Send
from redis.asyncio import Redis

from api import bodies, shedding, sojourn
from api.app import BODY_LIMIT, create_app
from api.shedding import Shedding
from core.kit.db import Database
from core.process.settings import Settings


def scope_of(app: Litestar, path: str, method: str = "GET") -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept-language", b"en")],
        "app": app,
        "litestar_app": app,
        "state": {},
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }


class Visit:
    """One request, and what was answered."""

    def __init__(self, *messages: Any) -> None:
        self.messages = list(messages)
        self.sent: list[Any] = []

    async def receive(self) -> Any:
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


class Inner:
    """An application that answers when it is let to; keeps the bodies that it read."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.read: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.read.append(await receive())
        await self.go_on.wait()
        start: Any = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": b"ok", "more_body": False})


WHOLE: Any = {"type": "http.request", "body": b"x", "more_body": False}


@pytest.fixture
def app(shop_settings: Settings, database: Database) -> Litestar:
    return create_app(shop_settings, database, Redis.from_url(shop_settings.redis_url))


def test_beyond_the_bound_it_refuses_at_once_and_serves_again_afterwards(app: Litestar) -> None:
    async def story() -> None:
        inner = Inner()
        guard: Any = Shedding(inner, body_limit=BODY_LIMIT, most=2)
        first = [Visit(WHOLE), Visit(WHOLE)]
        under_way = [asyncio.create_task(guard(scope_of(app, "/p/x"), v.receive, v.send)) for v in first]
        while len(inner.read) < 2:
            await asyncio.sleep(0)

        page, call, watcher, other = Visit(WHOLE), Visit(WHOLE), Visit(WHOLE), Visit(WHOLE)
        await guard(scope_of(app, "/d/secret"), other.receive, other.send)
        await guard(scope_of(app, '/p/"x'), page.receive, page.send)
        await guard(scope_of(app, "/webhooks/nowpayments", "POST"), call.receive, call.send)
        assert (page.status, call.status) == (503, 503)
        assert page.headers[b"retry-after"] == call.headers[b"retry-after"] == b"5"
        assert b"very busy" in page.body
        assert b"secret" not in page.body, "nobody's address is kept for others"
        assert b'/p/"x' not in page.body
        assert b'"code":"unavailable"' in call.body

        inner.go_on.set()
        await guard(scope_of(app, "/healthz"), watcher.receive, watcher.send)
        await asyncio.gather(*under_way)
        later = Visit(WHOLE)
        await guard(scope_of(app, "/p/x"), later.receive, later.send)
        assert [visit.status for visit in (*first, watcher, later)] == [200] * 4

    asyncio.run(story())


def test_who_waited_in_sockets_again_and_again_is_refused_until_somebody_did_not(app: Litestar) -> None:
    async def story() -> None:
        inner, slow = Inner(), Inner()
        inner.go_on.set()
        guard: Any = Shedding(inner, body_limit=BODY_LIMIT)

        async def visit(waited: float, path: str = "/p/x") -> Visit:
            coming = Visit(WHOLE)
            scope = {**scope_of(app, path), "extensions": {shedding.WAITED: lambda: waited}}
            await guard(scope, coming.receive, coming.send)
            return coming

        late = 2 * sojourn.TARGET
        guard._inner = slow
        under_way = [asyncio.create_task(visit(0.0)) for _ in range(shedding.FEW)]
        while len(slow.read) < shedding.FEW:
            await asyncio.sleep(0)
        guard._inner = inner
        assert (await visit(late)).status == 200, "a machine may stand still for once"
        async with asyncio.timeout(10):
            while (refused := await visit(late)).status == 200:
                await asyncio.sleep(0)
        assert refused.status == 503
        assert b"retry-after" in refused.headers
        assert (await visit(late)).status == 503
        for part in ("/app/assets/index.css", "/static/page.css"):
            assert (await visit(late, part)).status == 200, "a page that was served gets its style"
        slow.go_on.set()
        await asyncio.gather(*under_way)
        assert (await visit(late)).status == 200, "nobody is before it: to refuse it would help nobody"

    asyncio.run(story())


def test_whoever_watches_is_answered_when_all_places_are_taken(app: Litestar) -> None:
    async def story() -> None:
        inner = Inner()
        inner.go_on.set()
        watcher = Visit(WHOLE)
        guard: Any = Shedding(inner, body_limit=BODY_LIMIT, most=0)
        await guard(scope_of(app, "/healthz"), watcher.receive, watcher.send)
        assert watcher.status == 200

    asyncio.run(story())


def test_a_slow_body_takes_no_place_and_is_refused_in_the_end(
    app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_WITHIN", 0.05)

    async def story() -> None:
        inner = Inner()
        inner.go_on.set()
        guard: Any = Shedding(inner, body_limit=BODY_LIMIT, most=1)
        begun: Any = {"type": "http.request", "body": b"{", "more_body": True}
        slow, quick = Visit(begun), Visit(begun, WHOLE)
        waiting = asyncio.create_task(guard(scope_of(app, "/x", "POST"), slow.receive, slow.send))
        await guard(scope_of(app, "/x", "POST"), quick.receive, quick.send)
        await waiting
        assert (slow.status, quick.status) == (408, 200)
        assert inner.read == [begun], "the body comes to the application as it was sent"

    asyncio.run(story())
