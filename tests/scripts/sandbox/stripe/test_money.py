"""What buyers, banks and sellers do with money, and that no cent is lost between the two sides."""

from collections.abc import Callable
from typing import Any

import pytest

from scripts.sandbox.stripe.book import DAY
from scripts.sandbox.stripe.errors import StripeError
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.scripts.sandbox.stripe.conftest import Ask, Buy, Done
from tests.scripts.sandbox.stripe.stories import one_time

Sell = Callable[..., dict[str, Any]]


@pytest.fixture
def sell(buy: Buy, done: Done, seller: str) -> Sell:
    """A paid sale's charge."""

    def sell(how: str = "ok", **more: Any) -> dict[str, Any]:
        paid = buy(one_time(**more), how)
        charges = done("GET", "/v1/charges", {"payment_intent": paid["payment_intent"]}, account=seller)
        charge: dict[str, Any] = charges["data"][0]
        return charge

    return sell


def types(sandbox: StripeSandbox, account: str | None, prefix: str) -> list[str]:
    kinds = [sent.event["type"] for sent in sandbox.book.events if sent.account == account]
    return [kind for kind in kinds if kind.startswith(prefix)]


def net(sandbox: StripeSandbox, account: str | None) -> int:
    return sum(line["net"] for line in sandbox.book.all(account, "balance_transaction"))


