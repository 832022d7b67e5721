"""Coins that pay nothing by themselves are never dropped: staff decide, the buyer knows that they came."""

from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.orders.orders import move, support_done
from core.payments.payment_events import receive_again
from core.payments.payment_rows import find_payment
from core.payments.rails.nowpayments.payments import record_invoice
from core.payments.rails.port import Invoice
from core.payments.refunds import finish_refund
from schemas.people import User
from schemas.sales import Order, OrderStatus, PaymentEvent
from tests.core.payments.rails.nowpayments.test_events import INVOICE, body_of, reasons, receive
from tests.support import make


@pytest.fixture(autouse=True)
def _staff(session: Session) -> None:
    make.user(session, name="Support", roles=("support",))


@pytest.fixture
def buyer(session: Session) -> User:
    return make.user(session)


@pytest.fixture
def order(session: Session, buyer: User) -> Order:
    order = make.order(session, make.product(session), buyer, rail="crypto", entry="web")
    record_invoice(session, id_of(order), Invoice(INVOICE, "https://pay.example/1"), now=make.NOW)
    return order


STATUSES: list[OrderStatus] = ["awaiting_payment", "expired", "cancelled", "failed", "paid", "refunded"]


@pytest.mark.parametrize("stage", ["wrong_asset_confirmed", "something_new"])
@pytest.mark.parametrize("status", STATUSES)
def test_coins_of_an_unknown_status_are_one_support_case(
    session: Session, order: Order, buyer: User, stage: str, status: OrderStatus
) -> None:
    order.status = status
    session.add(order)
    session.flush()
    for place in range(3):
        assert receive(session, body_of(order, stage, pay_currency="usdttrc20", outcome=place)) == "refused"
    assert reasons(session) == ["unknown-money"]
    assert make.sent_texts(session, buyer).count("payment-odd") == 1
    assert order.status == status


@pytest.mark.parametrize("odd", [{}, {"price_currency": "usd"}, {"price_amount": 1}])
def test_money_beside_the_price_is_still_to_be_decided_when_the_price_went_back(
    session: Session, order: Order, odd: dict[str, Any]
) -> None:
    assert receive(session, body_of(order, "finished")) == "handled"
    stage = "partially_paid" if odd else "wrong_asset_confirmed"
    assert receive(session, body_of(order, stage, payment_id=9_900_000_001) | odd) == "refused"
    finish_refund(session, order, reason="Not what I wanted", now=make.NOW)
    assert order.status == "refunded"
    assert order.needs_support_at is not None
    support_done(session, order, actor="cli")
    assert order.needs_support_at is None


def test_a_wrong_coin_is_a_case_even_where_its_number_is_not_said(session: Session, order: Order) -> None:
    body = body_of(order, "wrong_asset_confirmed") | {"actually_paid": None}
    assert receive(session, body) == "refused"
    assert reasons(session) == ["unknown-money"]


def test_an_unknown_status_without_coins_is_no_case(session: Session, order: Order) -> None:
    assert receive(session, body_of(order, "something_new", share="0")) == "refused"
    assert reasons(session) == []


@pytest.mark.parametrize("stage", ["wrong_asset_confirmed", "something_new", "expired", "finished", "failed"])
def test_coins_of_no_order_of_ours_alarm_staff_once(session: Session, order: Order, stage: str) -> None:
    body: dict[str, Any] = body_of(order, stage, share="1") | {"order_id": "CMT-999999999"}
    for place in range(2):
        assert receive(session, body | {"outcome": place}) == "unmatched"
    assert make.sent_texts(session).count("staff-unmatched-payment") == 1


@pytest.mark.parametrize("stage", ["expired", "failed"])
def test_coins_of_a_payment_that_came_to_nothing_are_one_case(
    session: Session, order: Order, buyer: User, stage: str
) -> None:
    receive(session, body_of(order, stage, share="0.7"))
    assert reasons(session) == ["payment-failed"]
    assert "payment-odd" in make.sent_texts(session, buyer)


def test_a_case_that_is_replayed_is_the_same_case(session: Session, order: Order) -> None:
    receive(session, body_of(order, "wrong_asset_confirmed"))
    event = session.exec(select(PaymentEvent)).one()
    receive_again(session, [event.id])
    receive(session, body_of(order, "wrong_asset_confirmed", outcome=2))
    assert reasons(session) == ["unknown-money"]
    assert find_payment(session, "crypto", "5000000001") is None


def test_money_for_a_cancelled_order_is_told_to_both_sides(
    session: Session, order: Order, buyer: User
) -> None:
    move(session, order, "cancelled", now=make.NOW)
    receive(session, body_of(order, "finished"))
    assert reasons(session) == ["late-payment"]
    assert make.sent_texts(session, buyer) == ["payment-odd"]
