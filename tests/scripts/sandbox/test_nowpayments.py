import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.kit.errors import Refused
from core.payments.rails.nowpayments.reports import verify
from core.payments.rails.port import PaymentReport
from scripts.embedded.nowpayments import NowPaymentsServer
from scripts.sandbox.nowpayments.notices import Faults
from scripts.sandbox.nowpayments.sandbox import NowPaymentsSandbox
from tests.support.waiting import wait_until

WANTED = {"price_amount": 9.99, "price_currency": "eur", "order_id": "CMT-000001", "order_description": "Été"}


class Shop:
    """A web server that keeps the notices it gets and answers them with `status`."""

    def __init__(self) -> None:
        self.notices: list[tuple[bytes, str]] = []
        self.status = 200
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.notices.append((body, self.headers["x-nowpayments-sig"]))
                self.send_response(shop.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ipn"

    def statuses(self) -> list[str]:
        return [json.loads(body)["payment_status"] for body, _ in self.notices]


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    thread = threading.Thread(target=shop.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()
    thread.join()


@pytest.fixture
def sandbox() -> Iterator[NowPaymentsSandbox]:
    with NowPaymentsSandbox(pause=0.02) as sandbox:
        yield sandbox


@pytest.fixture
def api(sandbox: NowPaymentsSandbox) -> Iterator[httpx.Client]:
    """Who knows the API key."""
    headers = {"x-api-key": sandbox.account.api_key}
    with httpx.Client(base_url=f"{sandbox.url}/v1", headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def invoice(api: httpx.Client, shop: Shop) -> str:
    """The id of an open invoice whose notices go to the shop."""
    answer = api.post("/invoice", json={**WANTED, "ipn_callback_url": shop.url})
    return str(answer.json()["id"])


def log_in(api: httpx.Client, sandbox: NowPaymentsSandbox) -> None:
    login = {"email": sandbox.account.email, "password": sandbox.account.password}
    api.headers["Authorization"] = f"Bearer {api.post('/auth', json=login).json()['token']}"


def test_an_invoice_has_an_id_and_a_page_that_shows_the_price(api: httpx.Client) -> None:
    opened = api.post("/invoice", json=WANTED).json()
    page = httpx.get(opened["invoice_url"], trust_env=False)
    assert page.status_code == 200
    assert "9.99 EUR" in page.text


@pytest.mark.parametrize(
    "wrong",
    [{"price_amount": 0}, {"price_amount": "9"}, {"price_currency": "xyz"}, {"ipn_callback_url": "ftp://x"}],
)
def test_an_invoice_is_refused_as_the_real_service_refuses_it(
    api: httpx.Client, wrong: dict[str, Any]
) -> None:
    answer = api.post("/invoice", json=WANTED | wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST_PARAMS")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/invoice"), ("GET", "/payment/1"), ("GET", "/payment/")]
)
def test_a_wrong_key_opens_nothing(api: httpx.Client, method: str, path: str) -> None:
    answer = api.request(method, path, json=WANTED, headers={"x-api-key": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_API_KEY")


def test_a_payment_sends_a_signed_notice_of_every_step(
    sandbox: NowPaymentsSandbox, shop: Shop, invoice: str
) -> None:
    sandbox.pays(invoice)
    assert shop.statuses() == ["waiting", "confirming", "confirmed", "sending", "finished"]
    last = [verify(sandbox.account.ipn_secret, *notice) for notice in shop.notices][-1]
    assert (last.order_number, last.received, last.invoice_id) == ("CMT-000001", 999, invoice)
    with pytest.raises(Refused, match="ipn-forged"):
        verify("another", *shop.notices[0])


@pytest.mark.parametrize(
    ("share", "end", "received"),
    [("0.5", "partially_paid", 499), ("1.2", "finished", 1198)],
)
def test_half_and_too_much_are_told_apart(
    sandbox: NowPaymentsSandbox, shop: Shop, invoice: str, share: str, end: str, received: int
) -> None:
    sandbox.pays(invoice, Decimal(share))
    last: PaymentReport = verify(sandbox.account.ipn_secret, *shop.notices[-1])
    assert (last.stage, last.received) == (end, received)


def test_a_late_payment_comes_after_its_expiry(sandbox: NowPaymentsSandbox, shop: Shop, invoice: str) -> None:
    sandbox.pays(invoice, late=True)
    assert shop.statuses()[:2] == ["waiting", "expired"]
    assert shop.statuses()[-1] == "finished"


def test_a_further_deposit_names_its_parent(sandbox: NowPaymentsSandbox, shop: Shop, invoice: str) -> None:
    first = sandbox.pays(invoice, Decimal("0.5"))
    sandbox.pays_more(first.id, Decimal("0.5"))
    assert verify(sandbox.account.ipn_secret, *shop.notices[-1]).parent_id == str(first.id)


def test_notices_can_be_kept_back_doubled_and_turned_round(
    sandbox: NowPaymentsSandbox, shop: Shop, invoice: str
) -> None:
    sandbox.sender.faults = Faults(withhold=True, copies=2, backwards=True)
    sandbox.expires(invoice)
    assert shop.notices == []
    sandbox.sender.release()
    assert shop.statuses() == ["waiting", "waiting", "expired", "expired"]
    shop.notices.clear()
    sandbox.sender.faults = Faults(backwards=True, copies=2)
    sandbox.pays(invoice)
    assert shop.statuses()[:3] == ["finished", "finished", "sending"]


def test_a_notice_can_be_delayed(sandbox: NowPaymentsSandbox, shop: Shop, invoice: str) -> None:
    sandbox.sender.faults = Faults(delay=0.05)
    sandbox.chooses(invoice)
    wait_until(lambda: shop.statuses() == ["waiting"], 60, "The delayed notice did not come")


def test_a_notice_that_is_not_accepted_is_sent_three_times(
    sandbox: NowPaymentsSandbox, shop: Shop, invoice: str
) -> None:
    shop.status = 500
    sandbox.chooses(invoice)
    wait_until(lambda: len(sandbox.sender.answers) == 3, 60, "The notice was not repeated")
    assert len({body for body, _ in shop.notices}) == 1


def test_a_payment_can_be_looked_at_and_the_list_asks_for_a_login(
    sandbox: NowPaymentsSandbox, api: httpx.Client, invoice: str
) -> None:
    payment = sandbox.pays(invoice)
    assert api.get(f"/payment/{payment.id}").json()["payment_status"] == "finished"
    assert api.get("/payment/77").status_code == 404
    assert api.get("/payment/").json()["code"] == "AUTH_REQUIRED"
    log_in(api, sandbox)
    assert [entry["payment_id"] for entry in api.get("/payment/").json()["data"]] == [payment.id]


def test_the_list_has_pages_and_bounds(sandbox: NowPaymentsSandbox, api: httpx.Client, invoice: str) -> None:
    payments = [sandbox.chooses(invoice).id for _ in range(5)]
    log_in(api, sandbox)
    pages = [api.get("/payment/", params={"limit": 2, "page": page}).json() for page in range(3)]
    assert [entry["payment_id"] for page in pages for entry in page["data"]] == payments
    assert {page["pagesCount"] for page in pages} == {3}
    assert api.get("/payment/", params={"limit": 501}).status_code == 400
    assert api.get("/payment/", params={"dateFrom": "2100-01-01"}).json()["data"] == []
    assert api.get("/payment/", params={"dateTo": "2000-01-01"}).json()["data"] == []


def test_the_list_is_sorted_as_asked_and_says_when_a_payment_was_made(
    sandbox: NowPaymentsSandbox, api: httpx.Client, invoice: str
) -> None:
    payments = [sandbox.chooses(invoice).id for _ in range(2)]
    log_in(api, sandbox)
    listed = api.get("/payment/", params={"sortBy": "created_at", "orderBy": "desc"}).json()["data"]
    assert [entry["payment_id"] for entry in listed] == payments[::-1]
    assert listed[0]["created_at"] <= listed[0]["updated_at"]
    for wrong in ({"orderBy": "down"}, {"sortBy": "beauty"}, {"dateTo": "tomorrow"}):
        assert api.get("/payment/", params=wrong).status_code == 400


def test_a_wrong_password_gets_no_token(api: httpx.Client) -> None:
    assert api.post("/auth", json={"email": "shop@sandbox.example", "password": "x"}).status_code == 403


def test_the_pay_page_pays(sandbox: NowPaymentsSandbox, shop: Shop, invoice: str) -> None:
    url = f"{sandbox.url}/payment/?iid={invoice}"
    answer = httpx.post(url, data={"share": "0.5"}, trust_env=False)
    assert answer.json()["payment_status"] == "partially_paid"
    assert httpx.post(url, data={"share": "many"}, trust_env=False).status_code == 400
    assert shop.statuses()[-1] == "partially_paid"


def test_as_a_process_it_prints_its_address_and_account() -> None:
    command = [sys.executable, "-m", "scripts.sandbox.nowpayments"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NOWPAYMENTS_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=clean) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        status = httpx.get(f"{ready['url']}/v1/status", trust_env=False)
        process.terminate()
    assert status.json() == {"message": "OK"}
    assert set(ready["environment"]) >= {"NOWPAYMENTS_API_KEY", "NOWPAYMENTS_IPN_SECRET"}
    assert process.returncode == 0


def test_as_a_part_of_the_stack_it_accepts_the_key_it_gives(tmp_path: Path) -> None:
    server = NowPaymentsServer(tmp_path, tmp_path / "log")
    server.start()
    try:
        headers = {"x-api-key": server.environment["NOWPAYMENTS_API_KEY"]}
        url = f"{server.environment['NOWPAYMENTS_URL']}/invoice"
        assert httpx.post(url, json=WANTED, headers=headers, trust_env=False).status_code == 200
    finally:
        server.stop()
