from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.kit.tokens import TOKEN_LENGTH
from core.orders.expiry import expire
from core.orders.orders import (
    MOVES,
    by_number,
    by_page,
    can_move,
    move,
    need_support,
    order_number,
    support_done,
)
from schemas.audit import AuditEntry
from schemas.sales import Order, OrderStatus, Payment
from tests.support import make

# How far an order has come; no move may lower it.
PROGRESS = {
    "created": 0,
    "awaiting_payment": 1,
    "submitted": 2,
    "cancelled": 3,
    "expired": 3,
    "failed": 3,
    "paid": 4,
    "delivered": 5,
    "refunded": 6,
}


def order_in(session: Session, status: str) -> Order:
    order = make.order(session)
    session.execute(update(Order).where(col(Order.id) == order.id).values(status=status))
    session.refresh(order)
    return order


@pytest.mark.parametrize("source", MOVES)
def test_an_order_moves_only_as_the_table_says(session: Session, source: OrderStatus) -> None:
    order = order_in(session, source)
    for target in MOVES:
        tried = session.begin_nested()
        moved = move(session, order, target, now=make.NOW)
        assert moved == (target in MOVES[source]), target
        assert order.status == (target if moved else source)
        tried.rollback()
        session.refresh(order)


@pytest.mark.parametrize("status", MOVES)
def test_every_move_of_the_table_goes_forward(status: OrderStatus) -> None:
    assert set(MOVES) == set(PROGRESS)
    assert all(PROGRESS[target] > PROGRESS[status] for target in MOVES[status])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(targets=st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_no_sequence_of_moves_takes_an_order_back(session: Session, targets: list[OrderStatus]) -> None:
    order = make.order(session)
    expected: OrderStatus = order.status
    for target in targets:
        moved = move(session, order, target, now=make.NOW)
        assert moved == can_move(expected, target)
        expected = target if moved else expected
        assert session.exec(select(Order.status).where(Order.id == order.id)).one() == expected


def test_a_move_sets_its_moment_and_columns_and_is_audited(session: Session) -> None:
    order = make.order(session)
    assert move(session, order, "paid", now=make.NOW, actor="cli", note="merci")
    assert (order.paid_at, order.note) == (make.NOW, "merci")
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "order.paid")).one()
    assert (entry.actor, entry.subject) == ("cli", f"order:{order.id}")


def test_an_order_is_found_by_every_way_of_saying_its_number(session: Session) -> None:
    order = make.order(session)
    for words in (
        order_number(order),
        order_number(order).lower(),
        str(order.id),
        id_of(order),
        f" {order.id} ",
    ):
        assert by_number(session, words).id == order.id


@pytest.mark.parametrize("words", ["", "CMT-", "0", "-1", "٤٢", "9" * 40, "1; drop table", "CMT-CMT-1"])
def test_a_number_that_names_no_order_is_not_found(session: Session, words: str) -> None:
    with pytest.raises(NotFound, match="order-unknown"):
        by_number(session, words)


def test_a_guessed_page_token_opens_nothing(session: Session) -> None:
    make.order(session, entry="web", rail="crypto")
    with pytest.raises(NotFound, match="order-unknown"):
        by_page(session, "x" * TOKEN_LENGTH)


def test_unpaid_orders_expire_when_their_time_is_over_and_submitted_ones_do_not(session: Session) -> None:
    order = make.order(session, ttl=60)
    submitted = order_in(session, "submitted")
    assert expire(session, now=make.NOW + timedelta(seconds=59)) == 0
    assert expire(session, now=make.NOW + timedelta(days=2)) == 1
    assert (order.status, submitted.status) == ("expired", "submitted")


def test_an_order_that_expires_half_paid_goes_to_support(session: Session) -> None:
    order = make.order(session, ttl=60, rail="crypto", entry="web")
    half = Payment(order_id=id_of(order), rail="crypto", provider_id="p", currency="EUR", amount=999)
    half.status = "partial"
    session.add(half)
    expire(session, now=make.NOW + timedelta(seconds=60))
    assert order.needs_support_at is not None


def test_support_is_told_once_for_each_reason(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.order(session)
    for reason in ("amount-differs", "amount-differs", "overpaid"):
        need_support(session, order, reason=reason, now=make.NOW)
    assert make.sent_texts(session, admin) == ["staff-needs-support"] * 2
    assert order.needs_support_at == make.NOW


def in_need(session: Session, status: OrderStatus) -> Order:
    order = order_in(session, status)
    need_support(session, order, reason="overpaid", now=make.NOW)
    session.refresh(order)
    return order


def test_what_support_has_seen_to_is_off_their_list_and_written_down(session: Session) -> None:
    order = in_need(session, "delivered")
    for _ in range(2):
        support_done(session, order, actor="user:7")
    assert order.needs_support_at is None
    done = session.exec(select(AuditEntry).where(AuditEntry.action == "order.support-done")).all()
    assert [(entry.actor, entry.subject) for entry in done] == [("user:7", f"order:{order.id}")]
    need_support(session, order, reason="overpaid", now=make.NOW)
    assert order.needs_support_at == make.NOW


def test_what_was_paid_and_not_delivered_is_not_seen_to_by_saying_so(session: Session) -> None:
    order = in_need(session, "paid")
    with pytest.raises(Refused, match="order-undelivered"):
        support_done(session, order, actor="user:7")
    assert order.needs_support_at is not None
