"""Payments in Stars: what is asked before one, and what a charge does, once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from msgspec import structs
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.errors import NotAllowed, Refused
from core.kit.rows import id_of
from core.orders.orders import move
from core.orders.publication import unpublish
from core.payments.rails.stars.payments import Confirmed, confirm_stars, invoice_payload, precheck
from core.people.people import set_role
from schemas import jobs
from schemas.access import Grant
from schemas.people import Seller, User
from schemas.sales import Order, OrderStatus, Payment, PaymentEvent
from tests.core.payments.test_settle import sums
from tests.support import make


def buyer_of(session: Session, order: Order) -> User:
    return session.get_one(User, order.buyer_id)


def seller_of(session: Session, order: Order) -> User:
    return session.exec(select(User).join(Seller).where(Seller.id == order.seller_id)).one()


def check(session: Session, order: Order, **changed: object) -> Order:
    question = {
        "payload": invoice_payload(order),
        "user": buyer_of(session, order),
        "amount": order.amount,
        "currency": order.currency,
        "now": make.NOW,
    }
    return precheck(session, **(question | changed))  # type: ignore[arg-type]


def stars(session: Session, order: Order, charge_id: str = "ch-1", **changed: Any) -> Confirmed:
    user = changed.pop("user", buyer_of(session, order))
    charge = structs.replace(make.charge(order, charge_id), **changed)
    return confirm_stars(session, charge, user, now=make.NOW)


def test_an_open_order_at_its_price_may_be_paid(session: Session) -> None:
    order = make.order(session)
    assert check(session, order).id == order.id
    assert len(invoice_payload(order).encode()) <= 128


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": 499}, "price-differs"),
        ({"currency": "EUR"}, "price-differs"),
        ({"now": make.NOW + timedelta(days=1)}, "order-expired"),
        ({"payload": "order:0"}, "order-unknown"),
        ({"payload": "product:1"}, "order-unknown"),
        ({"payload": "order:1 or 1=1"}, "order-unknown"),
    ],
)
def test_a_payment_that_does_not_fit_the_order_is_refused_before_it_happens(
    session: Session, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        check(session, make.order(session), **changed)


@pytest.mark.parametrize(
    ("status", "code"),
    [("paid", "already-paid"), ("expired", "order-expired"), ("cancelled", "order-closed")],
)
def test_an_order_that_is_not_open_cannot_be_paid(session: Session, status: OrderStatus, code: str) -> None:
    order = make.order(session)
    move(session, order, status, now=make.NOW)
    with pytest.raises(Refused, match=code):
        check(session, order)


def test_a_forwarded_invoice_cannot_be_paid_by_another_person(session: Session) -> None:
    with pytest.raises(Refused, match="not-your-order"):
        check(session, make.order(session), user=make.user(session))


def test_a_banned_person_cannot_pay(session: Session) -> None:
    order = make.order(session)
    set_role(session, buyer_of(session, order).telegram_id, "banned", actor="cli")
    with pytest.raises(NotAllowed, match="banned"):
        check(session, order)


def test_a_product_unpublished_after_the_order_cannot_be_paid(session: Session) -> None:
    order = make.order(session)
    unpublish(session, order.product_id, actor_user=seller_of(session, order), now=make.NOW)
    with pytest.raises(Refused, match="not-published"):
        check(session, order)


def test_what_was_bought_meanwhile_by_another_rail_cannot_be_paid_again(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    waiting = make.order(session, item, buyer, rail="manual")
    order = make.order(session, item, buyer)
    make.pay(session, waiting)
    with pytest.raises(Refused, match="already-owned"):
        check(session, order)


def test_stars_pay_the_order_grant_it_deliver_it_and_tell_the_seller(session: Session) -> None:
    order = make.order(session)
    assert stars(session, order) == Confirmed(order, first=True, accepted=True)
    assert (order.status, order.paid_at) == ("paid", make.NOW)
    assert session.exec(select(Grant)).one().buyer_id == order.buyer_id
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=id_of(order))]
    (sale,) = (notice for notice in make.queued(session, jobs.Notify) if notice.text == "sale-made")
    assert sale.user_id == seller_of(session, order).id
    assert sale.params["amount"] == "500 ⭐"
    assert sums(session, order) == 500


def test_the_same_charge_twice_is_one_payment(session: Session) -> None:
    order = make.order(session)
    stars(session, order)
    assert stars(session, order) == Confirmed(order, first=False, accepted=True)
    assert len(make.queued(session, jobs.Deliver)) == 1
    assert make.sent_texts(session).count("sale-made") == 1
    assert sums(session, order) == 500
    assert order.needs_support_at is None


def test_a_second_charge_for_a_paid_order_goes_to_support(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.order(session)
    stars(session, order, "ch-1")
    assert stars(session, order, "ch-2").first
    assert order.needs_support_at is not None
    assert make.sent_texts(session, admin) == ["staff-needs-support"]
    assert sums(session, order) == 500


@pytest.mark.parametrize(
    ("changed", "reason"), [({"amount": 499}, "amount-differs"), ({"currency": "USD"}, "currency-differs")]
)
def test_stars_that_differ_from_the_order_are_kept_but_do_not_pay_it(
    session: Session, changed: dict[str, object], reason: str
) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.order(session)
    assert stars(session, order, "ch-1", **changed) == Confirmed(order, first=True, accepted=False)
    event = session.exec(select(PaymentEvent)).one()
    assert (event.state, event.outcome, event.order_id) == ("refused", reason, order.id)
    assert session.exec(select(Payment.status)).one() == "pending"
    assert (order.status, order.needs_support_at) == ("awaiting_payment", make.NOW)
    assert make.sent_texts(session, admin) == ["staff-needs-support"]


def test_stars_from_another_person_do_not_pay_the_order(session: Session) -> None:
    order = make.order(session)
    assert not stars(session, order, user=make.user(session)).accepted
    assert order.status == "awaiting_payment"


def test_stars_for_an_unknown_order_are_kept_and_staff_are_told(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.order(session)
    assert stars(session, order, payload="order:0") == Confirmed(None, first=True, accepted=False)
    assert stars(session, order, payload="order:0") == Confirmed(None, first=False, accepted=False)
    event = session.exec(select(PaymentEvent)).one()
    assert event.state == "unmatched"
    assert json.loads(event.body or b"")["telegram_id"] == buyer_of(session, order).telegram_id
    assert make.sent_texts(session, admin) == ["staff-unmatched-payment"]


def test_one_payment_reported_by_many_at_once_pays_once(database: Database) -> None:
    with database.transaction() as session:
        order = make.order(session)
    start = Barrier(6)

    def confirm(number: int) -> bool:
        start.wait(60)
        with database.transaction() as session:
            return stars(session, session.get_one(Order, order.id), f"ch-{number % 2}").first

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(confirm, range(6))) == 2
    with database.transaction() as session:
        assert sums(session, order) == 500
        assert session.get_one(Order, order.id).needs_support_at is not None
        assert len(make.queued(session, jobs.Deliver)) == 1
