import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import msgspec
import pytest

from core.kit.errors import Permanent, ProviderUnavailable, RetryAfter
from core.payments.rails.stripe.protocol import OutcomeUnknown, StripeRefused
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.contract.paths import absent
from tests.contract.source import find
from tests.scripts.sandbox.stripe.stories import one_time
from tests.support.stripe_sandbox import judged_stripe
from workers.stripe import Addresses, Stripe

SESSIONS = "/v1/checkout/sessions"


class Session(msgspec.Struct):
    id: str
    status: str
    payment_intent: str | None = None


class Customer(msgspec.Struct):
    id: str
    name: str | None = None


class Named(msgspec.Struct):
    id: str


@pytest.fixture
def sandbox() -> Iterator[StripeSandbox]:
    with judged_stripe() as sandbox:
        yield sandbox


@pytest.fixture
def stripe(sandbox: StripeSandbox) -> Iterator[Stripe]:
    client = Stripe(sandbox.key, Addresses(sandbox.url, sandbox.url, sandbox.url))
    yield client
    client.close()


@pytest.fixture
def seller(sandbox: StripeSandbox) -> str:
    return sandbox.add_seller()


@pytest.fixture
def answering() -> Iterator[Callable[..., Stripe]]:
    """A client of a server that answers everything with one status, body and headers."""
    servers: list[HTTPServer] = []
    clients: list[Stripe] = []

    def serve(status: int, body: bytes, **headers: str) -> Stripe:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, text in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name.replace("_", "-"), text)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
        clients.append(Stripe("sk_test_1", Addresses(f"http://127.0.0.1:{servers[-1].server_port}")))
        return clients[-1]

    yield serve
    for client in clients:
        client.close()
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_the_tests_read_exists_in_the_contract() -> None:
    assert absent(Session, find("checkout._session", "Session")) == []


def test_a_sale_is_opened_and_read_for_the_sellers_account(
    sandbox: StripeSandbox, stripe: Stripe, seller: str
) -> None:
    opened = stripe.post(Session, SESSIONS, one_time(), key="order-1", account=seller)
    sandbox.pays(opened.id)
    paid = stripe.get(Session, f"{SESSIONS}/{opened.id}", account=seller)
    assert (paid.status, paid.payment_intent is not None) == ("complete", True)
    with pytest.raises(StripeRefused) as unseen:
        stripe.get(Session, f"{SESSIONS}/{opened.id}")
    assert unseen.value.code == "resource_missing"


def test_a_job_that_is_run_again_buys_once(sandbox: StripeSandbox, stripe: Stripe, seller: str) -> None:
    sandbox.break_things(cut_after=1)
    with pytest.raises(ProviderUnavailable):
        stripe.post(Session, SESSIONS, one_time(), key="order-1", account=seller)
    again = stripe.post(Session, SESSIONS, one_time(), key="order-1", account=seller)
    assert [one["id"] for one in sandbox.book.all(seller, "checkout.session")] == [again.id]


def test_a_failure_that_stripe_keeps_is_told_apart_from_one_that_passes(
    sandbox: StripeSandbox, stripe: Stripe, seller: str
) -> None:
    sandbox.break_things(fail_after=1)
    with pytest.raises(ProviderUnavailable) as first:
        stripe.post(Session, SESSIONS, one_time(), key="order-1", account=seller)
    assert not isinstance(first.value, OutcomeUnknown)
    with pytest.raises(OutcomeUnknown):
        stripe.post(Session, SESSIONS, one_time(), key="order-1", account=seller)
    assert len(list(stripe.pages(Session, SESSIONS, account=seller))) == 1  # it was carried out


def test_the_same_key_for_another_request_is_a_fault_of_ours(stripe: Stripe, seller: str) -> None:
    stripe.post(Session, SESSIONS, one_time(), key="order-1", account=seller)
    with pytest.raises(StripeRefused) as misused:
        stripe.post(Session, SESSIONS, one_time(amount=2000), key="order-1", account=seller)
    assert misused.value.code == "idempotency_error"


def test_429_waits_as_long_as_stripe_says(sandbox: StripeSandbox, stripe: Stripe) -> None:
    sandbox.break_things(busy=1, retry_after=7)
    with pytest.raises(RetryAfter) as busy:
        stripe.get(Named, "/v1/balance")
    assert busy.value.seconds == 7


def test_a_key_that_is_wrong_may_be_put_right(sandbox: StripeSandbox) -> None:
    stranger = Stripe("sk_test_other", Addresses(sandbox.url))
    with pytest.raises(ProviderUnavailable, match="STRIPE_SECRET_KEY"):
        stranger.get(Named, "/v1/customers/cus_1")
    stranger.close()


