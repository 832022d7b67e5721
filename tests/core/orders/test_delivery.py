from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.kit.correlation import correlation
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.orders.delivery import (
    PAUSES,
    Sweep,
    buyer_unreachable,
    cannot_deliver,
    mark_delivered,
    resend,
    sweep,
    undelivered,
)
from core.orders.grants import revoke
from core.orders.orders import MOVES, can_move, move, need_support
from core.payments.order_claims import issue_claim, redeem
from core.payments.refunds import finish_refund
from core.people.people import upsert_person
from schemas import jobs
from schemas.access import Grant
from schemas.audit import AuditEntry
from schemas.people import Seller, User
from schemas.queue import Job
from schemas.sales import Order, OrderStatus
from tests.support import make

LATER = make.NOW + timedelta(days=1)


def end_jobs(session: Session) -> None:
    """What a worker leaves when a job has failed for good."""
    session.execute(update(Job).where(col(Job.actor) == "deliver").values(state="dead"))


def test_an_order_is_delivered_once(session: Session) -> None:
    order = make.paid_order(session)
    assert [mark_delivered(session, id_of(order), now=make.NOW) for _ in range(2)] == [True, False]
    session.refresh(order)
    assert (order.status, order.delivered_at) == ("delivered", make.NOW)


@pytest.mark.parametrize("status", MOVES)
def test_delivered_in_one_statement_is_the_move_of_every_order(session: Session, status: OrderStatus) -> None:
    by_move, by_statement = orders = [make.paid_order(session) for _ in range(2)]
    session.execute(update(Order).values(status=status))
    earlier = set(session.exec(select(AuditEntry.id)))

    token = correlation.set("c0ffee")
    moved = move(session, by_move, "delivered", now=make.NOW)
    stated = mark_delivered(session, id_of(by_statement), now=make.NOW)
    correlation.reset(token)

    assert (moved, stated) == (can_move(status, "delivered"),) * 2
    session.expire_all()
    assert len({(order.status, order.delivered_at) for order in orders}) == 1
    written_now = [entry for entry in session.exec(select(AuditEntry)) if entry.id not in earlier]
    entries = {entry.subject: entry for entry in written_now}
    assert set(entries) == {f"order:{order.id}" for order in orders if moved}
    written = [(entry.actor, entry.action, entry.correlation_id, entry.details) for entry in entries.values()]
    assert written == [("system", "order.delivered", "c0ffee", {})] * len(entries)


def test_a_refunded_order_cannot_become_delivered(session: Session) -> None:
    order = make.paid_order(session)
    finish_refund(session, order, reason="", now=make.NOW)
    assert not mark_delivered(session, id_of(order), now=make.NOW)


def test_an_order_whose_job_is_alive_is_left_to_it(session: Session) -> None:
    make.paid_order(session)
    assert undelivered(session, now=LATER) == []


def test_an_order_whose_job_is_dead_or_lost_is_sent_again_by_one_new_job(session: Session) -> None:
    order = make.paid_order(session)
    end_jobs(session)
    assert undelivered(session, now=LATER) == [order.id]
    assert sweep(session, now=LATER) == Sweep([id_of(order)], [])
    assert sweep(session, now=LATER) == Sweep([], [])
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=id_of(order))] * 2


@pytest.mark.parametrize("how", ["delivered", "refunded", "unclaimed", "unpaid", "blocked"])
def test_only_paid_orders_of_reachable_buyers_are_sent_again(session: Session, how: str) -> None:
    if how == "unpaid":
        order = make.order(session)
    else:
        order = make.paid_order(session, rail="crypto" if how == "unclaimed" else "stars")
    if how == "delivered":
        mark_delivered(session, id_of(order), now=make.NOW)
    elif how == "refunded":
        finish_refund(session, order, reason="", now=make.NOW)
    elif how == "blocked":
        buyer_unreachable(session, id_of(order), now=make.NOW)
    end_jobs(session)
    assert undelivered(session, now=LATER) == []


