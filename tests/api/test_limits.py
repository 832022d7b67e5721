"""Every route has a class of limits, and no class keeps buyers out of what is theirs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from litestar.routes import HTTPRoute
from redis import Redis

from api.limits import CLASSES, class_of
from core.kit.db import Database
from core.process.limits import (
    ASSETS,
    CALLS_FROM,
    CLICKS,
    GUESSES,
    NOWHERE,
    OPEN,
    PICTURES,
    WATCHING,
    Limit,
    parse_limits,
)
from core.process.settings import Settings
from schemas.base import utc_now
from tests.api.test_webhooks import a_notice, send
from tests.support import make
from tests.support.questions import UrlWorker
from tests.support.web import Client, serving

FREQUENT = (CALLS_FROM, CLICKS, PICTURES, ASSETS, WATCHING)
FEWER = ";".join(f"{limit.name}={GUESSES.most + 10}/{limit.seconds}" for limit in FREQUENT)
TIGHT = parse_limits(FEWER)
"""Classes of which a test comes to the end in a tenth of the requests; more than one may guess."""


def paths(client: Client) -> list[str]:
    return sorted(route.path for route in client.app.routes if isinstance(route, HTTPRoute))


def a_token(database: Database) -> str:
    with database.transaction() as session:
        return make.link(session, now=utc_now())[1]


def fill(client: Client, path: str, limit: Limit, **sent: Any) -> None:
    """Ask as often as a class allows, whatever is answered."""
    for _ in range(limit.most):
        assert client.get(path, **sent).status_code != 429


def test_every_route_has_a_class(app: Client) -> None:
    assert len(paths(app)) > 60
    assert [path for path in paths(app) if class_of(path) is NOWHERE] == []


def test_every_line_of_the_table_is_of_a_route(app: Client) -> None:
    idle = [start for start, _ in CLASSES if not any(path.startswith(start) for path in paths(app))]
    assert [start for start in idle if start != "/app/assets/"] == [], "the Mini App may not be built"


@pytest.fixture
def tight(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A shop whose operator limits each class to little."""
    with serving(replace(shop_settings, limits=FEWER), database) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "usual"),
    [
        (f"/d/{'x' * 43}/page", CLICKS),
        ("/p/nothing", CALLS_FROM),
        (f"/o/{'x' * 43}/status", CALLS_FROM),
        (f"/mail/stop/{'x' * 43}", CALLS_FROM),
        ("/api/products", CALLS_FROM),
        ("/api/staff/orders", CALLS_FROM),
        ("/app", CALLS_FROM),
        ("/schema/openapi.json", CALLS_FROM),
        ("/previews/x", PICTURES),
        ("/static/page.css", ASSETS),
        ("/readyz", WATCHING),
        ("/wp-login.php", NOWHERE),
        ("/", NOWHERE),
    ],
)
def test_every_path_is_limited_with_a_time_to_wait(tight: Client, path: str, usual: Limit) -> None:
    limit = TIGHT.get(usual.name, usual)
    answers = [tight.get(path) for _ in range(limit.most)]
    wrong = GUESSES.most if path.startswith(("/d/", "/o/", "/mail/")) else limit.most
    assert [answer.status_code for answer in answers[:wrong]].count(429) == 0
    refused = tight.get(path)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= limit.seconds
    assert refused.headers["x-correlation-id"]


def test_a_flood_of_pictures_takes_no_clicks_place(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    token = a_token(database)
    for _ in range(PICTURES.most + 1):
        last = web.get("/pictures/nothing")
    assert last.status_code == 429
    assert web.get(f"/d/{token}").status_code == 302


def test_after_many_wrong_secrets_good_ones_still_work(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    token = a_token(database)
    answers = [web.get(f"/d/{number:043}") for number in range(GUESSES.most + 2)]
    assert [answer.status_code for answer in answers[-3:]] == [404, 429, 429]
    assert web.get(f"/d/{token}").status_code == 302


def test_forged_notices_are_limited_and_signed_ones_never(web: Client) -> None:
    forged = [
        web.post("/webhooks/nowpayments", json={}, headers={"x-nowpayments-sig": "00"})
        for _ in range(GUESSES.most + 1)
    ]
    assert [answer.status_code for answer in forged[-2:]] == [401, 429]
    assert send(web, a_notice()).status_code == 200
    assert class_of("/webhooks/nowpayments") is OPEN


def test_health_is_never_refused(web: Client) -> None:
    answers = {web.get("/healthz").status_code for _ in range(WATCHING.most + 10)}
    assert answers == {200}


@pytest.fixture
def small(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A shop whose operator limits all requests together, and calls of an address not at all."""
    with serving(replace(shop_settings, limits="everything=20/60;call-from=off"), database) as client:
        yield client


def test_all_requests_together_may_be_limited(small: Client) -> None:
    fill(small, "/p/nothing", Limit("", 20, 60, "everybody"))
    assert small.get("/p/nothing").status_code == 429
    assert small.get("/healthz").status_code == 200


def test_processes_share_their_counts(
    web: Client, shop_settings: Settings, database: Database, redis_url: str
) -> None:
    with serving(shop_settings, database) as other:
        for _ in range(CALLS_FROM.most):
            other.get("/p/nothing")
    with Redis.from_url(redis_url) as redis:
        assert int(redis.get("limit:call-from:testclient") or 0) == CALLS_FROM.most
    assert web.get("/p/nothing").status_code == 404, "it cannot know yet"
    with web.portal() as portal:
        portal.call(web.app.state.shop.limiter.share)
    assert web.get("/p/nothing").status_code == 429


FORM = {"transaction_id": "TRF-1", "address": "awa@example.org", "words": "where is it?", "text": "?"}


def test_a_wrong_secret_counts_as_a_guess_wherever_it_is_shown(
    shop_settings: Settings, database: Database
) -> None:
    with serving(replace(shop_settings, smtp_host="mail.example"), database) as client:
        limiter = client.app.state.shop.limiter
        uncounted = []
        for route in client.app.routes:
            if not isinstance(route, HTTPRoute) or "{token" not in route.path:
                continue
            path = route.path.replace("{token:str}", "x" * 43)
            for method in sorted(route.methods - {"OPTIONS"}):
                limiter.forget(GUESSES, "testclient")
                client.request(method, path, data=FORM if method == "POST" else None)
                if ("guess", "testclient") not in limiter._windows:
                    uncounted.append((method, path))
    assert uncounted == []
