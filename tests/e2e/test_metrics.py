"""Prometheus' view of a shop at work: API and the three worker processes, each at its port."""

from collections.abc import Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from scripts.bench.running_stack import RunningStack
from scripts.sandbox.telegram.driver import Person
from tests.e2e.conftest import METRICS_TOKEN, Course, buy_with_stars, fetch
from tests.support.waiting import wait_until

GROUPS = ("interactive", "delivery", "background")


@pytest.fixture
def scrape(shop: RunningStack, client: httpx.Client) -> Callable[[str], dict[str, float]]:
    """Of the API or a group of workers: each name with the sum over its labels."""
    first = shop.stack.settings.metrics_port
    addresses = {group: f"http://127.0.0.1:{first + place}" for place, group in enumerate(GROUPS)}
    addresses["api"] = shop.stack.url

    def read(part: str) -> dict[str, float]:
        answer = client.get(
            f"{addresses[part]}/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"}
        )
        assert answer.status_code == 200, answer.text
        sums: dict[str, float] = {}
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                sums[sample.name] = sums.get(sample.name, 0) + sample.value
        return sums

    return read


def test_a_purchase_is_counted_where_it_was_worked_on(
    shop: RunningStack,
    course: Course,
    person: Callable[..., Person],
    client: httpx.Client,
    scrape: Callable[[str], dict[str, float]],
) -> None:
    fetch(client, buy_with_stars(person()))

    # The beat of a process that another test killed counts until it is overdue.
    wait_until(lambda: scrape("api")["comptoir_workers"] == len(GROUPS), 60, "there are other workers")
    api = scrape("api")
    assert api["comptoir_links_signed_today"] >= 1
    assert api["comptoir_downloads_today"] >= 1
    assert api["comptoir_http_request_seconds_count"] >= 1
    assert scrape("delivery")["comptoir_telegram_messages_total"] >= 1
    assert scrape("interactive")["comptoir_answer_seconds_count"] >= 1
    for group in GROUPS:
        assert scrape(group)["process_resident_memory_bytes"] > 2**20