def test_a_balance_is_the_sum_of_its_lines(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    sell(amount=1000, fee=100)
    pending = done("GET", "/v1/balance", account=seller)["pending"]
    assert [(one["amount"], one["currency"]) for one in pending] == [(1000 - 59 - 100, "eur")]
    sandbox.advance(3 * DAY)
    assert done("GET", "/v1/balance", account=seller)["available"][0]["amount"] == net(sandbox, seller)
    assert net(sandbox, None) == 100


def test_part_refunds_give_the_fee_back_in_proportion_and_all_of_it_in_the_end(
    sandbox: StripeSandbox, sell: Sell, done: Done, ask: Ask, seller: str
) -> None:
    charge = sell(amount=999, fee=100)
    wish = {"charge": charge["id"], "refund_application_fee": True}
    for amount in (333, 333):
        done("POST", "/v1/refunds", wish | {"amount": amount}, account=seller)
    assert done("GET", "/v1/application_fees")["data"][0]["amount_refunded"] == 66
    assert ask("POST", "/v1/refunds", wish | {"amount": 334}, account=seller).status_code == 400
    done("POST", "/v1/refunds", wish, account=seller)
    assert done("GET", "/v1/application_fees")["data"][0]["refunded"] is True
    assert done("GET", f"/v1/charges/{charge['id']}", account=seller)["refunded"] is True
    assert net(sandbox, None) == 0
    assert net(sandbox, seller) == -59  # Stripe keeps its own
    assert (
        ask("POST", "/v1/refunds", wish, account=seller).json()["error"]["code"] == "charge_already_refunded"
    )


def test_a_fee_that_was_not_taken_is_not_given_back(ask: Ask, sell: Sell, seller: str) -> None:
    wish = {"charge": sell(fee=0)["id"], "refund_application_fee": True}
    assert ask("POST", "/v1/refunds", wish, account=seller).status_code == 400


def test_a_refund_may_wait_and_may_fail_later(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    charge = sell()
    before = net(sandbox, seller)
    sandbox.set_seller(seller, refunds="pending")
    refund = done("POST", "/v1/refunds", {"charge": charge["id"], "amount": 400}, account=seller)
    assert refund["status"] == "pending"
    sandbox.refund_settles(refund["id"], good=False)
    failed = done("GET", f"/v1/refunds/{refund['id']}", account=seller)
    assert (failed["status"], failed["failure_reason"]) == ("failed", "lost_or_stolen_card")
    assert net(sandbox, seller) == before
    assert done("GET", f"/v1/charges/{charge['id']}", account=seller)["amount_refunded"] == 0
    assert types(sandbox, seller, "refund.") == ["refund.created", "refund.updated", "refund.failed"]
    again = done("POST", "/v1/refunds", {"charge": charge["id"]}, account=seller)
    assert sandbox.refund_settles(again["id"])["status"] == "succeeded"


def test_a_debit_that_takes_days_is_complete_but_unpaid_until_it_settles(
    sandbox: StripeSandbox, done: Done, seller: str
) -> None:
    for good, kind, status in ((True, "succeeded", "paid"), (False, "failed", "unpaid")):
        session = done("POST", "/v1/checkout/sessions", one_time(), account=seller)
        later = sandbox.pays(session["id"], "later")
        assert (later["status"], later["payment_status"]) == ("complete", "unpaid")
        assert sandbox.settles(session["id"], good=good)["payment_status"] == status
        assert types(sandbox, seller, "checkout.session.async")[-1].endswith(kind)
    assert len(sandbox.book.all(seller, "balance_transaction")) == 1


def test_a_card_that_asks_for_authentication_pays_once_it_is_given(
    sandbox: StripeSandbox, done: Done, seller: str
) -> None:
    session = done("POST", "/v1/checkout/sessions", one_time(), account=seller)
    assert sandbox.pays(session["id"], "decline")["status"] == "open"
    assert sandbox.pays(session["id"], "action")["status"] == "open"
    assert sandbox.authenticates(session["id"], good=False)["status"] == "open"
    sandbox.pays(session["id"], "action")
    assert sandbox.authenticates(session["id"])["payment_status"] == "paid"
    assert len(sandbox.book.all(seller, "payment_intent")) == 1


def test_a_session_expires_in_its_time_or_at_once_and_takes_no_money_then(
    sandbox: StripeSandbox, done: Done, ask: Ask, seller: str
) -> None:
    session = done("POST", "/v1/checkout/sessions", one_time(), account=seller)
    sandbox.advance(DAY + 1)
    assert done("GET", f"/v1/checkout/sessions/{session['id']}", account=seller)["status"] == "expired"
    second = done("POST", "/v1/checkout/sessions", one_time(), account=seller)
    path = f"/v1/checkout/sessions/{second['id']}/expire"
    assert done("POST", path, account=seller)["url"] is None
    assert ask("POST", path, account=seller).status_code == 400
    assert ask("POST", f"/pay/{second['id']}", {"act": "ok"}).status_code == 400


def test_a_dispute_takes_the_money_and_its_fee_and_won_gives_the_money_back(
    sandbox: StripeSandbox, sell: Sell, done: Done, ask: Ask, seller: str
) -> None:
    charge = sell("fraud", fee=0)
    dispute = done("GET", "/v1/disputes", {"charge": charge["id"]}, account=seller)["data"][0]
    assert ask("POST", "/v1/refunds", {"charge": charge["id"]}, account=seller).status_code == 400
    path = f"/v1/disputes/{dispute['id']}"
    evidence = {"evidence": {"uncategorized_text": "downloaded"}}
    staged = done("POST", path, evidence | {"submit": False}, account=seller)
    assert (staged["status"], staged["evidence_details"]["submission_count"]) == ("needs_response", 0)
    assert done("POST", path, evidence, account=seller)["status"] == "under_review"  # true by default
    assert ask("POST", path, evidence, account=seller).status_code == 400  # there is one go
    sandbox.decides(dispute["id"], "won")
    assert net(sandbox, seller) == 1000 - 59 - 2000
    assert ask("POST", f"{path}/close", account=seller).status_code == 400
    assert types(sandbox, seller, "charge.dispute") == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_a_dispute_that_nobody_answers_is_lost_when_its_time_is_over(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    dispute = sandbox.disputes(sell()["id"], "product_not_received")
    sandbox.advance(10 * DAY)
    lost = done("GET", f"/v1/disputes/{dispute['id']}", account=seller)
    assert (lost["status"], lost["evidence_details"]["past_due"]) == ("lost", True)


def test_an_inquiry_moves_no_money_and_may_become_a_dispute(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    charge = sell(fee=0)
    inquiry = sandbox.disputes(charge["id"], "general", "warning_needs_response")
    assert net(sandbox, seller) == 1000 - 59
    done("POST", "/v1/refunds", {"charge": charge["id"], "amount": 100}, account=seller)  # still possible
    sandbox.decides(inquiry["id"], "needs_response")
    assert net(sandbox, seller) == 1000 - 59 - 100 - 1000 - 2000
    second = sandbox.disputes(sell(fee=0)["id"], "general", "warning_needs_response")
    assert sandbox.decides(second["id"], "warning_closed")["status"] == "warning_closed"
    prevented = sandbox.disputes(sell(fee=0)["id"], "general", "prevented")
    assert prevented["balance_transactions"] == []


def test_what_was_decided_may_be_appealed_from_and_decided_anew(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    dispute = sandbox.disputes(sell(fee=0)["id"])
    sandbox.decides(dispute["id"], "won")
    assert sandbox.decides(dispute["id"], "appeal_needs_response")["status"] == "appeal_needs_response"
    evidence = {"evidence": {"uncategorized_text": "downloaded"}}
    answered = done("POST", f"/v1/disputes/{dispute['id']}", evidence, account=seller)
    assert answered["status"] == "appeal_under_review"
    before = net(sandbox, seller)
    sandbox.decides(dispute["id"], "lost")
    assert net(sandbox, seller) == before - 1000 - 2000
    with pytest.raises(StripeError):
        sandbox.decides(dispute["id"], "won")


def test_what_is_available_is_paid_out(sandbox: StripeSandbox, sell: Sell, done: Done, seller: str) -> None:
    sell(fee=0)
    with pytest.raises(StripeError):
        sandbox.pays_out(seller)  # it takes two days
    sandbox.advance(3 * DAY)
    payout = sandbox.pays_out(seller)
    assert payout["amount"] == 1000 - 59
    assert done("GET", "/v1/payouts", account=seller)["data"][0]["id"] == payout["id"]
    assert types(sandbox, seller, "payout") == ["payout.created", "payout.paid"]
    assert net(sandbox, seller) == 0


def test_a_warning_of_fraud_is_no_longer_actionable_after_a_refund(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    charge = sell("warn")
    path = "/v1/radar/early_fraud_warnings"
    assert done("GET", path, {"charge": charge["id"]}, account=seller)["data"][0]["actionable"] is True
    done("POST", "/v1/refunds", {"charge": charge["id"]}, account=seller)
    assert done("GET", path, account=seller)["data"][0]["actionable"] is False


LISTS = [
    "application_fees",
    "balance_transactions",
    "billing_portal/configurations",
    "charges",
    "checkout/sessions",
    "customers",
    "disputes",
    "events",
    "invoice_payments",
    "invoices",
    "payment_intents",
    "payment_methods",
    "payouts",
    "prices",
    "products",
    "radar/early_fraud_warnings",
    "refunds",
    "subscriptions",
]


def test_every_list_of_a_busy_account_is_as_the_contract_says(
    sandbox: StripeSandbox, sell: Sell, done: Done, seller: str
) -> None:
    charge = sell()
    wish = {"charge": charge["id"], "amount": 500, "refund_application_fee": True}
    refund = done("POST", "/v1/refunds", wish, account=seller)
    sandbox.refund_settles(refund["id"], good=False)
    sell("fraud")
    sell("warn")
    sandbox.subscribes_elsewhere(seller)
    sandbox.advance(40 * DAY)
    sandbox.pays_out(seller)
    lists = {name: done("GET", f"/v1/{name}", {"limit": 100}, account=seller)["data"] for name in LISTS}
    empty = {name for name in LISTS if not lists[name]}
    assert empty == {"application_fees", "billing_portal/configurations"}
    for name in ("application_fees", "balance_transactions"):
        assert done("GET", f"/v1/{name}")["data"]  # the platform's own
    fee = done("GET", "/v1/application_fees", {"charge": charge["id"]})["data"][0]
    done("POST", f"/v1/application_fees/{fee['id']}/refunds")
    kinds = {line["type"] for line in lists["balance_transactions"]}
    assert kinds == {
        "adjustment",
        "application_fee_refund",
        "charge",
        "payout",
        "refund",
        "refund_failure",
    }


def test_tax_comes_on_top_where_the_seller_has_it(sandbox: StripeSandbox, done: Done, seller: str) -> None:
    sandbox.set_seller(seller, tax=20.0)
    taxed = one_time(automatic_tax={"enabled": True})
    session = done("POST", "/v1/checkout/sessions", taxed, account=seller)
    assert (session["amount_subtotal"], session["amount_total"]) == (1000, 1200)
    assert session["total_details"]["amount_tax"] == 200


@pytest.mark.parametrize(("currency", "amount"), [("jpy", 1000), ("xof", 500), ("kwd", 1230), ("huf", 50000)])
def test_currencies_are_charged_in_their_own_units(sell: Sell, currency: str, amount: int) -> None:
    charge = sell(amount=amount, currency=currency, fee=0)
    assert (charge["amount"], charge["currency"]) == (amount, currency)
