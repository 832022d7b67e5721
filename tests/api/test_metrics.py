"""`/metrics` of the API: who may read it, and what it says of the shop and of itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from api.context import AppContext
from core.jobs.ledger import enqueue
from core.jobs.single_statement import run
from core.kit.db import Database
from core.kit.rows import id_of
from core.orders.presigning import leave_to_sign
from core.process.settings import Settings
from schemas import jobs
from schemas.base import utc_now
from tests.support import make
from tests.support.web import Client, serving

TOKEN = "token-of-prometheus"
Figures = dict[tuple[str, tuple[str, ...]], float]


class Silent:
    """A connection whose client says nothing."""

    def give_up(self) -> None:
        """Nobody needs its place here."""


@pytest.fixture
def watched(shop_settings: Settings, database: Database) -> Iterator[Client]:
    with serving(replace(shop_settings, metrics_token=TOKEN), database) as client:
        yield client


def read(client: Client, token: str = TOKEN) -> Any:
    return client.get("/metrics", headers={"authorization": f"Bearer {token}"})


def figures(client: Client) -> Figures:
    """Each sample by its name and the values of its labels, in the order of theirs."""
    families = text_string_to_metric_families(read(client).text)
    samples = [sample for family in families for sample in family.samples]
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for sample in samples
    }


def test_metrics_are_no_page_of_a_shop_that_has_no_token_for_them(web: Client) -> None:
    assert (read(web).status_code, read(web, "").status_code) == (404, 404)


def test_whoever_shows_another_token_is_refused(watched: Client) -> None:
    assert [read(watched, token).status_code for token in ("", "guessed", TOKEN)] == [401, 401, 200]
    assert read(watched, "guessed").json()["code"] == "metrics-token-wrong"


def test_the_shop_is_shown_in_figures(watched: Client, database: Database) -> None:
    now = utc_now()
    with database.transaction() as session:
        order = make.paid_order(session, now=now - timedelta(minutes=10))
        link, _ = make.link(session, make.grant(session), now=now)
        enqueue(session, jobs.Deliver(order_id=id_of(order)))
        for _ in range(3):
            run(session, leave_to_sign(link.id, correlation_id="", now=now))
    found = figures(watched)

    assert found["comptoir_queue_jobs", ("delivery", "ready")] >= 1
    assert found["comptoir_invariant_broken", ("paid_undelivered",)] >= 1
    assert found["comptoir_invariant_oldest_seconds", ("paid_undelivered",)] >= 600
    signed = {
        labels: value for (name, labels), value in found.items() if name == "comptoir_links_signed_today"
    }
    assert sorted(signed.values()) == [0, 3]
    assert found["comptoir_workers", ("delivery",)] == 0
    assert found["comptoir_database_up", ()] == 1
    assert found["process_resident_memory_bytes", ()] > 2**20
    assert found["comptoir_process_memory_bytes", ()] > 2**20
    total, free = (found[f"comptoir_host_memory_{name}", ()] for name in ("bytes", "available_bytes"))
    assert total > free > 0


def test_the_answers_to_a_payment_provider_are_timed_by_how_they_ended(watched: Client) -> None:
    for _ in range(2):
        watched.post("/webhooks/nowpayments", content=b"{}")
    found = figures(watched)

    labels = ("/webhooks/nowpayments", "4xx")
    assert found["comptoir_http_request_seconds_count", labels] == 2
    assert found["comptoir_http_request_seconds_bucket", ("+Inf", *labels)] == 2
    assert found["comptoir_http_request_seconds_sum", labels] > 0


def test_connections_are_told_with_their_bounds(shop_settings: Settings, database: Database) -> None:
    config = replace(shop_settings, metrics_token=TOKEN, api_connections=77, database_pool=3)
    with serving(config, database) as client:
        shop: AppContext = client.app.state["shop"]
        shop.connections.enter(Silent(), "192.0.2.1")
        with database.transaction() as session:
            session.execute(text("SELECT 1"))
            found = figures(client)
    assert found["comptoir_http_connections", ()] == 1
    assert found["comptoir_http_connections_limit", ()] == 77
    assert found["comptoir_database_connections", ("sessions",)] == 1
    assert found["comptoir_database_connections_limit", ("sessions",)] == database.pool_use().most
    assert found["comptoir_database_connections", ("statements",)] == 0
    assert found["comptoir_database_connections_limit", ("statements",)] == 3


def test_a_token_in_a_path_is_no_label(watched: Client) -> None:
    watched.get("/p/a-name-that-somebody-made-up")
    assert "made-up" not in read(watched).text


def test_the_process_still_speaks_for_itself_while_the_database_is_away(
    shop_settings: Settings,
) -> None:
    away = replace(shop_settings, database_url="postgresql://nobody@127.0.0.1:1/none", metrics_token=TOKEN)
    database = Database(away.database_url)
    with serving(away, database) as client:
        found = figures(client)
    database.dispose()
    assert found["comptoir_database_up", ()] == 0
    assert not [name for name, _ in found if name.startswith("comptoir_queue")]
    assert found["process_resident_memory_bytes", ()] > 0
