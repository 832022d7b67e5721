"""From paid to downloaded, over real processes, MTProto, HTTP and S3."""

import re
from collections.abc import Callable

import httpx
import pytest

from core.kit.texts import plain
from scripts.bench.running_stack import RunningStack, links_in
from scripts.sandbox.telegram.driver import Person
from tests.e2e.conftest import Comptoir, Course, buy_with_stars, fetch, sha256_of
from tests.support.waiting import wait_until

KEY = re.compile(r'name="key" value="([^"]+-crypto)"')
PAY = re.compile(r'href="(http://[^"]+/payment/\?iid=\d+)"')


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_buyer_pays_with_stars_and_downloads_the_very_file(
    shop: RunningStack, course: Course, person: Callable[..., Person], client: httpx.Client, language: str
) -> None:
    buyer = person(language)

    link = buy_with_stars(buyer)
    message = next(message for message in reversed(buyer.chat) if links_in(message))
    file = fetch(client, link)

    head = plain(language, "delivery-paid", title="", number="").splitlines()[0]
    assert re.sub("<[^>]*>", "", head) in message.text
    assert "Leçon <b>1</b> & 2" in message.text
    assert message.no_preview
    assert sha256_of(file.content) == course.sha256
    assert "attachment" in file.headers["content-disposition"]


def test_a_buyer_without_telegram_at_hand_pays_crypto_and_claims_the_order_later(
    shop: RunningStack, course: Course, person: Callable[..., Person], client: httpx.Client
) -> None:
    page = client.get(f"{shop.stack.url}/p/{course.slug}")
    form = KEY.search(page.text)
    assert form is not None, page.text
    ordered = client.post(
        f"{shop.stack.url}/p/{course.slug}", data={"rail": "crypto", "currency": "EUR", "key": form[1]}
    )
    order = f"{shop.stack.url}{httpx.URL(ordered.headers['location']).path}"

    def stage() -> str:
        return str(client.get(f"{order}/status").json()["stage"])

    wait_until(lambda: stage() == "payable", 60, "the invoice was not opened")
    pay = PAY.search(client.get(order).text)
    assert pay is not None
    assert client.post(pay[1], data={"share": "1"}).status_code == 200
    wait_until(lambda: stage() == "ready", 60, "the payment did not arrive")
    claim = client.post(f"{order}/claim").headers["location"]
    buyer = person()
    buyer.starts(claim)
    delivered = buyer.wait_for(lambda message: bool(links_in(message)), timeout=60)

    assert sha256_of(fetch(client, links_in(delivered)[0]).content) == course.sha256
    wait_until(lambda: stage() == "delivered", 60, "the page does not tell of the delivery")
    stranger = person()
    stranger.starts(claim)
    answer = stranger.wait_for("")
    assert not links_in(answer)


def test_a_refund_gives_the_stars_back_and_ends_the_link_at_its_next_click(
    shop: RunningStack,
    course: Course,
    person: Callable[..., Person],
    client: httpx.Client,
    comptoir: Comptoir,
) -> None:
    buyer = person()
    link = buy_with_stars(buyer)
    assert client.get(link).status_code == 302
    order = comptoir("orders", "find", str(buyer.id))["items"][0]["number"]

    comptoir("orders", "refund", order, "--reason", "asked for")
    refunded = buyer.wait_service("refunded", timeout=60)

    assert refunded.service is not None
    assert refunded.service["charge"] in shop.telegram.remote.refunds
    wait_until(lambda: client.get(link).status_code == 410, 60, "the link lives on")
