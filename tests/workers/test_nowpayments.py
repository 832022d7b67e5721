import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from core.kit.errors import ComptoirError, Permanent, ProviderUnavailable, RetryAfter, SettingError
from core.kit.money import Money
from core.process.settings import Settings
from scripts.sandbox.nowpayments.notices import Faults
from scripts.sandbox.nowpayments.sandbox import NowPaymentsSandbox
from workers import nowpayments
from workers.nowpayments import NowPayments

PRICE = Money(999, "EUR")
PAGE = "https://shop.example/p/cours"
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
Make = Callable[..., Settings]


@pytest.fixture
def sandbox() -> Iterator[NowPaymentsSandbox]:
    with NowPaymentsSandbox() as sandbox:
        sandbox.sender.faults = Faults(withhold=True)
        yield sandbox


@pytest.fixture
def account(settings: Make, sandbox: NowPaymentsSandbox) -> Iterator[Callable[..., NowPayments]]:
    """The adapter on the sandbox's account, unless told otherwise."""
    accounts: list[NowPayments] = []

    def make(**overrides: Any) -> NowPayments:
        reach = {name.lower(): value for name, value in sandbox.environment.items()}
        accounts.append(NowPayments(settings(**{"public_url": "https://shop.example", **reach, **overrides})))
        return accounts[-1]

    yield make
    for provider in accounts:
        provider.close()


@pytest.fixture
def answering() -> Iterator[Callable[[int, bytes, dict[str, str]], str]]:
    """Start a server that answers everything with one status, body and headers; its address."""
    servers: list[HTTPServer] = []

    def serve(status: int, body: bytes, headers: dict[str, str]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_invoice_carries_price_order_and_where_to_send_notices(
    account: Callable[..., NowPayments], sandbox: NowPaymentsSandbox
) -> None:
    opened = account().open_invoice("CMT-000001", PRICE, "Cours d'été " * 40, PAGE)
    invoice = sandbox.ledger.invoice(opened.provider_id)
    assert opened.pay_url == f"{sandbox.url}/payment/?iid={invoice.id}"
    assert (str(invoice.price), invoice.currency, invoice.order_id) == ("9.99", "eur", "CMT-000001")
    assert (invoice.callback, invoice.success_url) == ("https://shop.example/webhooks/nowpayments", PAGE)
    assert invoice.description.startswith("CMT-000001 Cours d'été")
    assert len(invoice.description) == nowpayments.DESCRIPTION_LIMIT


def test_the_whole_list_is_read_page_by_page(
    account: Callable[..., NowPayments], sandbox: NowPaymentsSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nowpayments, "PAGE", 2)
    opened = account().open_invoice("CMT-000001", PRICE, "Cours", PAGE)
    paid = [sandbox.pays(opened.provider_id).id for _ in range(5)]
    reports = list(account().reports(YESTERDAY, []))
    assert [report.provider_id for report in reports] == [str(number) for number in paid]
    assert {(report.stage, report.received) for report in reports} == {("finished", 999)}


def test_an_empty_list_is_no_report(account: Callable[..., NowPayments]) -> None:
    assert list(account().reports(YESTERDAY, ["1"])) == []


def test_without_the_login_the_known_payments_are_asked_for_one_by_one(
    account: Callable[..., NowPayments], sandbox: NowPaymentsSandbox
) -> None:
    provider = account(nowpayments_password="")
    opened = provider.open_invoice("CMT-000001", PRICE, "Cours", PAGE)
    listed, unlisted = sandbox.pays(opened.provider_id).id, sandbox.pays(opened.provider_id).id
    reports = list(provider.reports(YESTERDAY, [str(listed), "77"]))
    assert [report.provider_id for report in reports] == [str(listed)]
    assert str(unlisted) not in {report.provider_id for report in reports}


@pytest.mark.parametrize("wrong", ["nowpayments_api_key", "nowpayments_password"])
def test_a_wrong_secret_is_named_and_worth_another_try(
    account: Callable[..., NowPayments], wrong: str
) -> None:
    provider = account(**{wrong: "wrong"})
    with pytest.raises(ProviderUnavailable, match="NOWPAYMENTS_API_KEY"):
        list(provider.reports(YESTERDAY, []))


def test_a_price_that_they_refuse_is_permanent(account: Callable[..., NowPayments]) -> None:
    with pytest.raises(Permanent, match="INVALID_REQUEST_PARAMS"):
        account().open_invoice("CMT-000001", Money(5, "XTR"), "Cours", PAGE)


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind"),
    [
        (500, b"oops", {}, ProviderUnavailable),
        (502, b"<html>", {}, ProviderUnavailable),
        (200, b"not json", {}, ProviderUnavailable),
        (200, b"[]", {}, ProviderUnavailable),
        (200, b'{"id": 1}', {}, ProviderUnavailable),
        (200, b'{"id": 1, "invoice_url": "javascript:alert(1)"}', {}, Permanent),
        (429, b"", {"Retry-After": "7"}, RetryAfter),
        (429, b"", {}, RetryAfter),
        (422, b"[1]", {}, Permanent),
    ],
)
def test_every_odd_answer_has_its_error(
    account: Callable[..., NowPayments],
    answering: Callable[[int, bytes, dict[str, str]], str],
    status: int,
    body: bytes,
    headers: dict[str, str],
    kind: type[ComptoirError],
) -> None:
    provider = account(nowpayments_url=answering(status, body, headers))
    with pytest.raises(kind) as raised:
        provider.open_invoice("CMT-000001", PRICE, "Cours", PAGE)
    if isinstance(raised.value, RetryAfter):
        assert raised.value.seconds == (7 if headers else 60)


def test_in_production_an_invoice_without_tls_is_refused(account: Callable[..., NowPayments]) -> None:
    with pytest.raises(Permanent, match="not a web page"):
        account(env="production").open_invoice("CMT-000001", PRICE, "Cours", PAGE)


def test_a_provider_that_is_away_is_worth_another_try(account: Callable[..., NowPayments]) -> None:
    with pytest.raises(ProviderUnavailable, match="did not answer"):
        account(nowpayments_url="http://127.0.0.1:9/v1").open_invoice("CMT-1", PRICE, "Cours", PAGE)


def test_no_secret_is_in_any_error(account: Callable[..., NowPayments], sandbox: NowPaymentsSandbox) -> None:
    with pytest.raises(ProviderUnavailable) as raised:
        list(account(nowpayments_password="hunter2").reports(YESTERDAY, []))
    assert "hunter2" not in str(raised.value)
    assert sandbox.account.api_key not in str(raised.value)


def test_without_a_key_or_an_address_the_setting_is_named(account: Callable[..., NowPayments]) -> None:
    with pytest.raises(SettingError, match="NOWPAYMENTS_API_KEY"):
        account(nowpayments_api_key="")
    with pytest.raises(SettingError, match="PUBLIC_URL"):
        account(public_url="")
