"""Cards as a rail: what the doctor says of how they are set up."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session as Database

from core.kit.errors import Refused
from core.orders.fulfilment import OrderLine
from core.orders.orders import order_number
from core.payments.rails.port import Verdict, Waiting
from core.payments.rails.stripe.look import CardReport, Sight
from core.payments.rails.stripe.objects import Data, Event, Intent, Session, Subject
from core.payments.rails.stripe.rail import Card
from core.payments.rails.stripe.settling import apply, apply_sight
from core.process.settings import Settings
from schemas.sales import Entry, Order, Payment, PaymentEvent, PaymentStatus
from tests.support import make


@pytest.mark.parametrize(
    ("key", "secrets", "state", "named"),
    [
        ("", "", "ok", "STRIPE_SECRET_KEY"),
        ("sk_test_1", "", "warn", "STRIPE_WEBHOOK_SECRETS"),
        ("", "whsec_one", "warn", "STRIPE_SECRET_KEY"),
        ("sk_test_1", "whsec_one", "ok", "paid to each seller directly"),
    ],
)
def test_the_doctor_names_what_is_missing_for_cards(
    settings: Callable[..., Settings], key: str, secrets: str, state: str, named: str
) -> None:
    health = Card().doctor(settings(stripe_secret_key=key, stripe_webhook_secrets=secrets))
    assert (health.state, named in health.detail) == (state, True)


@pytest.mark.parametrize(
    ("entry", "secrets", "way"), [("bot", "", "site"), ("web", "", None), ("web", "whsec_one", "here")]
)
def test_cards_are_offered_on_the_web_where_their_events_can_be_verified(
    settings: Callable[..., Settings], entry: Entry, secrets: str, way: str | None
) -> None:
    assert Card().offer(entry, settings(stripe_webhook_secrets=secrets)) == way


def row(provider_id: str, status: PaymentStatus, pay_url: str | None = None) -> Payment:
    return Payment(
        rail="card", provider_id=provider_id, status=status, pay_url=pay_url, currency="EUR", amount=999
    )


PAGE = row("cs_test_1", "pending", "https://stripe.example/pay")


@pytest.mark.parametrize(
    ("payments", "waiting"),
    [
        ([], Waiting("preparing", None)),
        ([PAGE], Waiting("payable", PAGE.pay_url)),
        ([PAGE, row("pi_1", "refused")], Waiting("payable", PAGE.pay_url)),
        ([PAGE, row("pi_1", "pending")], Waiting("confirming", PAGE.pay_url)),
    ],
)
def test_an_order_waits_for_its_page_then_for_its_buyer_then_for_the_bank(
    payments: list[Payment], waiting: Waiting
) -> None:
    assert Card().waiting(payments) == waiting


@pytest.fixture
def order(session: Database) -> Order:
    """An order by card, without its page yet."""
    placed = make.order(session, rail="manual", entry="web")
    placed.rail, placed.status = "card", "awaiting_payment"
    return placed


def test_a_seller_without_an_active_account_takes_no_order_by_card(session: Database, order: Order) -> None:
    line = OrderLine(order, make.product(session), None)
    with pytest.raises(Refused, match="rail-not-offered"):
        Card().open(session, line)


EVENT = Event("evt_1", "payment_intent.succeeded", livemode=True, data=Data(Subject("pi_1")))


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (
            CardReport(EVENT, other_mode=True),
            Verdict("refused", "livemode True is not that of STRIPE_SECRET_KEY"),
        ),
        (CardReport(EVENT), Verdict("refused", "nobody has looked at Stripe")),
        (CardReport(EVENT, Sight("acct_1")), Verdict("unmatched", "no payment of ours")),
    ],
)
def test_an_event_that_tells_nothing_of_an_order_changes_none(
    session: Database, order: Order, report: CardReport, verdict: Verdict
) -> None:
    event = PaymentEvent(provider="stripe", event_id="evt_1")
    assert apply(session, event, report, now=make.NOW) == verdict
    assert (event.order_id, order.status, order.needs_support_at) == (None, "awaiting_payment", None)


def session_of(order: Order, **seen: Any) -> Session:
    """A page that was paid, but for what differs."""
    usual: dict[str, Any] = {
        "id": "cs_test_1",
        "livemode": False,
        "status": "complete",
        "payment_status": "paid",
        "client_reference_id": order_number(order),
        "currency": "eur",
        "amount_subtotal": order.amount,
        "payment_intent": Intent("pi_1", "succeeded"),
    }
    return Session(**(usual | seen))


@pytest.mark.parametrize(
    ("seen", "state", "detail"),
    [
        ({"status": "open"}, "handled", "the page is open"),
        ({"status": "expired"}, "handled", "nobody was shown has expired"),
        ({"payment_intent": None}, "handled", "nothing was to be paid"),
        ({"amount_subtotal": 0}, "handled", "nothing was to be paid"),
        ({"client_reference_id": "CMT-0"}, "refused", "payment-of-another-order: support decides"),
        ({"currency": "usd"}, "refused", "currency-differs: support decides"),
    ],
)
def test_only_a_payment_of_this_order_pays_it(
    session: Database, order: Order, seen: dict[str, Any], state: str, detail: str
) -> None:
    verdict = apply_sight(session, order, Sight("acct_1", session_of(order, **seen)), now=make.NOW)
    assert (verdict.state, detail in verdict.outcome) == (state, True), verdict
    assert order.status == "awaiting_payment"
    assert (order.needs_support_at is not None) == (state == "refused")


def test_where_stripe_shows_nothing_the_money_is_kept_for_staff(session: Database, order: Order) -> None:
    verdict = apply_sight(session, order, Sight("acct_1", blind="account_invalid"), now=make.NOW)
    assert (verdict.state, order.needs_support_at) == ("refused", make.NOW)
    assert apply_sight(session, order, Sight("acct_1"), now=make.NOW).state == "unmatched"


def test_a_bank_that_refuses_ends_an_open_order_and_no_other(session: Database, order: Order) -> None:
    refused: dict[str, Any] = {
        "payment_status": "unpaid",
        "payment_intent": Intent("pi_1", "requires_payment_method"),
    }
    sight = Sight("acct_1", session_of(order, **refused))
    assert "the order has failed" in apply_sight(session, order, sight, now=make.NOW).outcome
    other = session_of(order, **refused | {"payment_intent": Intent("pi_2", "canceled")})
    assert "stays failed" in apply_sight(session, order, Sight("acct_1", other), now=make.NOW).outcome
    assert order.status == "failed"
