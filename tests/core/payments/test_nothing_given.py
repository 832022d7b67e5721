"""Money that comes and gives nothing: whoever paid is told, by whatever way it came, whatever stops it."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.notifications.kinds import KINDS
from core.notifications.telegram_messages import filled
from core.orders.delivery import cannot_deliver
from core.orders.expiry import expire
from core.payments.payment_events import handle_event
from core.payments.rails.nowpayments.payments import record_invoice
from core.payments.rails.nowpayments.reports import PROGRESS
from core.payments.rails.nowpayments.shortfalls import accept_short_payment
from core.payments.rails.port import Invoice
from core.payments.rails.stars.events import StarsEvent, keep
from schemas.notifications import Notification
from schemas.people import User
from schemas.sales import Order, OrderStatus
from tests.core.payments.rails.nowpayments.test_events import INVOICE, body_of, payment, receive
from tests.support import make, make_members

ROOT = Path(__file__).parents[3]
STATUSES: tuple[OrderStatus, ...] = get_args(OrderStatus)
TOLD = {*KINDS["payment_problem"].texts, *KINDS["payment_refunded"].texts}
ARRIVED = ("partially_paid", "finished", "expired", "failed", "wrong_asset_confirmed", "something_new")
"""NOWPayments' words by which coins are there for good; by all others they are on their way, or back."""
ODDITIES: dict[str, dict[str, Any]] = {
    "as asked": {},
    "another price": {"price_amount": 0.01},
    "another currency": {"price_currency": "usd"},
    "another invoice": {"invoice_id": 77},
    "coins of another kind": {"pay_currency": "btc", "parent_payment_id": 4999999999},
    "no number of coins": {"actually_paid": None},
}


@pytest.fixture(autouse=True)
def admin(session: Session) -> User:
    return make.user(session, name="Support", roles=("admin",))


@pytest.fixture
def buyer(session: Session) -> User:
    return make.user(session)


@pytest.fixture
def order(session: Session, buyer: User) -> Order:
    """An order of 9.99 EUR in crypto with an open invoice."""
    order = make.order(session, make.product(session), buyer, rail="crypto", entry="web")
    record_invoice(session, id_of(order), Invoice(INVOICE, "https://pay.example/1"), now=make.NOW)
    return order


def told(session: Session, person: User) -> list[tuple[str, dict[str, Any]]]:
    """What a person was told of money, with its blanks."""
    rows = session.exec(select(Notification).where(Notification.user_id == person.id)).all()
    return [(row.text, row.params) for row in rows if row.text in TOLD]


def put(session: Session, order: Order, status: OrderStatus) -> None:
    order.status = status
    session.add(order)
    session.flush()


class Undone(Exception):
    """Takes back what a case did."""


def cases(session: Session, *what: Any) -> Iterator[tuple[Any, ...]]:
    """Each combination, with all that it did to the database taken back before the next."""
    for case in product(*what):
        try:
            with session.begin_nested():
                yield case
                raise Undone
        except Undone:
            session.expire_all()


@pytest.mark.parametrize("status", STATUSES)
def test_whoever_sent_coins_that_give_nothing_is_told(
    session: Session, order: Order, buyer: User, status: OrderStatus
) -> None:
    silent = []
    for stage, share, oddity in cases(session, ARRIVED, ("0.5", "1"), ODDITIES):
        put(session, order, status)
        body = body_of(order, stage, share=share) | ODDITIES[oddity]
        is_without_coins = body["actually_paid"] is None and stage in ("expired", "failed", "something_new")
        receive(session, body)
        session.refresh(order)
        given = order.status == "paid" and status != "paid"
        if not given and not is_without_coins and not told(session, buyer):
            silent.append((stage, share, oddity))
    assert silent == []


def test_every_word_of_the_provider_is_one_of_money_that_is_there_or_not() -> None:
    assert set(PROGRESS) - set(ARRIVED) == {"waiting", "confirming", "confirmed", "sending", "refunded"}


