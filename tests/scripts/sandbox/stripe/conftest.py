"""A loopback Stripe of which every request, answer and event is judged by Stripe's own contract."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from core.payments.rails.stripe.protocol import form, is_signed
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.support.stripe_sandbox import judged_stripe

Ask = Callable[..., httpx.Response]
Done = Callable[..., dict[str, Any]]
Buy = Callable[[dict[str, Any], str], dict[str, Any]]


class Shop:
    """An address for webhooks: `events` that were signed rightly, as they came; `answers`: its next ones."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.headers: list[str] = []
        self.forged = 0
        self.answers: list[int] = []
        self.secrets: list[str] = []
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(shop.receive(body, self.headers["Stripe-Signature"]))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def receive(self, body: bytes, header: str) -> int:
        self.headers.append(header)
        if not is_signed(self.secrets, body, header, time.time()):
            self.forged += 1
            return 400
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.events.append(json.loads(body))
        return status

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def sandbox() -> Iterator[StripeSandbox]:
    with judged_stripe() as sandbox:
        yield sandbox


@pytest.fixture
def shop(sandbox: StripeSandbox, seller: str) -> Iterator[Shop]:
    """Two endpoints: what happens from now on to the seller's account, and to the platform's own."""
    shop = Shop()
    shop.secrets = [sandbox.listen(shop.url, connect=connect) for connect in (True, False)]
    yield shop
    assert shop.forged == 0
    shop.close()


@pytest.fixture
def seller(sandbox: StripeSandbox) -> str:
    return sandbox.add_seller()


@pytest.fixture
def ask(sandbox: StripeSandbox) -> Iterator[Ask]:
    """A request in the plainest way: forms, JSON for v2, no retries."""
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a real one takes longer than a test
    with httpx.Client(base_url=sandbox.url, trust_env=False, verify=nobody, timeout=5) as client:

        def ask(
            verb: str, path: str, fields: dict[str, Any] | None = None, account: str = "", **headers: str
        ) -> httpx.Response:
            sent = {"authorization": f"Bearer {sandbox.key}"} | (
                {"stripe-account": account} if account else {}
            )
            sent |= {name.replace("_", "-"): text for name, text in headers.items()}
            pairs = dict(form(fields or {}))
            if path.startswith("/v2/") and verb == "POST":
                return client.request(verb, path, json=fields, headers=sent)
            if verb == "GET":
                return client.get(path, params=pairs or None, headers=sent)
            return client.request(verb, path, data=pairs, headers=sent)

        yield ask


@pytest.fixture
def done(ask: Ask) -> Done:
    """The body of an answer that must be 200."""

    def done(*arguments: Any, **headers: Any) -> dict[str, Any]:
        answer = ask(*arguments, **headers)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return done


@pytest.fixture
def buy(sandbox: StripeSandbox, done: Done, seller: str) -> Buy:
    """Open a session of these parameters and pay it; the session then."""

    def buy(parameters: dict[str, Any], how: str) -> dict[str, Any]:
        session = done("POST", "/v1/checkout/sessions", parameters, account=seller)
        paid: dict[str, Any] = sandbox.perform("pays", {"session": session["id"], "how": how})
        return paid

    return buy
