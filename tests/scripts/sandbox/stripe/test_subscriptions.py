from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.sandbox.stripe.book import DAY
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.scripts.sandbox.stripe.conftest import Ask, Buy, Done
from tests.scripts.sandbox.stripe.stories import membership

Join = Callable[..., dict[str, Any]]


@pytest.fixture
def join(buy: Buy, done: Done, seller: str) -> Join:
    """A membership that was bought; the subscription."""

    def join(how: str = "ok", **more: Any) -> dict[str, Any]:
        paid = buy(membership(**more), how)
        return done("GET", f"/v1/subscriptions/{paid['subscription']}", account=seller)

    return join


@pytest.fixture
def now(done: Done, seller: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A subscription as it is now."""
    return lambda subscription: done("GET", f"/v1/subscriptions/{subscription['id']}", account=seller)


def types(sandbox: StripeSandbox, account: str, prefix: str) -> list[str]:
    kinds = [sent.event["type"] for sent in sandbox.book.events if sent.account == account]
    return [kind for kind in kinds if kind.startswith(prefix)]


def period_end(subscription: dict[str, Any]) -> int:
    end: int = subscription["items"]["data"][0]["current_period_end"]
    return end


def lines(sandbox: StripeSandbox, account: str | None) -> int:
    return sum(line["amount"] for line in sandbox.book.all(account, "balance_transaction"))


def test_24_months_from_the_31st_of_january_end_on_each_months_last_day(
    sandbox: StripeSandbox, join: Join, seller: str
) -> None:
    year = datetime.fromtimestamp(sandbox.book.now(), UTC).year + 1
    sandbox.advance_to(int(datetime(year, 1, 31, 12, tzinfo=UTC).timestamp()))
    join()
    sandbox.advance_to(int(datetime(year + 2, 1, 31, 11, tzinfo=UTC).timestamp()))
    invoices = sandbox.book.all(seller, "invoice")
    starts = [datetime.fromtimestamp(one["lines"]["data"][0]["period"]["start"], UTC) for one in invoices]
    leap = year % 4 == 0 and 29
    assert [start.day for start in starts[:12]] == [31, leap or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert len(invoices) == 24
    assert {invoice["status"] for invoice in invoices} == {"paid"}
    assert lines(sandbox, seller) == 24 * 900
    assert lines(sandbox, None) == 24 * 90  # ten percent


def test_a_subscription_is_there_once_the_session_is_complete(
    sandbox: StripeSandbox, done: Done, seller: str
) -> None:
    session = done("POST", "/v1/checkout/sessions", membership(), account=seller)
    sandbox.pays(session["id"], "decline")
    assert sandbox.book.all(seller, "subscription") == []
    sandbox.pays(session["id"], "action")
    sandbox.authenticates(session["id"], good=False)
    assert sandbox.book.all(seller, "invoice") == []
    sandbox.pays(session["id"], "action")
    paid = sandbox.authenticates(session["id"])
    assert (paid["status"], paid["payment_status"]) == ("complete", "paid")
    assert types(sandbox, seller, "customer.subscription") == [
        "customer.subscription.created",
        "customer.subscription.updated",
    ]


@pytest.mark.parametrize("final", ["canceled", "unpaid", "past_due"])
def test_after_the_last_retry_the_sellers_setting_says_what_becomes(
    sandbox: StripeSandbox, join: Join, now: Any, seller: str, final: str
) -> None:
    sandbox.perform("final", {"account": seller, "status": final})
    subscription = join()
    sandbox.next_card(subscription["customer"], "decline")
    sandbox.advance_to(period_end(subscription) + 2 * 3600)
    assert now(subscription)["status"] == "past_due"
    sandbox.advance(16 * DAY)
    assert now(subscription)["status"] == final
    failed = types(sandbox, seller, "invoice.payment_failed")
    assert len(failed) == 4
    invoice = sandbox.book.all(seller, "invoice")[-1]
    assert (invoice["attempt_count"], invoice["next_payment_attempt"]) == (4, None)


def test_a_card_that_works_again_ends_the_dunning(
    sandbox: StripeSandbox, join: Join, now: Any, done: Done, ask: Ask, seller: str
) -> None:
    subscription = join()
    sandbox.next_card(subscription["customer"], "decline")
    sandbox.advance_to(period_end(subscription) + 2 * 3600)
    invoice = sandbox.book.all(seller, "invoice")[-1]
    refused = ask("POST", f"/v1/invoices/{invoice['id']}/pay", account=seller)
    assert (refused.status_code, refused.json()["error"]["type"]) == (402, "card_error")
    sandbox.next_card(subscription["customer"], "ok")
    assert done("POST", f"/v1/invoices/{invoice['id']}/pay", account=seller)["status"] == "paid"
    assert now(subscription)["status"] == "active"


def test_a_renewal_that_asks_for_authentication_is_paid_on_its_page(
    sandbox: StripeSandbox, join: Join, now: Any, seller: str
) -> None:
    subscription = join()
    sandbox.next_card(subscription["customer"], "action")
    sandbox.advance_to(period_end(subscription) + 2 * 3600)
    assert types(sandbox, seller, "invoice.payment_action_required") == ["invoice.payment_action_required"]
    page = sandbox.book.all(seller, "invoice")[-1]["hosted_invoice_url"].removeprefix(sandbox.url)
    assert "Authenticate" in sandbox.pages.show(page)
    sandbox.pages.press(page, "authenticated")
    assert now(subscription)["status"] == "active"


def test_a_trial_costs_nothing_reminds_and_then_charges(
    sandbox: StripeSandbox, join: Join, now: Any, seller: str
) -> None:
    subscription = join(data={"trial_period_days": 14})
    assert subscription["status"] == "trialing"
    assert sandbox.book.all(seller, "checkout.session")[0]["payment_status"] == "no_payment_required"
    sandbox.advance(12 * DAY)
    assert types(sandbox, seller, "customer.subscription.trial") == ["customer.subscription.trial_will_end"]
    sandbox.advance(3 * DAY)
    assert now(subscription)["status"] == "active"
    assert [one["amount_paid"] for one in sandbox.book.all(seller, "invoice")] == [0, 900]


def test_a_trial_without_a_card_pauses_and_is_resumed(
    sandbox: StripeSandbox, join: Join, now: Any, done: Done, seller: str
) -> None:
    pause = {"trial_settings": {"end_behavior": {"missing_payment_method": "pause"}}}
    subscription = join(
        "none", data={"trial_period_days": 7, **pause}, payment_method_collection="if_required"
    )
    sandbox.next_card(subscription["customer"], "none")
    sandbox.advance(8 * DAY)
    assert now(subscription)["status"] == "paused"
    sandbox.next_card(subscription["customer"], "ok")
    done("POST", f"/v1/subscriptions/{subscription['id']}/resume", account=seller)
    assert now(subscription)["status"] == "active"
    assert types(sandbox, seller, "customer.subscription.resumed") == ["customer.subscription.resumed"]


@pytest.mark.parametrize(
    ("behavior", "status"),
    [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")],
)
def test_a_pause_makes_invoices_that_nobody_pays(
    sandbox: StripeSandbox, join: Join, done: Done, seller: str, behavior: str, status: str
) -> None:
    subscription = join()
    path = f"/v1/subscriptions/{subscription['id']}"
    done("POST", path, {"pause_collection": {"behavior": behavior}}, account=seller)
    sandbox.advance_to(period_end(subscription) + 2 * 3600)
    assert [one["status"] for one in sandbox.book.all(seller, "invoice")] == ["paid", status]
    went_on = done("POST", path, {"pause_collection": ""}, account=seller)
    assert (went_on["status"], went_on["pause_collection"]) == ("active", None)
    sandbox.advance_to(period_end(went_on) + 2 * 3600)
    assert sandbox.book.all(seller, "invoice")[-1]["status"] == "paid"


def test_a_trial_in_the_middle_moves_the_next_charge_within_two_years(
    sandbox: StripeSandbox, join: Join, now: Any, done: Done, ask: Ask, seller: str
) -> None:
    subscription = join()
    path, later = f"/v1/subscriptions/{subscription['id']}", period_end(subscription) + 10 * DAY
    for end, behavior in ((1, "none"), (later + 730 * DAY, "none"), (later, "create_prorations")):
        wrong = {"trial_end": end, "proration_behavior": behavior}
        assert ask("POST", path, wrong, account=seller).status_code == 400
    done("POST", path, {"trial_end": later, "proration_behavior": "none"}, account=seller)
    moved = now(subscription)
    assert (moved["status"], period_end(moved), moved["billing_cycle_anchor"]) == ("trialing", later, later)
    sandbox.advance_to(later + 2 * 3600)
    assert now(subscription)["status"] == "active"
    paid = [(one["billing_reason"], one["amount_paid"]) for one in sandbox.book.all(seller, "invoice")]
    assert paid == [("subscription_create", 900), ("subscription_update", 0), ("subscription_cycle", 900)]


def test_a_cancellation_at_the_end_can_be_taken_back_until_then(
    sandbox: StripeSandbox, join: Join, now: Any, done: Done, ask: Ask, seller: str
) -> None:
    subscription = join()
    path = f"/v1/subscriptions/{subscription['id']}"
    canceled = done("POST", path, {"cancel_at_period_end": True}, account=seller)
    assert canceled["cancel_at"] == period_end(subscription)
    assert done("POST", path, {"cancel_at_period_end": False}, account=seller)["cancel_at"] is None
    done("POST", path, {"cancel_at_period_end": True}, account=seller)
    sandbox.advance_to(period_end(subscription) + 1)
    ended = now(subscription)
    assert (ended["status"], ended["cancellation_details"]["reason"]) == (
        "canceled",
        "cancellation_requested",
    )
    assert ask("DELETE", path, account=seller).status_code == 400
    assert len(sandbox.book.all(seller, "invoice")) == 1


def test_a_change_of_plan_is_previewed_and_then_costs_that(
    sandbox: StripeSandbox, join: Join, done: Done, seller: str
) -> None:
    subscription = join(amount=1000)
    item = subscription["items"]["data"][0]
    half = (item["current_period_end"] - item["current_period_start"]) // 2
    sandbox.advance(half)
    price = {"currency": "eur", "unit_amount": 3000, "product": item["price"]["product"]}
    dearer = done("POST", "/v1/prices", price | {"recurring": {"interval": "month"}}, account=seller)
    change = {
        "items": [{"id": item["id"], "price": dearer["id"]}],
        "proration_behavior": "always_invoice",
        "proration_date": sandbox.book.now(),
    }
    wish = {"subscription": subscription["id"], "subscription_details": change}
    preview = done("POST", "/v1/invoices/create_preview", wish, account=seller)
    assert abs(preview["amount_due"] - 1000) <= 1  # half of the dearer less half of the cheaper
    changed = done("POST", f"/v1/subscriptions/{subscription['id']}", change, account=seller)
    assert changed["items"]["data"][0]["price"]["id"] == dearer["id"]
    invoice = sandbox.book.all(seller, "invoice")[-1]
    assert (invoice["status"], invoice["amount_due"]) == ("paid", preview["amount_due"])
    yearly = done("POST", "/v1/prices", price | {"recurring": {"interval": "year"}}, account=seller)
    to_year = change | {"items": [{"id": item["id"], "price": yearly["id"]}]}
    after = done("POST", f"/v1/subscriptions/{subscription['id']}", to_year, account=seller)
    assert period_end(after) > sandbox.book.now() + 364 * DAY


def test_subscriptions_of_a_seller_who_left_go_on_and_are_not_tried_again(
    sandbox: StripeSandbox, join: Join, ask: Ask, seller: str
) -> None:
    subscription = join()
    sandbox.disconnect(seller)
    assert ask("GET", f"/v1/subscriptions/{subscription['id']}", account=seller).status_code == 403
    assert sandbox.book.all(seller, "subscription")[0]["status"] == "active"
    sandbox.next_card(subscription["customer"], "decline")
    sandbox.advance_to(period_end(subscription) + 2 * 3600)
    assert sandbox.book.all(seller, "invoice")[-1]["next_payment_attempt"] is None


def test_a_card_says_when_it_ends(sandbox: StripeSandbox, join: Join, done: Done, seller: str) -> None:
    subscription = join()
    sandbox.next_card(subscription["customer"], "ok", "01/2027")
    customer = done("GET", f"/v1/customers/{subscription['customer']}", account=seller)
    method = customer["invoice_settings"]["default_payment_method"]
    card = done("GET", f"/v1/payment_methods/{method}", account=seller)["card"]
    assert (card["exp_month"], card["exp_year"]) == (1, 2027)


def test_a_subscription_that_another_made_is_seen_and_not_changed(
    sandbox: StripeSandbox, ask: Ask, done: Done, seller: str
) -> None:
    foreign = sandbox.subscribes_elsewhere(seller)
    path = f"/v1/subscriptions/{foreign['id']}"
    assert done("GET", path, account=seller)["status"] == "active"
    assert ask("POST", path, {"cancel_at_period_end": True}, account=seller).status_code == 403
    assert ask("DELETE", path, account=seller).status_code == 403


def test_the_portal_does_what_its_configuration_offers(
    sandbox: StripeSandbox, join: Join, now: Any, done: Done, ask: Ask, seller: str
) -> None:
    subscription = join()
    features = {"subscription_cancel": {"enabled": True}, "payment_method_update": {"enabled": False}}
    done("POST", "/v1/billing_portal/configurations", {"features": features}, account=seller)
    wish = {"customer": subscription["customer"], "return_url": "https://shop.example/me"}
    portal = done("POST", "/v1/billing_portal/sessions", wish, account=seller)
    page = portal["url"].removeprefix(sandbox.url)
    sandbox.pages.press(page, "cancel_at_end")
    assert now(subscription)["cancel_at_period_end"] is True
    sandbox.pages.press(page, "resume")
    assert now(subscription)["cancel_at_period_end"] is False
    refused = ask("POST", page, {"act": "new_card"})
    assert refused.status_code == 400
    sandbox.pages.press(page, "cancel_now")
    assert now(subscription)["status"] == "canceled"


def test_a_test_clock_moves_the_one_clock(
    sandbox: StripeSandbox, done: Done, join: Join, seller: str
) -> None:
    subscription = join()
    start = sandbox.book.now()
    clock = done("POST", "/v1/test_helpers/test_clocks", {"frozen_time": start + 60}, account=seller)
    goal = period_end(subscription) + 2 * 3600
    path = f"/v1/test_helpers/test_clocks/{clock['id']}/advance"
    assert done("POST", path, {"frozen_time": goal}, account=seller)["frozen_time"] == goal
    assert len(sandbox.book.all(seller, "invoice")) == 2
