"""Our rows as lines; beside each provider's own they stand in `rails/*/test_books.py`."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from core.kit.rows import id_of
from core.payments.our_books import our_lines
from core.payments.rails.port import ProviderBooks
from schemas.sales import Order, Payment, Refund
from tests.support import make

NOW, DAY = make.NOW, timedelta(days=1)


def pay(session: Session, order: Order, name: str, **changes: Any) -> Payment:
    columns: dict[str, Any] = {"status": "confirmed", "received": 999, "confirmed_at": NOW}
    order_id = id_of(order)
    columns |= {"order_id": order_id, "rail": "card", "provider_id": name, "currency": "EUR", "amount": 999}
    payment = Payment(**columns | changes)
    session.add(payment)
    session.flush()
    return payment


def names(session: Session, books: ProviderBooks, rail: str = "card") -> list[tuple[str, str]]:
    return sorted((line.kind, line.id) for line in our_lines(session, rail, books, NOW - DAY, NOW + DAY))


def test_only_the_accounts_that_were_read_are_compared(session: Session) -> None:
    order = make.order(session)
    pay(session, order, "pi_1", details={"account": "acct_1", "fee": 30})
    pay(session, order, "pi_2", details={"account": "acct_2"})
    assert names(session, ProviderBooks([], accounts=["acct_1"])) == [("charge", "pi_1"), ("fee", "pi_1")]
    assert len(names(session, ProviderBooks([]))) == 3


def test_money_that_did_not_come_or_long_ago_is_not_in_the_books(session: Session) -> None:
    order = make.order(session)
    pay(session, order, "pi_open", status="pending", received=None, confirmed_at=None)
    pay(session, order, "pi_refused", status="refused")
    pay(session, order, "pi_old", confirmed_at=NOW - 2 * DAY)
    assert names(session, ProviderBooks([])) == []


def test_refunds_go_by_their_own_names_or_by_their_payments(session: Session) -> None:
    order = make.order(session)
    order.refunded_at = NOW
    payment = pay(session, order, "pi_1", status="refunded")
    done: dict[str, Any] = {"status": "succeeded", "currency": "EUR", "done_at": NOW}
    session.add(Refund(payment_id=payment.id, provider_id="re_1", amount=400, **done))
    session.flush()
    charge = ("charge", "pi_1")
    assert names(session, ProviderBooks([], refunds_named=True)) == [charge, ("refund", "re_1")]
    assert names(session, ProviderBooks([])) == [charge, ("refund", "pi_1")]
    assert names(session, ProviderBooks([], all_refunds=False)) == [charge]