def test_attempts_are_spaced_over_more_than_24_hours_then_people_take_over_once(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.paid_order(session)
    moment, tries = make.NOW, []
    while order.needs_support_at is None:
        end_jobs(session)
        if sweep(session, now=moment).resent:
            tries.append(moment - make.NOW)
        moment += timedelta(minutes=5)
    assert tries == list(PAUSES)
    assert tries[-1] > timedelta(hours=24)
    assert sweep(session, now=moment + timedelta(days=9)) == Sweep([], [])
    assert make.sent_texts(session, admin) == ["staff-needs-support"]
    assert make.sent_texts(session).count("sale-undelivered") == 1


def test_an_order_that_needs_support_for_another_reason_is_given_up_all_the_same(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.paid_order(session)
    need_support(session, order, reason="overpaid", now=make.NOW)
    order.delivery_attempts = len(PAUSES)
    end_jobs(session)
    long_after = make.NOW + timedelta(days=3)
    assert undelivered(session, now=long_after) == []
    assert [sweep(session, now=long_after).given_up for _ in range(2)] == [[order.id], []]
    assert make.sent_texts(session, admin) == ["staff-needs-support"] * 2


def test_a_buyer_who_blocked_the_bot_gets_the_order_when_he_comes_back(session: Session) -> None:
    order = make.paid_order(session)
    buyer = session.get_one(User, order.buyer_id)
    buyer_unreachable(session, id_of(order), now=make.NOW)
    end_jobs(session)
    assert buyer.blocked_at == make.NOW
    assert undelivered(session, now=LATER) == []
    upsert_person(
        session, telegram_id=buyer.telegram_id, name="Awa", username=None, language_code="fr", now=LATER
    )
    assert undelivered(session, now=LATER) == [order.id]


def test_the_pauses_of_an_order_count_from_its_claim_not_from_its_payment(session: Session) -> None:
    order = make.paid_order(session, rail="crypto", now=make.NOW - timedelta(days=3))
    redeem(session, issue_claim(session, order, life=make.DAY, now=make.NOW), make.user(session), make.NOW)
    end_jobs(session)
    assert undelivered(session, now=make.NOW + PAUSES[0] - timedelta(seconds=1)) == []
    assert undelivered(session, now=make.NOW + PAUSES[0]) == [order.id]


def test_what_cannot_be_delivered_goes_to_support_and_the_seller_hears_of_it(session: Session) -> None:
    order = make.paid_order(session)
    for _ in range(2):
        cannot_deliver(session, order, reason="no-file", now=make.NOW)
    shop = session.get_one(Seller, order.seller_id)
    assert order.needs_support_at == make.NOW
    assert make.sent_texts(session, make.owner_of(session, shop)) == ["sale-made", "sale-undelivered"]


def test_staff_send_an_order_again_as_it_stands(session: Session) -> None:
    order = make.paid_order(session)
    resend(session, id_of(order), actor="cli")
    assert len(make.queued(session, jobs.Deliver)) == 2
    mark_delivered(session, id_of(order), now=make.NOW)
    resend(session, id_of(order), actor="cli")
    (sent,) = make.queued(session, jobs.SendLinks)
    assert sent.occasion == "resend"
    finish_refund(session, order, reason="", now=make.NOW)
    with pytest.raises(Refused, match="order-refunded"):
        resend(session, id_of(order), actor="cli")


def test_an_unpaid_order_cannot_be_sent(session: Session) -> None:
    with pytest.raises(Refused, match="not-paid-yet"):
        resend(session, id_of(make.order(session)), actor="cli")


def test_of_a_paid_order_without_access_it_is_never_said_that_it_is_not_paid(session: Session) -> None:
    held = make.order(session)
    held.status = "paid"
    session.add(held)
    with pytest.raises(Refused, match="order-held"):
        resend(session, id_of(held), actor="cli")
    withdrawn = make.paid_order(session)
    grant = session.exec(select(Grant).where(Grant.order_id == withdrawn.id)).one()
    revoke(session, id_of(grant), reason="abuse", now=make.NOW)
    with pytest.raises(Refused, match="access-withdrawn"):
        resend(session, id_of(withdrawn), actor="cli")


def test_two_sweeps_at_once_send_an_order_once(database: Database) -> None:
    with database.transaction() as session:
        order = make.paid_order(session)
        end_jobs(session)
    with database.transaction() as first, database.transaction() as second:
        assert sweep(first, now=LATER).resent == [order.id]
        assert sweep(second, now=LATER).resent == []
    with database.transaction() as session:
        assert session.exec(select(Order.delivery_attempts)).one() == 1
