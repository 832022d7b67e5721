"""Bodies beyond what fits at once: whoever rests, leaves or sends many of them is in nobody's way."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.types import Receive, Scope, Send
from redis.asyncio import Redis
from structlog.testing import capture_logs

from api import bodies
from api.app import BODY_LIMIT, create_app
from api.controllers.uploads import COMPLETE_LIMIT
from api.shedding import Shedding
from core.jobs.request_reply import Busy
from core.kit.db import Database
from core.kit.rows import id_of
from core.kit.tokens import random_token, token_hash
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.uploads import MiniAppSession
from scripts.bench.running_stack import UNLIMITED
from tests.api.test_shedding import WHOLE, Visit, scope_of
from tests.support import make
from tests.support.listening import Listening, listening
from tests.support.waiting import wait_until

BEGINNING = BODY_LIMIT + 1


@pytest.fixture
def server(shop_settings: Settings, database: Database) -> Iterator[Listening]:
    settings = replace(shop_settings, limits=UNLIMITED)
    with listening(settings, database) as server:
        yield server


@pytest.fixture
def token(database: Database) -> str:
    """A session of somebody's Mini App."""
    token, now = random_token(), utc_now()
    with database.transaction() as session:
        row = MiniAppSession(
            user_id=id_of(make.user(session)),
            token_hash=token_hash(token),
            init_digest=token.encode()[:32],
            signed_at=now,
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
        session.add(row)
    return token


def completion(token: str, length: int) -> bytes:
    """The head of a request that tells of all parts of an upload in a body of `length` bytes."""
    return (
        f"POST /api/uploads/{uuid4()}/complete HTTP/1.1\r\nHost: shop.example\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def parts(length: int) -> bytes:
    """A body of so many bytes that says nothing wrong."""
    return b'{"parts":[]}'.ljust(length)


@pytest.mark.parametrize("sent", [0, 1, BODY_LIMIT - 1, BODY_LIMIT, BEGINNING, 1_000_000])
def test_a_body_that_does_not_end_is_refused_however_much_of_it_came(
    server: Listening, token: str, monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    monkeypatch.setattr(bodies, "BODY_WITHIN", 0.3)
    with server.connect() as connection:
        connection.send(completion(token, COMPLETE_LIMIT) + parts(sent))
        answer = connection.answer()
    assert answer is not None
    assert answer.status == 408


@pytest.mark.parametrize("sent", [0, 1, BODY_LIMIT, BEGINNING, 1_000_000])
def test_a_client_that_leaves_is_no_fault_of_ours_and_one_line(
    server: Listening, token: str, sent: int
) -> None:
    with capture_logs() as lines:
        with server.connect() as connection:
            connection.send(completion(token, COMPLETE_LIMIT) + parts(sent))
        wait_until(lambda: bool(lines))
    (line,) = lines
    assert (line["event"], line["status"]) == ("request", 400)
    assert len(str(line)) < 300


@pytest.mark.parametrize(
    ("length", "status"),
    [(BODY_LIMIT, 404), (BEGINNING, 404), (COMPLETE_LIMIT, 404), (COMPLETE_LIMIT + 1, 413)],
)
def test_a_long_body_that_comes_is_read(server: Listening, token: str, length: int, status: int) -> None:
    with server.connect() as connection:
        connection.send(completion(token, length) + parts(length))
        answer = connection.answer()
    assert answer is not None
    assert answer.status == status


def test_one_person_sends_few_long_bodies_at_once(
    server: Listening, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_WITHIN", 600.0)
    counted, left = list[int | None](), list[int | None]()
    enter, leave = bodies.LargeBodies.enter, bodies.LargeBodies.leave

    def count_in(large: bodies.LargeBodies, person: int | None) -> None:
        enter(large, person)
        counted.append(person)

    def count_out(large: bodies.LargeBodies, person: int | None) -> None:
        leave(large, person)
        left.append(person)

    monkeypatch.setattr(bodies.LargeBodies, "enter", count_in)
    monkeypatch.setattr(bodies.LargeBodies, "leave", count_out)
    resting = [server.connect() for _ in range(bodies.LARGE_OF_ONE)]
    with resting[0], resting[1], server.connect() as third, server.connect() as short:
        for connection in resting:
            connection.send(completion(token, COMPLETE_LIMIT) + parts(BEGINNING))
        wait_until(lambda: len(counted) == bodies.LARGE_OF_ONE)
        third.send(completion(token, COMPLETE_LIMIT) + parts(BEGINNING))
        refused = third.answer()
        short.send(completion(token, BODY_LIMIT) + parts(BODY_LIMIT))
        served = short.answer()
    assert refused is not None
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert served is not None
    assert served.status == 404, "what fits at once is not counted"
    wait_until(lambda: len(left) == bodies.LARGE_OF_ONE)
    assert len({*counted, *left}) == 1, "they are counted by the person of the session"
    assert None not in counted


def test_many_people_together_send_a_bounded_number_of_long_bodies() -> None:
    large = bodies.LargeBodies()
    people = range(bodies.LARGE)
    for person in people:
        large.enter(person)
    with pytest.raises(Busy):
        large.enter(-1)
    large.leave(0)
    large.enter(-1)


class Reader:
    """An application that reads all of a body and answers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            more = (await receive())["more_body"]  # type: ignore[typeddict-item]
        start: Any = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": b"ok", "more_body": False})


def test_who_waits_for_the_rest_of_a_body_takes_no_place(
    shop_settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Litestar = create_app(shop_settings, database, Redis.from_url(shop_settings.redis_url))
    monkeypatch.setattr(bodies, "BODY_WITHIN", 30.0)

    async def story() -> None:
        guard: Any = Shedding(Reader(), body_limit=BODY_LIMIT, most=1)
        begun: Any = {"type": "http.request", "body": b"x" * BEGINNING, "more_body": True}
        resting = Visit(begun)
        waiting = asyncio.create_task(guard(scope_of(app, "/x", "POST"), resting.receive, resting.send))
        while resting.messages:
            await asyncio.sleep(0)
        for method in ("GET", "POST"):
            other = Visit(WHOLE)
            await guard(scope_of(app, "/x", method), other.receive, other.send)
            assert other.status == 200
        waiting.cancel()

    asyncio.run(story())
