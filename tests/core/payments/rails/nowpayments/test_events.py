import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.orders.expiry import expire
from core.orders.orders import move, order_number
from core.payments.payment_events import handle_event, store_event
from core.payments.rails.nowpayments.payments import record_invoice
from core.payments.rails.nowpayments.reports import event_id, read
from core.payments.rails.port import Invoice
from schemas import jobs
from schemas.access import Grant
from schemas.notification_jobs import MailOrderNews
from schemas.sales import BalanceEntry, Order, Payment, PaymentEvent
from tests.support import make

INVOICE = "4803492574"
RATE = Decimal("3.75")
STEPS = ("waiting", "confirming", "confirmed", "sending", "finished")
LATER = make.NOW + timedelta(hours=25)
Says = Callable[..., str]


@pytest.fixture
def order(session: Session) -> Order:
    """A web order of 9.99 EUR with an open invoice and no buyer yet."""
    order = make.order(session, rail="crypto", entry="web")
    record_invoice(session, id_of(order), Invoice(INVOICE, "https://pay.example/1"), now=make.NOW)
    return order


@pytest.fixture
def buyers_order(session: Session) -> Order:
    """The same, of a person we know."""
    order = make.order(session, make.product(session), make.user(session), rail="crypto", entry="web")
    record_invoice(session, id_of(order), Invoice(INVOICE, "https://pay.example/1"), now=make.NOW)
    return order


def body_of(order: Order, status: str, **changes: Any) -> dict[str, Any]:
    paid = {"finished": "1", "partially_paid": "0.5", "waiting": "0", "expired": "0"}.get(status, "1")
    due = Decimal(order.amount) / 100 * RATE
    return {
        "payment_id": 5000000001,
        "parent_payment_id": None,
        "invoice_id": int(INVOICE),
        "payment_status": status,
        "price_amount": order.amount / 100,
        "price_currency": order.currency.lower(),
        "pay_amount": str(due),
        "actually_paid": str(due * Decimal(changes.pop("share", paid))),
        "pay_currency": "trx",
        "order_id": order_number(order),
        **changes,
    }


def receive(session: Session, body: dict[str, Any], now: datetime = make.NOW) -> str:
    """Store a notice as the webhook does, and handle it as its job does; the state of the event."""
    raw = json.dumps(body).encode()
    event = store_event(session, provider="nowpayments", event_id=event_id(read(raw)), body=raw, now=now)
    return handle_event(session, event, now=now) if event else "known"


def payment(session: Session, payment_id: int = 5000000001) -> Payment:
    statement = select(Payment).where(Payment.provider_id == str(payment_id))
    return session.exec(statement.execution_options(populate_existing=True)).one()


def reasons(session: Session) -> list[str]:
    notices = make.queued(session, jobs.Notify)
    calls = ("staff-needs-support", "staff-short-payment")
    return [str(notice.params["reason"]) for notice in notices if notice.text in calls]


@pytest.fixture(autouse=True)
def _staff(session: Session) -> None:
    make.user(session, name="Support", roles=("support",))


def test_an_order_is_paid_when_the_payment_is_finished_and_not_before(session: Session, order: Order) -> None:
    for status in STEPS[:-1]:
        assert receive(session, body_of(order, status)) == "handled"
        assert order.status == "awaiting_payment"
    receive(session, body_of(order, "finished"))
    assert (order.status, order.paid_at) == ("paid", make.NOW)
    assert (payment(session).status, payment(session).received) == ("confirmed", 999)
    assert reasons(session) == []


def test_a_finished_payment_of_a_known_buyer_is_delivered(session: Session, buyers_order: Order) -> None:
    receive(session, body_of(buyers_order, "finished"))
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=id_of(buyers_order))]


@pytest.mark.parametrize("arrival", list(permutations(("waiting", "confirming", "sending", "finished"))))
def test_in_whatever_order_news_comes_the_order_ends_paid_once(
    session: Session, order: Order, arrival: tuple[str, ...]
) -> None:
    for status in (*arrival, *arrival):
        receive(session, body_of(order, status))
    assert order.status == "paid"
    assert payment(session).details["status"] == "finished"
    assert len(session.exec(select(BalanceEntry)).all()) == 1


def test_a_replayed_notice_does_nothing(session: Session, order: Order) -> None:
    receive(session, body_of(order, "finished"))
    assert receive(session, body_of(order, "finished")) == "known"
    event = session.exec(select(PaymentEvent)).one()
    assert handle_event(session, event.id, now=make.NOW) == "handled"
    assert len(make.queued(session, jobs.HandlePaymentEvent)) == 1


