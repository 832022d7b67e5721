"""The list of NOWPayments as lines, beside ours."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.books import compare
from core.payments.our_books import our_lines
from core.payments.payment_events import handle_event, store_event
from core.payments.rails.nowpayments.books import made_since, read_lines, reports_of, unlisted
from core.payments.rails.nowpayments.payments import record_invoice
from core.payments.rails.nowpayments.reports import event_id, read
from core.payments.rails.port import Invoice, PaymentReport, ProviderBooks
from core.payments.refunds import finish_refund
from schemas.sales import Order
from tests.core.payments.rails.nowpayments.test_events import INVOICE, body_of
from tests.support import make

NOW = make.NOW
DAY = timedelta(days=1)


@pytest.fixture
def order(database: Database) -> Order:
    """A web order of 9.99 EUR with an open invoice."""
    with database.transaction() as session:
        order = make.order(session, rail="crypto", entry="web")
        record_invoice(session, id_of(order), Invoice(INVOICE, "https://pay.example/1"), now=NOW)
        session.refresh(order)
        session.expunge_all()
    return order


def report_of(order: Order, stage: str, at: datetime = NOW, **changes: Any) -> PaymentReport:
    fields = body_of(order, stage, **changes) | {"updated_at": at.isoformat()}
    return read(json.dumps(fields).encode())


def apply(database: Database, report: PaymentReport) -> None:
    with database.transaction() as session:
        name = event_id(report)
        event = store_event(session, provider="nowpayments", event_id=name, body=report.raw, now=NOW)
        assert event is not None
        handle_event(session, event, now=NOW)


def faults(database: Database, *listed: PaymentReport) -> list[tuple[str, str]]:
    books = ProviderBooks(read_lines(database, listed, NOW + DAY), all_refunds=False)
    with database.transaction() as session:
        ours = our_lines(session, "crypto", books, NOW - DAY, NOW + DAY)
    return [(each.fault, each.line.kind) for each in compare(books.lines, ours)]


def test_coins_that_came_are_lines_in_the_currency_of_the_price(database: Database, order: Order) -> None:
    listed = [
        report_of(order, "finished"),
        report_of(order, "partially_paid", payment_id=2),
        report_of(order, "waiting", payment_id=3),
        report_of(order, "finished", payment_id=4, order_id="RGDBP-21314"),
        report_of(order, "finished", NOW + 2 * DAY, payment_id=5),
    ]
    lines = read_lines(database, listed, NOW + DAY)
    assert [(line.kind, line.id, line.money) for line in lines] == [
        ("charge", "5000000001", Money(999, "EUR")),
        ("charge", "2", Money(499, "EUR")),
    ]
    assert (lines[0].order_number, lines[0].at) == (order_number(order), NOW)
    assert reports_of(listed, lines[1:]) == [listed[1]]
    with database.transaction() as session:
        assert made_since(session, lines) == order.created_at


@pytest.mark.parametrize("stage", ["finished", "partially_paid", "refunded"])
def test_what_no_notice_told_differs_until_it_is_applied(
    database: Database, order: Order, stage: str
) -> None:
    report = report_of(order, stage)
    assert ("unknown-here", "charge") in faults(database, report)
    apply(database, report)
    assert faults(database, report) == []


def test_a_payment_that_their_list_lacks_differs(database: Database, order: Order) -> None:
    apply(database, report_of(order, "finished"))
    assert faults(database) == [("unknown-there", "charge")]


def test_money_that_staff_sent_back_by_hand_is_no_difference(database: Database, order: Order) -> None:
    report = report_of(order, "finished")
    apply(database, report)
    with database.transaction() as session:
        paid = session.exec(select(Order).where(Order.id == order.id)).one()
        finish_refund(session, paid, reason="kulant", now=NOW)
    assert faults(database, report) == []


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ({"updated_at": 1763640000000}, datetime.fromisoformat("2025-11-20T12:00:00+00:00")),
        ({"created_at": "2025-11-20T12:00:00.000Z"}, datetime.fromisoformat("2025-11-20T12:00:00+00:00")),
        ({"updated_at": "2025-11-20T12:00:00"}, datetime.fromisoformat("2025-11-20T12:00:00+00:00")),
        ({"updated_at": "soon"}, None),
        ({"updated_at": 10**30}, None),
        ({}, None),
    ],
)
def test_when_a_payment_changed_is_read_as_they_write_it(
    order: Order, stamp: dict[str, Any], at: datetime | None
) -> None:
    assert read(json.dumps(body_of(order, "finished") | stamp).encode()).at == at


def test_without_key_or_login_there_is_no_list(settings: Any) -> None:
    whole = dict.fromkeys(("nowpayments_api_key", "nowpayments_email", "nowpayments_password"), "x")
    assert unlisted(settings(**whole)) is None
    for name in whole:
        missing = unlisted(settings(**whole | {name: ""}))
        assert missing is not None
        assert name.upper() in missing.why
