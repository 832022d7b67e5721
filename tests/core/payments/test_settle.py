from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.orders.delivery import mark_delivered
from core.orders.expiry import expire
from core.orders.orders import move
from core.payments.refunds import finish_refund
from core.payments.settle import settle
from schemas import jobs
from schemas.access import Grant
from schemas.sales import BalanceEntry, Order, Payment
from tests.core.orders.test_orders import PROGRESS
from tests.support import make


def crypto(session: Session, order: Order, provider_id: str = "np-1", received: int | None = 999) -> bool:
    return settle(session, order, rail="crypto", provider_id=provider_id, received=received, now=make.NOW)


def sums(session: Session, order: Order) -> int:
    return session.exec(
        select(func.coalesce(func.sum(BalanceEntry.amount), 0)).where(BalanceEntry.order_id == order.id)
    ).one()


def test_crypto_on_the_web_pays_without_a_buyer_and_waits_for_the_claim(session: Session) -> None:
    order = make.order(session, rail="crypto", entry="web")
    assert crypto(session, order)
    assert order.status == "paid"
    assert session.exec(select(Grant)).all() == []
    assert make.queued(session, jobs.Deliver) == []
    assert "sale-made" in make.sent_texts(session)


def test_too_little_money_leaves_the_order_unpaid_and_too_much_is_noted(session: Session) -> None:
    short = make.order(session, rail="crypto", entry="web")
    assert not crypto(session, short, received=998)
    assert (short.status, short.needs_support_at) == ("created", make.NOW)
    rich = make.order(session, rail="crypto", entry="web")
    assert crypto(session, rich, "np-2", received=1500)
    assert (rich.status, rich.needs_support_at) == ("paid", make.NOW)
    assert sums(session, rich) == 999


def test_a_payment_completed_later_pays_the_order(session: Session) -> None:
    order = make.order(session, rail="crypto", entry="web")
    crypto(session, order, received=500)
    assert crypto(session, order, received=999)
    payment = session.exec(select(Payment)).one()
    assert (payment.status, payment.received) == ("confirmed", 999)


def test_late_money_pays_an_expired_order_and_never_a_cancelled_one(session: Session) -> None:
    expired = make.order(session, rail="crypto", entry="web")
    move(session, expired, "expired", now=make.NOW)
    assert crypto(session, expired)
    assert expired.needs_support_at is None
    cancelled = make.order(session, rail="crypto", entry="web")
    move(session, cancelled, "cancelled", now=make.NOW)
    assert not crypto(session, cancelled, "np-2")
    assert (cancelled.status, cancelled.needs_support_at) == ("cancelled", make.NOW)


def test_one_payment_cannot_pay_two_orders(session: Session) -> None:
    crypto(session, make.order(session, rail="crypto", entry="web"))
    with pytest.raises(Refused, match="payment-of-another-order"):
        crypto(session, make.order(session, rail="crypto", entry="web"))


def test_a_person_who_pays_twice_for_one_product_is_noticed(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    orders = [make.order(session, item, buyer, rail=rail) for rail in ("stars", "manual")]
    for order in orders:
        make.pay(session, order)
    assert [order.needs_support_at for order in orders] == [None, make.NOW]


STEPS: dict[str, Callable[[Session, Order], object]] = {
    "paid": lambda session, order: crypto(session, order, f"a-{order.id}"),
    "paid again": lambda session, order: crypto(session, order, f"b-{order.id}"),
    "part paid": lambda session, order: crypto(session, order, f"c-{order.id}", received=1),
    "delivered": lambda session, order: mark_delivered(session, id_of(order), now=make.NOW),
    "refunded": lambda session, order: finish_refund(session, order, reason="", now=make.NOW),
    "time over": lambda session, order: expire(session, now=make.NOW + timedelta(days=9)),
    "invoice open": lambda session, order: move(session, order, "awaiting_payment", now=make.NOW),
    "failed": lambda session, order: move(session, order, "failed", now=make.NOW),
    "cancelled": lambda session, order: move(session, order, "cancelled", now=make.NOW),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=10))
def test_callbacks_in_any_order_never_take_an_order_back_or_pay_it_twice(
    session: Session, steps: list[str]
) -> None:
    order = make.order(session, rail="crypto", entry="web")
    order.buyer_id = make.user(session).id
    reached = PROGRESS[order.status]
    for step in steps:
        STEPS[step](session, order)
        assert PROGRESS[order.status] >= reached
        reached = PROGRESS[order.status]
    was_paid = order.paid_at is not None
    assert sums(session, order) == (order.amount if was_paid and order.status != "refunded" else 0)
    grants = session.exec(select(Grant).where(col(Grant.order_id) == order.id)).all()
    assert len(grants) == was_paid
    assert all((grant.revoked_at is not None) == (order.status == "refunded") for grant in grants)
    assert make.queued(session, jobs.Deliver).count(jobs.Deliver(order_id=id_of(order))) == was_paid
