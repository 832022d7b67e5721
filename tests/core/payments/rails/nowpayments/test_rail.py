"""Crypto at the port: an invoice opened by a job, news by notices or a look, money with the operator."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.rails.nowpayments.rail import Crypto
from core.payments.rails.nowpayments.reports import read
from core.payments.rails.port import PaymentReport, Waiting
from core.payments.refunds import request_refund
from schemas import jobs
from schemas.sales import Order, Payment, PaymentEvent
from tests.core.payments.rails.nowpayments.test_events import body_of
from tests.support import make


def row(order: Order, name: str, **columns: Any) -> Payment:
    return Payment(
        order_id=id_of(order), rail="crypto", provider_id=name, currency="EUR", amount=999, **columns
    )


@pytest.mark.parametrize(("secret", "web"), [("secret", "here"), ("", None)])
def test_crypto_is_offered_where_its_notices_can_be_verified(
    settings: Any, secret: str, web: str | None
) -> None:
    offers = [Crypto().offer(entry, settings(nowpayments_ipn_secret=secret)) for entry in ("bot", "web")]
    assert offers == ["site", web]


def test_a_new_order_has_its_invoice_opened_by_one_job(session: Session) -> None:
    order = make.order(session, rail="crypto", entry="web")
    assert order.status == "created"
    assert make.queued(session, jobs.OpenInvoice) == [jobs.OpenInvoice(order_id=id_of(order))]


def test_an_order_waits_for_its_invoice_then_for_money_then_for_the_network(session: Session) -> None:
    order = make.order(session, rail="crypto", entry="web")
    invoice = row(order, "invoice:1", pay_url="https://pay.example/1")
    under_way = row(order, "5", details={"status": "confirming"})
    waiting = Crypto().waiting
    assert waiting([]) == Waiting("preparing")
    assert waiting([invoice]) == Waiting("payable", "https://pay.example/1")
    assert waiting([invoice, under_way]) == Waiting("confirming", "https://pay.example/1")
    under_way.status = "confirmed"
    assert waiting([invoice, under_way]).stage == "payable"


def test_money_that_staff_sent_back_in_parts_lowers_what_the_seller_is_owed(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    for amount, status in ((300, "paid"), (300, "paid"), (399, "refunded")):
        request_refund(session, id_of(order), actor="cli", reason="kulant", amount=amount, now=make.NOW)
        assert order.status == status


class Provider:
    """An account of NOWPayments that lists these reports."""

    def __init__(self, *listed: PaymentReport) -> None:
        self.listed = listed

    def open_invoice(self, *_: Any) -> Any:
        raise AssertionError("nobody asks for one")

    def reports(self, since: datetime, _heard: Iterable[str]) -> Iterator[PaymentReport]:
        return iter(self.listed)


def test_what_no_notice_told_is_stored_once_as_if_it_had_come(database: Database) -> None:
    with database.transaction() as session:
        order = make.order(session, rail="crypto", entry="web")
        report = read(json.dumps(body_of(order, "finished")).encode())

    class Gateways:
        provider = Provider(
            report, replace(report, stage="waiting"), replace(report, provider_id="9", order_number="x")
        )
        channels: Any = None
        stripe: Any = None
        settings: Any = None

    assert [Crypto().reconcile(database, Gateways(), now=make.NOW) for _ in range(2)] == [1, 0]
    with database.transaction() as session:
        stored = session.exec(select(PaymentEvent)).one()
        assert (stored.provider, stored.body) == ("nowpayments", report.raw)


@pytest.mark.parametrize(
    ("key", "secret", "state"), [("k", "s", "ok"), ("", "", "ok"), ("k", "", "warn"), ("", "s", "warn")]
)
def test_key_and_secret_belong_together(settings: Any, key: str, secret: str, state: str) -> None:
    health = Crypto().doctor(settings(nowpayments_api_key=key, nowpayments_ipn_secret=secret))
    assert (health.state, bool(health.mend)) == (state, state == "warn")
