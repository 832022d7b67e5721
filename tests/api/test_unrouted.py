"""Pictures without room are refused before routing: the same answer, counted, and few lines of log."""

import asyncio
from collections.abc import Iterator
from threading import Thread
from uuid import uuid4

import pytest
import redis.asyncio
from litestar.routes import HTTPRoute
from structlog.testing import capture_logs

from api import unrouted
from api.context import AppContext
from api.limits import class_of
from core.jobs.request_reply import PICTURES_AT_ONCE, call, has_room
from core.kit.db import Database
from core.process.limits import PICTURES as PICTURES_CLASS
from core.process.settings import Settings
from schemas.contracts import PICTURES
from schemas.ephemeral_jobs import PresignPicture
from tests.support.waiting import wait_until
from tests.support.web import Client, serving

FLOOD = 30
PATHS = ("/pictures/{}", "/previews/{}", "/previews/{}/2", "/previews/{}/teaser")


async def _ask(redis_url: str, end: asyncio.Event) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    asked = [
        asyncio.create_task(call(client, PresignPicture(upload_id=uuid4()), timeout=600))
        for _ in range(PICTURES_AT_ONCE)
    ]
    await end.wait()
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    await client.aclose()


@pytest.fixture
def no_room(redis_url: str) -> Iterator[None]:
    """As many questions for pictures wait as may wait, and nobody answers."""
    loop, end = asyncio.new_event_loop(), asyncio.Event()
    thread = Thread(target=lambda: loop.run_until_complete(_ask(redis_url, end)))
    thread.start()
    wait_until(lambda: not has_room(PICTURES))
    yield
    loop.call_soon_threadsafe(end.set)
    thread.join()
    loop.close()


def answer_to(web: Client, path: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers, without what is every request's own."""
    answer = web.get(path)
    headers = dict(answer.headers)
    reference = headers.pop("x-correlation-id")
    assert reference.encode() in answer.content
    return answer.status_code, answer.content.replace(reference.encode(), b""), headers


def test_every_route_of_pictures_is_known_by_its_template(web: Client) -> None:
    paths = [route.path for route in web.app.routes if isinstance(route, HTTPRoute)]
    pictures = {path for path in paths if class_of(path) is PICTURES_CLASS}
    assert pictures == {route for _, route, _ in unrouted.ASKING}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_room_the_answer_is_that_of_the_route(
    web: Client, no_room: None, path: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{path.format(uuid4())}?lang={language}"
    unrouted_answer = answer_to(web, address)
    monkeypatch.setattr(unrouted, "ASKING", ())
    assert unrouted_answer == answer_to(web, address)
    assert (unrouted_answer[0], unrouted_answer[2]["retry-after"]) == (503, "5")


def test_with_room_a_picture_is_asked_for(web: Client) -> None:
    assert unrouted.route_without_room("GET", f"/pictures/{uuid4()}") == ""


def test_a_flood_is_counted_by_its_routes_and_is_one_line_of_log(
    shop_settings: Settings, database: Database, no_room: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unrouted, "EVERY", 3600)
    with capture_logs() as lines, serving(shop_settings, database) as web:
        statuses = [web.get(PATHS[n % 4].format(uuid4())).status_code for n in range(4 * FLOOD)]
        shop: AppContext = web.app.state.shop
        timings = {key: sum(timing.counts) for key, timing in shop.timings.by_route.items()}
        assert web.get("/healthz").status_code == 200
    assert set(statuses) == {503}
    assert timings == {(route, "5xx"): FLOOD for _, route, _ in unrouted.ASKING}
    assert [line["count"] for line in lines if line["event"] == "requests_shed"] == [4 * FLOOD]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/healthz"]
    assert len([line for line in lines if line["event"] == "request_unanswered"]) <= 1, "the kept answer"