def test_a_seller_who_left_is_refused_for_good(sandbox: StripeSandbox, stripe: Stripe, seller: str) -> None:
    sandbox.disconnect(seller)
    with pytest.raises(StripeRefused) as left:
        stripe.get(Named, "/v1/customers/cus_1", account=seller)
    assert left.value.code == "account_invalid"


def test_a_refusal_is_told_by_its_code(sandbox: StripeSandbox, stripe: Stripe, seller: str) -> None:
    refund = {"charge": "ch_nothing"}
    with pytest.raises(StripeRefused) as missing:
        stripe.post(Named, "/v1/refunds", refund, key="refund-1", account=seller)
    assert missing.value.code == "resource_missing"
    assert "ch_nothing" in str(missing.value)


def test_a_list_is_read_to_its_end(
    sandbox: StripeSandbox, stripe: Stripe, seller: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(5):
        stripe.post(Customer, "/v1/customers", {"name": f"Zoé {place}"}, key=f"c{place}", account=seller)
    monkeypatch.setattr("workers.stripe.PAGE", 2)
    names = [one.name for one in stripe.pages(Customer, "/v1/customers", account=seller)]
    assert names == [f"Zoé {place}" for place in (4, 3, 2, 1, 0)]
    assert list(stripe.pages(Customer, "/v1/customers", {"email": "no@example.com"}, account=seller)) == []


def test_v2_is_spoken_in_json_files_in_multipart_and_oauth_without_a_key(
    sandbox: StripeSandbox, stripe: Stripe, seller: str
) -> None:
    account: dict[str, Any] = {"contact_email": "zoe@example.com", "metadata": {"seller": "7"}}
    made = stripe.post(Named, "/v2/core/accounts", account, key="seller-7")
    assert stripe.get(Named, f"/v2/core/accounts/{made.id}", {"include": ["requirements"]}).id == made.id
    proof = stripe.upload(Named, "proof.pdf", b"%PDF-1.7", key="proof-1", account=seller)
    assert proof.id.startswith("file_")
    wish = {"client_id": sandbox.book.application, "stripe_user_id": seller}
    stripe.exchange(msgspec.defstruct("Left", [("stripe_user_id", str)]), "/oauth/deauthorize", wish)
    with pytest.raises(StripeRefused) as unknown:
        stripe.exchange(Named, "/oauth/token", {"grant_type": "authorization_code", "code": "ac_1"})
    assert unknown.value.code == "invalid_grant"


def test_something_is_ended(stripe: Stripe) -> None:
    wish: dict[str, Any] = {"url": "https://shop.example/hook", "enabled_events": ["invoice.paid"]}
    endpoint = stripe.post(Named, "/v1/webhook_endpoints", wish, key="hook-1")
    assert stripe.delete(Named, f"/v1/webhook_endpoints/{endpoint.id}").id == endpoint.id


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/v1/charges/ch_1?expand[]=x", "k"),
        ("/v1/charges/../accounts", "k"),
        ("/v1/charges/", "k"),
        ("v1/charges", "k"),
        ("/v1/refunds", ""),
        ("/v1/refunds", "k" * 256),
        ("/v1/refunds", "a\nb"),
        ("/v1/refunds", "clé"),
    ],
)
def test_a_request_that_is_none_is_not_sent(stripe: Stripe, path: str, key: str) -> None:
    with pytest.raises(Permanent, match="a fault of ours"):
        stripe.post(Named, path, {}, key=key)


@pytest.mark.parametrize(
    ("status", "body", "headers", "expected"),
    [
        (200, b"<html>", {}, ProviderUnavailable),
        (200, b'{"object": "charge"}', {}, ProviderUnavailable),
        (302, b"", {"Location": "https://elsewhere.example/"}, StripeRefused),
        (400, b"[]", {}, StripeRefused),
        (402, b'{"error": {"type": "card_error", "code": "card_declined"}}', {}, StripeRefused),
        (403, b'{"error": {"message": "a restricted key"}}', {}, ProviderUnavailable),
        (409, b'{"error": {"code": "lock_timeout"}}', {}, RetryAfter),
        (429, b"", {}, RetryAfter),
        (429, b"", {"Retry_After": "soon"}, RetryAfter),
        (500, b"", {}, ProviderUnavailable),
        (503, b"", {"Idempotent_Replayed": "true"}, OutcomeUnknown),
    ],
)
def test_every_answer_means_one_thing_for_the_job(
    answering: Callable[..., Stripe],
    status: int,
    body: bytes,
    headers: dict[str, str],
    expected: type[Exception],
) -> None:
    with pytest.raises(expected) as raised:
        answering(status, body, **headers).get(Named, "/v1/charges/ch_1")
    assert type(raised.value) is expected


def test_no_answer_is_tried_again() -> None:
    client = Stripe("sk_test_1", Addresses("http://127.0.0.1:1"))
    with pytest.raises(ProviderUnavailable, match="ConnectError"):
        client.get(Named, "/v1/balance")
    client.close()
