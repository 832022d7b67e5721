"""Stripe's own library as a second client: it knows nothing of us, and reads every answer and error."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from scripts.sandbox.stripe.book import DAY, VERSION
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.scripts.sandbox.stripe.conftest import Shop
from tests.scripts.sandbox.stripe.stories import membership, one_time

On = dict[str, Any]


@pytest.fixture
def client(sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch) -> stripe.StripeClient:
    monkeypatch.setattr(stripe, "enable_telemetry", False)
    addresses: Any = dict.fromkeys(("api", "connect", "files"), sandbox.url)
    return stripe.StripeClient(sandbox.key, base_addresses=addresses, max_network_retries=0)


@pytest.fixture
def on(seller: str) -> On:
    return {"stripe_account": seller}


@pytest.fixture
def buy(client: stripe.StripeClient, sandbox: StripeSandbox, on: On) -> Callable[..., Any]:
    def buy(how: str = "ok", **more: Any) -> Any:
        session = client.v1.checkout.sessions.create(one_time(**more), on)
        sandbox.perform("pays", {"session": session.id, "how": how})
        return client.v1.checkout.sessions.retrieve(session.id, options=on)

    return buy


def test_the_stand_in_has_the_version_of_the_library() -> None:
    assert stripe.api_version == VERSION


def test_a_sale_its_part_refund_and_the_fee_in_proportion(
    client: Any, buy: Callable[..., Any], on: On
) -> None:
    session = buy()
    assert (session.status, session.payment_status) == ("complete", "paid")
    wish = {"payment_intent": session.payment_intent, "amount": 400, "refund_application_fee": True}
    refund = client.v1.refunds.create(wish, {**on, "idempotency_key": "refund-1"})
    replayed = client.v1.refunds.create(wish, {**on, "idempotency_key": "refund-1"})
    assert replayed.id == refund.id
    fee = client.v1.application_fees.list({"charge": refund.charge}).data[0]
    assert (fee.amount, fee.amount_refunded) == (100, 40)
    with pytest.raises(stripe.IdempotencyError):
        client.v1.refunds.create(wish | {"amount": 5}, {**on, "idempotency_key": "refund-1"})
    charge = client.v1.charges.retrieve(refund.charge, {"expand": ["balance_transaction", "refunds"]}, on)
    assert charge.balance_transaction.net == 1000 - 59 - 100
    assert charge.refunds.data[0].id == refund.id


def test_errors_are_those_that_the_library_knows(
    client: Any, sandbox: StripeSandbox, buy: Callable[..., Any], on: On
) -> None:
    session = buy()
    with pytest.raises(stripe.InvalidRequestError) as unseen:
        client.v1.payment_intents.retrieve(session.payment_intent)  # the platform does not see it
    assert (unseen.value.http_status, unseen.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.checkout.sessions.create(one_time() | {"aplication_fee": 3}, on)
    assert (unknown.value.code, unknown.value.param) == ("parameter_unknown", "aplication_fee")
    assert sandbox.faults.pop() == "POST /v1/checkout/sessions: aplication_fee: unknown"
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve(options={"stripe_account": "acct_nobody"})
    sandbox.break_things(busy=1, retry_after=7)
    with pytest.raises(stripe.RateLimitError) as busy:
        client.v1.balance.retrieve(options=on)
    assert (busy.value.headers or {})["retry-after"] == "7"
    sandbox.break_things(fail_after=1)
    with pytest.raises(stripe.APIError):
        client.v1.customers.create({}, on)
    sandbox.break_things(cut_after=1)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({}, on)
    assert len(client.v1.customers.list({}, on).data) == 2  # both were carried out


def test_the_library_tries_again_by_itself_and_buys_once(sandbox: StripeSandbox, seller: str) -> None:
    addresses: Any = {"api": sandbox.url}
    client: Any = stripe.StripeClient(sandbox.key, base_addresses=addresses, max_network_retries=1)
    sandbox.break_things(cut_after=1)
    session = client.v1.checkout.sessions.create(one_time(), {"stripe_account": seller})
    assert [session.id] == [one["id"] for one in sandbox.book.all(seller, "checkout.session")]


def test_events_verify_with_the_library_and_are_listed(
    client: Any, sandbox: StripeSandbox, shop: Shop, buy: Callable[..., Any], on: On
) -> None:
    received: list[Any] = []
    receive = shop.receive

    def construct(body: bytes, header: str) -> int:
        received.append(stripe.Webhook.construct_event(body, header, shop.secrets[0]))
        return receive(body, header)

    shop.receive = construct  # type: ignore[method-assign]
    session = buy(fee=0)
    assert {event.account for event in received} == {on["stripe_account"]}
    assert received[-1].type == "checkout.session.completed"
    listed = client.v1.events.list({"types": ["checkout.session.completed"], "limit": 1}, on)
    assert listed.data[0].id == received[-1].id
    assert listed.data[0].data.object.id == session.id
    assert client.v1.events.list({"delivery_success": False}, on).data == []


def test_an_account_of_v2_is_onboarded_and_its_thin_event_read(client: Any, sandbox: StripeSandbox) -> None:
    account = client.v2.core.accounts.create(
        {
            "contact_email": "zoe@example.com",
            "dashboard": "full",
            "identity": {"country": "fr"},
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        }
    )
    onboarding = {
        "refresh_url": "https://e/again",
        "return_url": "https://e/back",
    }
    link = client.v2.core.account_links.create(
        {"account": account.id, "use_case": {"type": "account_onboarding", "account_onboarding": onboarding}}
    )
    assert sandbox.onboard(link.url) == "https://e/back"
    assert sandbox.onboard(link.url) == "https://e/again"  # good once
    wish = {"include": ["configuration.merchant", "requirements"]}
    ready = client.v2.core.accounts.retrieve(account.id, wish)
    assert ready.configuration.merchant.capabilities.card_payments.status == "active"
    thin = [sent.event for sent in sandbox.book.events if sent.event["object"] == "v2.core.event"]
    event = client.v2.core.events.retrieve(thin[-1]["id"])
    assert event.related_object.id == account.id


def test_oauth_gives_the_account_for_a_code_that_is_good_once(client: Any, sandbox: StripeSandbox) -> None:
    page = client.oauth.authorize_url(
        {
            "client_id": sandbox.book.application,
            "scope": "read_write",
            "state": "s1",
            "redirect_uri": "https://e/cb",
        }
    )
    assert page.startswith(f"{sandbox.url}/oauth/authorize?")
    where = sandbox.pages.press(page.removeprefix(sandbox.url), "connect")
    code = where.partition("code=")[2].partition("&")[0]
    assert where.endswith("&state=s1")
    wish = {"grant_type": "authorization_code", "code": code}
    account = client.oauth.token(wish).stripe_user_id
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        client.oauth.token(wish)
    client.v1.balance.retrieve(options={"stripe_account": account})
    client.oauth.deauthorize({"client_id": sandbox.book.application, "stripe_user_id": account})
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve(options={"stripe_account": account})


def test_a_dispute_is_answered_with_a_file(client: Any, sandbox: StripeSandbox, buy: Any, on: On) -> None:
    session = buy("fraud")
    dispute = client.v1.disputes.list({"payment_intent": session.payment_intent}, on).data[0]
    proof = io.BytesIO(b"%PDF-1.7 proof")
    proof.name = "proof.pdf"
    file = client.v1.files.create({"purpose": "dispute_evidence", "file": proof}, dict(on))
    staged = {"receipt": file.id, "uncategorized_text": "downloaded 3 times"}
    client.v1.disputes.update(dispute.id, {"evidence": staged, "submit": False}, on)
    answered = client.v1.disputes.update(dispute.id, {"evidence": staged}, on)
    assert answered.status == "under_review"
    sandbox.decides(dispute.id, "won")
    won = client.v1.disputes.retrieve(dispute.id, options=on)
    assert [line.net for line in won.balance_transactions] == [-3000, 1000]


def test_a_subscription_renews_fails_and_ends(client: Any, sandbox: StripeSandbox, on: On) -> None:
    session = client.v1.checkout.sessions.create(membership(), on)
    assert session.subscription is None
    sandbox.pays(session.id)
    session = client.v1.checkout.sessions.retrieve(session.id, options=on)
    subscription = client.v1.subscriptions.retrieve(session.subscription, options=on)
    first_end = subscription["items"].data[0].current_period_end
    sandbox.advance_to(first_end + DAY)
    invoices = client.v1.invoices.list(
        {"subscription": subscription.id, "expand": ["data.payments"]}, on
    ).data
    assert [invoice.status for invoice in invoices] == ["paid", "paid"]
    assert invoices[0].payments.data[0].payment.payment_intent.startswith("pi_")
    sandbox.next_card(subscription.customer, "decline")
    sandbox.advance(32 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id, options=on).status == "past_due"
    sandbox.advance(16 * DAY)
    assert client.v1.subscriptions.retrieve(subscription.id, options=on).status == "canceled"


def test_the_portal_wants_a_configuration(client: Any, on: On) -> None:
    customer = client.v1.customers.create({"email": "buyer@example.com"}, on)
    with pytest.raises(stripe.InvalidRequestError, match="No configuration provided"):
        client.v1.billing_portal.sessions.create({"customer": customer.id}, on)
    features = {"subscription_cancel": {"enabled": True}, "payment_method_update": {"enabled": True}}
    client.v1.billing_portal.configurations.create({"features": features}, on)
    portal = client.v1.billing_portal.sessions.create(
        {"customer": customer.id, "return_url": "https://e/me"}, on
    )
    assert "/portal/bps_" in portal.url
