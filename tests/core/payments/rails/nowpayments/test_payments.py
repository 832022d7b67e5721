"""Invoices of orders, and which payments are looked after."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import Permanent
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.expiry import expire
from core.orders.orders import order_number
from core.payments.rails.nowpayments.payments import awaited, outlook, record_invoice, wanted_invoice
from core.payments.rails.nowpayments.reports import read
from core.payments.rails.port import Invoice
from schemas.sales import Payment
from tests.core.payments.rails.nowpayments.test_events import LATER, body_of, receive
from tests.support import make


def test_an_order_needs_one_invoice_while_it_can_be_paid(session: Session) -> None:
    order = make.order(session, rail="crypto", entry="web")
    terms = wanted_invoice(session, id_of(order), now=make.NOW)
    assert terms is not None
    assert (terms.order_number, terms.price) == (order_number(order), Money(999, "EUR"))
    assert wanted_invoice(session, id_of(order), now=LATER) is None
    for number in ("1", "2"):
        record_invoice(session, id_of(order), Invoice(number, f"https://pay.example/{number}"), now=make.NOW)
    assert wanted_invoice(session, id_of(order), now=make.NOW) is None
    assert session.exec(select(Payment.pay_url)).all() == ["https://pay.example/1"]
    assert order.status == "awaiting_payment"


def test_no_invoice_is_opened_for_another_rail(session: Session) -> None:
    with pytest.raises(Permanent):
        wanted_invoice(session, id_of(make.order(session)), now=make.NOW)


def test_open_and_given_up_orders_are_looked_after_for_a_week(session: Session) -> None:
    order = make.order(session, rail="crypto", entry="web")
    record_invoice(session, id_of(order), Invoice("1", "https://pay.example/1"), now=make.NOW)
    receive(session, body_of(order, "confirming", invoice_id=1))
    expire(session, now=LATER)
    look = outlook(session, now=LATER)
    assert look is not None
    assert (look.since, look.heard) == (make.NOW, ["5000000001"])
    foreign = body_of(order, "finished", payment_id=5000000002, order_id="somebody else's 7")
    reports = [read(json.dumps(body).encode()) for body in (body_of(order, "finished"), foreign)]
    assert awaited(session, reports, now=LATER) == reports[:1]
    assert outlook(session, now=LATER + timedelta(days=8)) is None