@pytest.mark.parametrize("status", ["expired", "failed", "cancelled", "refunded"])
@pytest.mark.parametrize("stage", ["finished", "partially_paid"])
def test_too_little_for_a_closed_order_says_what_came_what_lacked_and_what_to_do(
    session: Session, order: Order, buyer: User, admin: User, status: OrderStatus, stage: str
) -> None:
    put(session, order, status)
    receive(session, body_of(order, stage, share="0.5"))
    ((text, params),) = told(session, buyer)
    assert (text, params["came"], params["missing"]) == ("payment-short", "4.99 EUR", "5.00 EUR")
    assert all("/paysupport" in filled(language, text, params) for language in ("fr", "en"))
    assert "€4.99" in filled("en", text, params)
    assert "staff-short-payment" in make.sent_texts(session, admin)
    assert (order.status, order.needs_support_at) == (status, make.NOW)


def test_each_further_sum_that_is_too_little_is_told(session: Session, order: Order, buyer: User) -> None:
    put(session, order, "expired")
    for payment_id, share in ((1, "0.5"), (1, "0.5"), (2, "0.2")):
        receive(session, body_of(order, "finished", share=share, payment_id=payment_id))
    assert [params["came"] for _, params in told(session, buyer)] == ["4.99 EUR", "6.98 EUR"]


def test_a_part_whose_time_ran_out_says_how_much_lacked(session: Session, order: Order, buyer: User) -> None:
    receive(session, body_of(order, "partially_paid", share="0.5"))
    expire(session, now=make.NOW + timedelta(hours=25))
    assert [text for text, _ in told(session, buyer)] == ["payment-partial", "payment-short"]


def test_more_after_less_was_taken_as_enough_is_told(session: Session, order: Order, buyer: User) -> None:
    receive(session, body_of(order, "partially_paid", share="0.5"))
    accept_short_payment(session, id_of(order), actor="cli", note="", now=make.NOW)
    receive(session, body_of(order, "finished", share="0.2", payment_id=2))
    assert (order.status, told(session, buyer)[-1][0]) == ("paid", "payment-odd")


def test_coins_that_the_provider_sends_back_are_told(session: Session, order: Order, buyer: User) -> None:
    put(session, order, "expired")
    receive(session, body_of(order, "finished", share="0.5"))
    receive(session, body_of(order, "refunded", share="0.5"))
    assert (payment(session).status, told(session, buyer)[-1][0]) == ("refunded", "payment-returned")


@pytest.mark.parametrize("status", STATUSES)
def test_whoever_paid_stars_that_give_nothing_is_told(session: Session, status: OrderStatus) -> None:
    payer, item = make.user(session), make.product(session)
    bought = make.order(session, item, payer)
    silent = []
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"amount": 499},
        {"amount": 501},
        {"currency": "EUR"},
        {"payload": "order:999999"},
    )
    for (change,) in cases(session, changes):
        put(session, bought, status)
        fields: dict[str, Any] = {"payload": f"order:{bought.id}", "amount": 500, "currency": "XTR"}
        update = StarsEvent(telegram_id=payer.telegram_id, charge_id="ch-1", **fields | change)
        handle_event(session, keep(session, update, "ch-1", now=make.NOW), now=make.NOW)  # type: ignore[arg-type]
        session.refresh(bought)
        if not (bought.status == "paid" and status != "paid") and not told(session, payer):
            silent.append(change)
    assert silent == []


def pay_while_barred(session: Session, buyer: User) -> None:
    item = make_members.plan(session)
    held = make_members.member(session, item, buyer)
    again = make.order(session, item, buyer)
    make_members.put_out(session, held)
    make.pay(session, again)


