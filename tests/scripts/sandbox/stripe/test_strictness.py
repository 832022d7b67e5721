"""What Stripe refuses, the stand-in refuses: keys, accounts, parameters, amounts, cursors, idempotency."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from scripts.sandbox.stripe.book import DAY
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.scripts.sandbox.stripe.conftest import Ask
from tests.scripts.sandbox.stripe.stories import membership, one_time

Done = Callable[..., dict[str, Any]]
SESSIONS = "/v1/checkout/sessions"
QUANTITY = "line_items[0][quantity]"


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    error = answer.json()["error"]
    return answer.status_code, error.get("code", error["type"]), error.get("param")


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ({"mode": "setup"}, ("parameter_invalid", "mode")),
        ({"line_items": []}, ("parameter_missing", "line_items")),
        ({"success_url": None}, ("parameter_missing", "success_url")),
        ({"expires_at": 5}, ("parameter_invalid", "expires_at")),
        ({"customer": "cus_nobody"}, ("resource_missing", "customer")),
        ({"automatic_tax": {"enabled": True}}, ("customer_tax_location_invalid", "automatic_tax[enabled]")),
        ({"subscription_data": {"metadata": {"a": "b"}}}, ("parameter_invalid", "subscription_data")),
        (one_time(fee=1001), ("parameter_invalid", "payment_intent_data[application_fee_amount]")),
        (one_time(amount=49, fee=0), ("amount_too_small", None)),
        (one_time(amount=100_000_000, fee=0), ("amount_too_large", None)),
        (one_time(currency="EUR"), ("parameter_invalid", "currency")),
        (one_time(currency="isk"), None),
        (
            one_time(amount=1001, currency="isk"),
            ("invalid_charge_amount", "line_items[0][price_data][unit_amount]"),
        ),
        (
            one_time(amount=1005, currency="kwd"),
            ("invalid_charge_amount", "line_items[0][price_data][unit_amount]"),
        ),
        (membership(data={"application_fee_percent": 10.005}), ("parameter_invalid", None)),
        (membership() | {"mode": "payment"}, ("parameter_invalid", "mode")),
        (one_time() | {"mode": "subscription"}, ("parameter_invalid", "line_items")),
    ],
)
def test_a_session_that_stripe_would_not_open_is_refused(
    sandbox: StripeSandbox, ask: Ask, seller: str, session: dict[str, Any], expected: Any
) -> None:
    whole = session if session.get("success_url") else one_time() | session
    answer = ask("POST", SESSIONS, whole, account=seller)
    sandbox.faults.clear()  # the contract names some of them too
    if expected is None:
        assert answer.status_code == 200
        return
    status, code, param = refusal(answer)
    assert (status, code) == (404 if code == "resource_missing" else 400, expected[0])
    assert expected[1] in (None, param)


def test_a_form_is_read_by_the_stand_ins_own_table_before_any_contract(seller: str) -> None:
    with StripeSandbox() as plain:  # as `comptoir up` starts it, without a judge
        account = plain.add_seller()
        client = httpx.Client(base_url=plain.url, trust_env=False, verify=False)
        headers = {"authorization": f"Bearer {plain.key}", "stripe-account": account}
        for body, expected in (
            ("mode=payment&colour=red", ("parameter_unknown", "colour")),
            ("mode=payment&line_items[0][qty]=1", ("parameter_unknown", "line_items[0][qty]")),
            (
                "mode=payment&line_items[0][quantity]=1.5",
                ("parameter_invalid_integer", QUANTITY),
            ),
            ("mode=payment&automatic_tax[enabled]=yes", ("parameter_invalid", "automatic_tax[enabled]")),
            ("line_items[0][quantity]=1", ("parameter_missing", "mode")),
            ("mode=payment&metadata=x", ("parameter_invalid", "metadata")),
            ("mode=payment&mode[a]=x", ("parameter_invalid", "mode")),
            ("mode=payment&a]b=x", ("parameter_unknown", "a]b")),
        ):
            answer = client.post(SESSIONS, content=body, headers=headers)
            assert refusal(answer) == (400, *expected)
        client.close()


def test_a_key_that_is_not_ours_opens_nothing(ask: Ask) -> None:
    assert ask("GET", "/v1/balance", authorization="Bearer sk_test_other").status_code == 401
    assert ask("GET", "/v1/balance", authorization="").status_code == 401


def test_an_address_that_stripe_does_not_have_is_404(ask: Ask) -> None:
    assert refusal(ask("GET", "/v1/nothing"))[:2] == (404, "url_invalid")
    assert refusal(ask("DELETE", "/v1/charges/ch_1"))[:2] == (404, "url_invalid")


def test_a_version_that_is_none_is_refused(ask: Ask) -> None:
    assert ask("GET", "/v1/balance", stripe_version="latest").status_code == 400
    answer = ask("GET", "/v1/balance", stripe_version="2026-09-30.endive")
    assert answer.headers["stripe-version"] == "2026-09-30.endive"


def test_objects_are_seen_by_their_own_account_alone(
    sandbox: StripeSandbox, ask: Ask, done: Done, seller: str
) -> None:
    session = done("POST", SESSIONS, one_time(), account=seller)
    path = f"{SESSIONS}/{session['id']}"
    assert ask("GET", path).status_code == 404
    assert ask("GET", path, account=sandbox.add_seller()).status_code == 404
    assert ask("GET", path, account="acct_nobody").status_code == 403
    assert done("GET", path, account=seller)["id"] == session["id"]


def test_a_seller_who_is_not_ready_sells_nothing(sandbox: StripeSandbox, ask: Ask) -> None:
    account = sandbox.add_seller("restricted")
    assert refusal(ask("POST", SESSIONS, one_time(), account=account))[:2] == (400, "account_invalid")


def test_the_operator_sells_without_an_account_and_without_a_fee(
    sandbox: StripeSandbox, ask: Ask, done: Done
) -> None:
    assert ask("POST", SESSIONS, one_time(fee=10)).status_code == 400
    session = done("POST", SESSIONS, one_time(fee=0))
    assert sandbox.pays(session["id"])["payment_status"] == "paid"


def test_a_key_of_idempotency_stands_for_one_request_for_a_day(
    sandbox: StripeSandbox, ask: Ask, done: Done, seller: str
) -> None:
    first = done("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-1")
    again = ask("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-1")
    assert (again.json()["id"], again.headers["idempotent-replayed"]) == (first["id"], "true")
    other = ask("POST", SESSIONS, one_time(amount=5000), account=seller, idempotency_key="order-1")
    assert other.json()["error"]["type"] == "idempotency_error"
    second = sandbox.add_seller()  # keys are an account's own
    elsewhere = done("POST", SESSIONS, one_time(), account=second, idempotency_key="order-1")
    assert elsewhere["id"] != first["id"]
    sandbox.advance(DAY + 1)
    later = done("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-1")
    assert later["id"] != first["id"]
    assert ask("POST", SESSIONS, one_time(), account=seller, idempotency_key="k" * 256).status_code == 400


def test_refused_parameters_are_not_kept_for_a_key(ask: Ask, done: Done, seller: str) -> None:
    wrong = one_time(amount=1, fee=0)
    assert ask("POST", SESSIONS, wrong, account=seller, idempotency_key="order-2").status_code == 400
    assert done("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-2")


def test_a_500_after_the_work_is_kept_and_a_cut_answer_comes_on_asking_again(
    sandbox: StripeSandbox, ask: Ask, done: Done, seller: str
) -> None:
    sandbox.break_things(fail_after=1)
    for _ in range(2):
        failed = ask("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-3")
        assert failed.status_code == 500
    sandbox.break_things(cut_after=1)
    with pytest.raises(httpx.RemoteProtocolError):
        ask("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-4")
    replayed = done("POST", SESSIONS, one_time(), account=seller, idempotency_key="order-4")
    made = [one["id"] for one in sandbox.book.all(seller, "checkout.session")]
    assert made[1:] == [replayed["id"]]
    assert len(made) == 2  # that of the 500 too


def test_a_key_whose_request_is_being_carried_out_is_409(
    sandbox: StripeSandbox, ask: Ask, seller: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = threading.Event()
    claim = sandbox.api._claim

    def tell(*arguments: Any) -> Any:
        kept = claim(*arguments)
        taken.set()
        return kept

    monkeypatch.setattr(sandbox.api, "_claim", tell)
    sandbox.break_things(slow=0.2)
    with ThreadPoolExecutor(1) as pool:
        wish = ("POST", SESSIONS, one_time(), seller)
        first = pool.submit(ask, *wish, idempotency_key="order-5")
        assert taken.wait(10)
        second = ask(*wish, idempotency_key="order-5")
    assert refusal(second)[:2] == (409, "idempotency_key_in_use")
    assert first.result().status_code == 200


def test_429_names_the_seconds_to_wait(sandbox: StripeSandbox, ask: Ask) -> None:
    sandbox.break_things(busy=1, retry_after=3)
    answer = ask("GET", "/v1/balance")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert ask("GET", "/v1/balance").status_code == 200


def test_a_list_is_walked_by_cursors_in_both_directions(ask: Ask, done: Done, seller: str) -> None:
    made = [done("POST", "/v1/customers", {"name": str(place)}, account=seller)["id"] for place in range(5)]
    first = done("GET", "/v1/customers", {"limit": 2}, account=seller)
    assert ([one["id"] for one in first["data"]], first["has_more"]) == (made[:2:-1], True)
    last = done("GET", "/v1/customers", {"limit": 3, "starting_after": made[3]}, account=seller)
    assert ([one["id"] for one in last["data"]], last["has_more"]) == (made[2::-1], False)
    back = done("GET", "/v1/customers", {"limit": 2, "ending_before": made[1]}, account=seller)
    assert ([one["id"] for one in back["data"]], back["has_more"]) == ([made[3], made[2]], True)
    assert ask("GET", "/v1/customers", {"limit": 101}, account=seller).status_code == 400
    assert ask("GET", "/v1/customers", {"starting_after": "cus_none"}, account=seller).status_code == 404
    created = done("GET", "/v1/customers", {"created": {"gt": 9_999_999_999}}, account=seller)
    assert created["data"] == []


def test_fields_are_expanded_as_deep_as_four(
    sandbox: StripeSandbox, ask: Ask, done: Done, seller: str
) -> None:
    session = sandbox.pays(done("POST", SESSIONS, one_time(), account=seller)["id"])
    path = f"{SESSIONS}/{session['id']}"
    wish = {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    whole = done("GET", path, wish, account=seller)
    assert whole["payment_intent"]["latest_charge"]["balance_transaction"]["fee"] == 59 + 100
    assert whole["line_items"]["data"][0]["amount_total"] == 1000
    assert isinstance(done("GET", path, account=seller)["payment_intent"], str)
    listed = done("GET", SESSIONS, {"expand": ["data.payment_intent"]}, account=seller)
    assert listed["data"][0]["payment_intent"]["status"] == "succeeded"
    for wrong in ("colour", "amount_total", "a.b.c.d.e"):
        assert ask("GET", path, {"expand": [wrong]}, account=seller).status_code == 400
