"""One correlation id from what a person did, over its jobs, to the message that came of it."""

import re
from collections.abc import Callable

import httpx
import pytest

from scripts.bench.running_stack import RunningStack, links_in
from scripts.sandbox.telegram.driver import Person
from tests.e2e.conftest import Comptoir, Course, buy_with_stars
from tests.support.waiting import wait_until


@pytest.fixture
def lines(shop: RunningStack) -> Callable[[str, str], list[dict[str, str]]]:
    """The fields of the lines of a role's log that tell of an event."""

    def find(role: str, event: str) -> list[dict[str, str]]:
        of_event = [line for line in shop.stack.log_text(role).splitlines() if event in line]
        return [dict(re.findall(r"(\w+)=(\S+)", line)) for line in of_event]

    return find


def jobs_of(comptoir: Comptoir, reference: str) -> dict[str, str]:
    """The actors of the jobs of a correlation id, by the jobs' ids."""
    rows = comptoir("queue", "jobs", f"correlation:{reference}")
    return {job["id"]: job["actor"] for job in rows}


def test_a_payment_its_jobs_and_the_message_share_one_id(
    shop: RunningStack,
    course: Course,
    comptoir: Comptoir,
    person: Callable[..., Person],
    lines: Callable[[str, str], list[dict[str, str]]],
) -> None:
    before = len(lines("bot", "payment_noted"))
    buy_with_stars(person())

    (noted,) = lines("bot", "payment_noted")[before:]
    reference = noted["correlation_id"]
    jobs = jobs_of(comptoir, reference)
    assert {"handle_payment_event", "deliver"} <= set(jobs.values())
    sent = [line for line in lines("workers", "message sent") if line["correlation_id"] == reference]
    assert "deliver" in {jobs[line["job"]] for line in sent}


def test_the_id_of_an_answer_leads_to_the_message(
    shop: RunningStack,
    course: Course,
    comptoir: Comptoir,
    person: Callable[..., Person],
    client: httpx.Client,
    lines: Callable[[str, str], list[dict[str, str]]],
) -> None:
    buyer = person()
    buy_with_stars(buyer)
    number = comptoir("orders", "find", str(buyer.id))["items"][0]["number"]
    token = comptoir("token", "create", "--name", "correlation", "--role", "support")["token"]
    before = sum(bool(links_in(message)) for message in buyer.chat)
    answer = client.post(
        f"{shop.stack.url}/api/staff/orders/{number}/resend", headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text
    reference = answer.headers["x-correlation-id"]
    wait_until(
        lambda: sum(bool(links_in(message)) for message in buyer.chat) > before, 60, "no links came again"
    )

    assert [line["status"] for line in lines("api", "request ") if line["correlation_id"] == reference] == [
        "200"
    ]
    jobs = jobs_of(comptoir, reference)
    assert "send_links" in jobs.values()
    wait_until(
        lambda: any(line["correlation_id"] == reference for line in lines("workers", "message sent")),
        60,
        "the message is in no log",
    )
    sent = [line for line in lines("workers", "message sent") if line["correlation_id"] == reference]
    assert {jobs[line["job"]] for line in sent} == {"send_links"}
    assert token not in shop.stack.log_text("api")