def pay_after_its_end(session: Session, buyer: User) -> None:
    item = make_members.plan(session, unit="until", until=make.NOW + timedelta(days=1))
    make.pay(session, make.order(session, item, buyer), now=make.NOW + timedelta(days=2))


def pay_what_cannot_be_sent(session: Session, buyer: User) -> None:
    bought = make.order(session, buyer=buyer)
    make.pay(session, bought)
    cannot_deliver(session, bought, reason="delivery-failed", now=make.NOW)


def pay_what_has_no_file(session: Session, buyer: User) -> None:
    bought = make.order(session, buyer=buyer)
    make.pay(session, bought)
    cannot_deliver(session, bought, reason="no-file", now=make.NOW)


@pytest.mark.parametrize(
    "pay", [pay_while_barred, pay_after_its_end, pay_what_cannot_be_sent, pay_what_has_no_file]
)
def test_whoever_paid_for_what_cannot_be_given_is_told_why(
    session: Session, buyer: User, pay: Callable[[Session, User], None]
) -> None:
    pay(session, buyer)
    text, params = told(session, buyer)[-1]
    assert text == "payment-held"
    words = {language: filled(language, text, params) for language in ("fr", "en")}
    assert all("/paysupport" in said for said in words.values())


@pytest.mark.parametrize("pay", [pay_while_barred, pay_after_its_end])
def test_nobody_reads_that_what_is_held_waits_for_them(
    session: Session, buyer: User, pay: Callable[[Session, User], None]
) -> None:
    pay(session, buyer)
    orders = select(Order).where(Order.buyer_id == buyer.id).order_by(col(Order.id))
    held = session.exec(orders).all()[-1]
    occasions = session.exec(select(Notification.occasion).where(Notification.user_id == buyer.id)).all()
    assert held.needs_support_at is not None
    assert f"payment-verified:{held.id}" not in occasions


CALLERS = {
    "core/memberships/declined.py:no_way_in": "the member reads member-channel-gone",
    "core/memberships/putting_out.py:_end_orders": "the member reads member-revoked",
    "core/orders/buyer_news.py:hold_goods": "the buyer reads payment-held",
    "core/orders/buyer_news.py:keep_money": "the buyer reads payment-odd or payment-short",
    "core/orders/file_goods.py:on_paid": "it is given once more",
    "core/payments/order_claims.py:_give": "whoever opens the claim reads why, the page says held",
    "core/payments/rails/nowpayments/events.py:_apply_to": "only where no coins came",
    "core/payments/rails/nowpayments/events.py:_refund": "the buyer reads payment-returned",
    "core/payments/rails/stars/payments.py:confirm_stars": "the payer reads payment-odd by tell_odd",
    "core/payments/rails/stripe/refunds.py:_came_back": "the buyer reads payment-refund-failed, if anything",
    "core/payments/rails/stripe/refunds.py:refuse": "the buyer has heard of no refund yet",
    "core/payments/rails/stripe/settling.py:_keep_odd": "only where no money came",
    "core/payments/refunds.py:finish_refund": "the money is back and the buyer reads order-refunded",
    "core/payments/settle.py:_keep_short": "the buyer of an open order reads payment-partial",
    "workers/actors/cards.py:open_checkout": "no money came",
    "workers/actors/payments.py:_call_support": "no money came, or a refund is tried again by staff",
}
"""Who may call support about an order without more, and what the buyer knows of it meanwhile."""


def test_support_is_called_only_where_the_buyer_knows_too() -> None:
    found = set()
    for path in (path for room in ("core", "workers", "bot", "api") for path in (ROOT / room).rglob("*.py")):
        for rule in ast.walk(ast.parse(path.read_text())):
            if isinstance(rule, ast.FunctionDef) and rule.name != "need_support":
                names = {node.id for node in ast.walk(rule) if isinstance(node, ast.Name)}
                found |= {f"{path.relative_to(ROOT)}:{rule.name}"} if "need_support" in names else set()
    assert found == set(CALLERS)
