"""The stand-in as a process of its own, and over HTTP: its pages and its driver's verbs."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.embedded.stripe import StripeServer
from scripts.sandbox.stripe.sandbox import VERBS, StripeSandbox
from tests.scripts.sandbox.stripe.conftest import Ask, Shop
from tests.scripts.sandbox.stripe.stories import membership, one_time

Done = Callable[..., dict[str, Any]]


def test_it_runs_as_a_process_that_says_where_it_is_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-m", "scripts.sandbox.stripe"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        headers = {"authorization": f"Bearer {ready['environment']['STRIPE_SECRET_KEY']}"}
        answer = httpx.get(f"{ready['url']}/v1/balance", headers=headers, trust_env=False)
        process.terminate()
        assert process.wait(20) == 0
    assert answer.json()["object"] == "balance"


def test_a_buyer_presses_on_the_page_and_comes_back_after_the_webhook(
    shop: Shop, ask: Ask, done: Done, seller: str
) -> None:
    session = done("POST", "/v1/checkout/sessions", one_time(), account=seller)
    page = f"/pay/{session['id']}"
    assert "Course" in ask("GET", page).text
    assert ask("POST", page, {"act": "leave"}).headers["location"] == "https://shop.example/no"
    assert ask("POST", page, {"act": "action"}).headers["location"].endswith(page)
    assert "Authenticate" in ask("GET", page).text
    paid = ask("POST", page, {"act": "authenticated", "email": "zoe@example.com"})
    assert paid.headers["location"] == f"https://shop.example/ok?session={session['id']}"
    assert shop.types[-1] == "checkout.session.completed"
    assert "closed" in ask("GET", page).text
    assert ask("GET", "/pay/cs_nothing").status_code == 404
    assert ask("GET", "/elsewhere").status_code == 404


def test_a_page_says_what_went_wrong_and_lets_a_debit_come_in(ask: Ask, done: Done, seller: str) -> None:
    session = done("POST", "/v1/checkout/sessions", one_time(), account=seller)
    page = f"/pay/{session['id']}"
    assert "<b>10.00 EUR</b>" in ask("GET", page).text
    ask("POST", page, {"act": "decline"})
    assert "Your card was declined." in ask("GET", page).text
    ask("POST", page, {"act": "later"})
    assert "complete, and unpaid" in ask("GET", page).text
    ask("POST", page, {"act": "arrives"})
    assert "complete, and paid" in ask("GET", page).text
    assert ask("POST", page, {"act": "arrives"}).status_code == 400


def test_a_subscription_is_not_debited_from_a_bank(ask: Ask, done: Done, seller: str) -> None:
    session = done("POST", "/v1/checkout/sessions", membership(), account=seller)
    page = f"/pay/{session['id']}"
    assert "bank debit" not in ask("GET", page).text
    assert ask("POST", page, {"act": "later"}).status_code == 400
    assert ask("POST", page, {"act": "nothing"}).status_code == 400


def test_names_of_goods_are_text_on_the_page(ask: Ask, done: Done, seller: str) -> None:
    wish = one_time()
    wish["line_items"][0]["price_data"]["product_data"]["name"] = "<script>alert(1)</script>"
    session = done("POST", "/v1/checkout/sessions", wish, account=seller)
    assert "<script>" not in ask("GET", f"/pay/{session['id']}").text


def test_a_driver_elsewhere_does_the_verbs_with_the_key(
    sandbox: StripeSandbox, ask: Ask, done: Done, seller: str
) -> None:
    def drive(verb: str, **arguments: Any) -> Any:
        headers = {"authorization": f"Bearer {sandbox.key}"}
        answer = httpx.post(f"{sandbox.url}/sandbox/{verb}", json=arguments, headers=headers, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()["answer"]

    account = drive("add_seller")
    session = done("POST", "/v1/checkout/sessions", one_time(), account=account)
    assert drive("pays", session=session["id"])["payment_status"] == "paid"
    moment = drive("advance", seconds=60)
    state = drive("export")
    assert state["now"] >= moment
    assert session["id"] in state["accounts"][account]["checkout.session"]
    assert set(VERBS) <= set(dir(sandbox))
    assert ask("POST", "/sandbox/advance", authorization="Bearer other").status_code == 401
    for verb in ("stop", "perform", "nothing"):
        assert ask("POST", f"/sandbox/{verb}").status_code == 400


@pytest.mark.parametrize("length", ["x", "99999999999"])
def test_a_body_of_no_sensible_length_is_refused(sandbox: StripeSandbox, length: str) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(f"POST /v1/refunds HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b" 413 " in connection.recv(100)


def test_as_a_part_of_the_stack_it_tells_the_shop_with_the_secrets_it_gives(tmp_path: Path) -> None:
    server = StripeServer(tmp_path, tmp_path / "log", "http://127.0.0.1:1")
    server.start()
    try:
        headers = {"authorization": f"Bearer {server.environment['STRIPE_SECRET_KEY']}"}
        url = f"{server.environment['STRIPE_ADDRESS']}/v1/webhook_endpoints"
        endpoints = httpx.get(url, headers=headers, trust_env=False).json()["data"]
    finally:
        server.stop()
    assert {each["url"] for each in endpoints} == {"http://127.0.0.1:1/webhooks/stripe"}
    client = server.environment["STRIPE_CLIENT_ID"]
    assert sorted(each["application"] or "" for each in endpoints) == ["", client]
    assert len(server.environment["STRIPE_WEBHOOK_SECRETS"].split(",")) == 2