def test_the_buyer_of_a_part_payment_is_told_what_is_missing_and_until_when(
    session: Session, buyers_order: Order
) -> None:
    receive(session, body_of(buyers_order, "partially_paid"))
    notice = next(job for job in make.queued(session, jobs.Notify) if job.text == "payment-partial")
    assert notice.params["missing"] == "5.00 EUR"
    assert notice.params["until"] == int(buyers_order.expires_at.timestamp())
    assert (buyers_order.status, payment(session).status) == ("awaiting_payment", "partial")
    assert payment(session).received == 499


@pytest.mark.parametrize(
    ("status", "text"), [("partially_paid", "payment-partial"), ("failed", "payment-failed")]
)
def test_a_buyer_whom_nobody_knows_yet_hears_of_it_by_mail(
    session: Session, order: Order, status: str, text: str
) -> None:
    make.mail_address(session, order)
    for _ in range(2):
        receive(session, body_of(order, status))
    assert [mail.text for mail in make.queued(session, MailOrderNews) if mail.text == text] == [text]


def test_a_further_deposit_makes_up_for_a_part_payment(session: Session, order: Order) -> None:
    receive(session, body_of(order, "partially_paid"))
    further = body_of(order, "finished", share="0.6", payment_id=2, parent_payment_id=5000000001)
    receive(session, further | {"price_amount": 1, "pay_amount": 1})
    assert order.status == "paid"
    assert (payment(session, 2).received, payment(session, 2).status) == (599, "confirmed")
    assert reasons(session) == ["overpaid"]


def test_a_further_deposit_that_is_still_too_little_leaves_the_order_unpaid(
    session: Session, buyers_order: Order
) -> None:
    receive(session, body_of(buyers_order, "partially_paid"))
    further = body_of(buyers_order, "finished", share="0.1", payment_id=2, parent_payment_id=5000000001)
    receive(session, further)
    assert buyers_order.status == "awaiting_payment"
    missing = [n.params["missing"] for n in make.queued(session, jobs.Notify) if n.text == "payment-partial"]
    assert missing == ["5.00 EUR", "4.01 EUR"]


def test_a_further_deposit_of_other_coins_is_for_people_to_judge(session: Session, order: Order) -> None:
    receive(session, body_of(order, "partially_paid"))
    further = body_of(order, "finished", payment_id=2, parent_payment_id=5000000001, pay_currency="btc")
    receive(session, further)
    assert (order.status, reasons(session)) == ("awaiting_payment", ["redeposit"])


def test_a_further_deposit_for_a_paid_order_goes_to_support(session: Session, order: Order) -> None:
    receive(session, body_of(order, "finished"))
    receive(session, body_of(order, "finished", payment_id=2, parent_payment_id=5000000001))
    assert (order.status, reasons(session)) == ("paid", ["overpaid"])


def test_too_much_settles_the_order_and_is_noted(session: Session, order: Order) -> None:
    receive(session, body_of(order, "finished", share="1.2"))
    assert (order.status, payment(session).received) == ("paid", 1198)
    assert reasons(session) == ["overpaid"]


@pytest.mark.parametrize(("share", "status"), [("0.96", "paid"), ("0.90", "awaiting_payment")])
def test_a_finished_payment_is_believed_only_within_what_covering_may_excuse(
    session: Session, order: Order, share: str, status: str
) -> None:
    receive(session, body_of(order, "finished", share=share))
    assert order.status == status
    assert reasons(session) == ([] if status == "paid" else ["amount-differs"])


def test_a_payment_that_comes_after_the_order_expired_still_pays_it(session: Session, order: Order) -> None:
    assert expire(session, now=LATER) == 1
    receive(session, body_of(order, "finished"), LATER)
    assert (order.status, reasons(session)) == ("paid", [])


def test_a_part_payment_that_comes_after_the_order_expired_goes_to_support(
    session: Session, order: Order
) -> None:
    expire(session, now=LATER)
    receive(session, body_of(order, "partially_paid"), LATER)
    assert (order.status, reasons(session)) == ("expired", ["partial-expired"])


@pytest.mark.parametrize("status", ["finished", "partially_paid"])
def test_money_for_a_cancelled_order_goes_to_support(session: Session, order: Order, status: str) -> None:
    move(session, order, "cancelled", now=make.NOW)
    receive(session, body_of(order, status))
    assert (order.status, reasons(session)) == ("cancelled", ["late-payment"])
    assert "payment-partial" not in make.sent_texts(session)


def test_a_second_payment_of_a_paid_order_goes_to_support(session: Session, order: Order) -> None:
    receive(session, body_of(order, "finished"))
    receive(session, body_of(order, "finished", payment_id=2))
    assert (order.status, reasons(session)) == ("paid", ["second-payment"])


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_payment_that_came_to_nothing_ends_the_order(
    session: Session, buyers_order: Order, status: str
) -> None:
    receive(session, body_of(buyers_order, status, share="0"))
    assert buyers_order.status == status
    assert ("payment-failed" in make.sent_texts(session)) == (status == "failed")


def test_another_payment_under_way_keeps_the_order_alive(session: Session, order: Order) -> None:
    receive(session, body_of(order, "confirming", payment_id=2))
    receive(session, body_of(order, "expired"))
    before = order.status
    receive(session, body_of(order, "finished", payment_id=2))
    assert (before, order.status) == ("awaiting_payment", "paid")


def test_coins_in_a_failed_payment_are_for_support(session: Session, order: Order) -> None:
    receive(session, body_of(order, "failed", share="1"))
    assert (order.status, reasons(session)) == ("failed", ["payment-failed"])


def test_a_refund_by_the_provider_ends_what_was_bought(session: Session, buyers_order: Order) -> None:
    receive(session, body_of(buyers_order, "finished"))
    receive(session, body_of(buyers_order, "refunded"))
    grant = session.exec(select(Grant).execution_options(populate_existing=True)).one()
    assert (buyers_order.status, grant.revoked_at, payment(session).status) == (
        "refunded",
        make.NOW,
        "refunded",
    )
    assert [entry.kind for entry in session.exec(select(BalanceEntry))] == ["sale", "refund"]


def test_a_refund_of_the_second_payment_leaves_the_order_paid(session: Session, order: Order) -> None:
    receive(session, body_of(order, "finished"))
    receive(session, body_of(order, "finished", payment_id=2))
    receive(session, body_of(order, "refunded", payment_id=2))
    assert (order.status, reasons(session)) == ("paid", ["second-payment", "payment-refunded"])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"price_amount": 0.01}, "amount-differs"),
        ({"price_amount": 99.9}, "amount-differs"),
        ({"price_currency": "usd"}, "currency-differs"),
        ({"price_currency": "btc"}, "currency-differs"),
        ({"price_amount": "much"}, "currency-differs"),
        ({"invoice_id": 77}, "invoice-differs"),
    ],
)
def test_odd_money_is_kept_shown_to_staff_and_never_pays(
    session: Session, order: Order, wrong: dict[str, Any], reason: str
) -> None:
    assert receive(session, body_of(order, "finished", **wrong)) == "refused"
    event = session.exec(select(PaymentEvent)).one()
    assert (order.status, reasons(session)) == ("awaiting_payment", [reason])
    assert (event.order_id, event.outcome, event.handled_at) == (order.id, reason, make.NOW)
    assert order.needs_support_at == make.NOW


def test_a_payment_cannot_pay_two_orders(session: Session, order: Order) -> None:
    other = make.order(session, rail="crypto", entry="web")
    receive(session, body_of(order, "finished"))
    assert receive(session, body_of(other, "finished", invoice_id=None)) == "refused"
    assert (other.status, reasons(session)) == ("created", ["payment-of-another-order"])


@pytest.mark.parametrize("name", ["CMT-999999", "999999", "", "RGDBP-21314", "CMT-" + "9" * 60])
def test_money_for_no_order_of_ours_is_kept_and_staff_are_told(
    session: Session, order: Order, name: str
) -> None:
    assert receive(session, body_of(order, "finished", order_id=name)) == "unmatched"
    assert make.sent_texts(session).count("staff-unmatched-payment") == 1
    assert order.status == "awaiting_payment"


def test_an_order_of_another_rail_is_not_ours_to_pay(session: Session) -> None:
    stars = make.order(session)
    assert receive(session, body_of(stars, "finished")) == "unmatched"
    assert stars.status == "awaiting_payment"


def test_a_notice_about_a_withdrawal_is_kept_and_changes_nothing(session: Session) -> None:
    assert receive(session, {"id": "1", "batch_withdrawal_id": "2", "status": "CREATING"}) == "refused"


def test_an_event_that_does_not_exist_cannot_be_handled(session: Session) -> None:
    with pytest.raises(NotFound):
        handle_event(session, uuid4(), now=make.NOW)
