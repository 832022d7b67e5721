"""Support tries again what failed for an order, and nothing happens twice."""

from uuid import uuid4

import pytest
from sqlmodel import Session, col, select, update

from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.payment_events import handle_event
from core.payments.second_try import SecondTry, try_event_again, try_order_again
from schemas.audit import AuditEntry
from schemas.queue import Job
from schemas.sales import Order, PaymentEvent
from tests.core.payments.rails.nowpayments.test_events import body_of, receive
from tests.support import make


def an_order(database: Database) -> int:
    with database.transaction() as session:
        return id_of(make.paid_order(session))


def again(database: Database, order_id: int) -> SecondTry:
    return try_order_again(database, order_id, actor="user:7", now=make.NOW)


def kill(database: Database, order_id: int) -> None:
    """The jobs of an order have died."""
    with database.transaction() as session:
        died = update(Job).where(col(Job.args)["order_id"].as_integer() == order_id)
        session.execute(died.values(state="dead", finished_at=make.NOW, failures=60))


def states(database: Database) -> set[str]:
    with Session(database.engine) as session:
        return set(session.exec(select(Job.state).where(Job.actor == "deliver")))


def test_dead_jobs_of_the_order_begin_again_and_those_of_others_do_not(database: Database) -> None:
    mine, other = an_order(database), an_order(database)
    for order_id in (mine, other):
        kill(database, order_id)
    assert again(database, mine).jobs == 2, "its delivery and its paper"
    assert states(database) == {"queued", "dead"}
    assert again(database, mine).jobs == 0


def test_an_event_of_the_order_is_applied_once_more_and_pays_once(database: Database) -> None:
    order_id = an_order(database)
    assert again(database, order_id).events == 1
    with database.transaction() as session:
        (event,) = session.exec(select(PaymentEvent)).all()
        assert event.state == "received"
        assert handle_event(session, event.id, now=make.NOW) == "handled"
        assert session.get_one(Order, order_id).status == "paid"
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "events.replayed")).all()
        assert [entry.actor for entry in entries] == ["user:7"]
        paid = select(AuditEntry).where(AuditEntry.action == "order.paid")
        assert len(session.exec(paid).all()) == 1


def test_an_order_without_anything_to_try_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        order_id = id_of(make.order(session))
    assert again(database, order_id) == SecondTry(0, 0)
    with pytest.raises(NotFound, match="order-unknown"):
        again(database, 404)


def test_an_event_that_fits_no_order_is_tried_again_by_its_id(database: Database) -> None:
    with database.transaction() as session:
        order = make.order(session, rail="crypto", entry="web")
        stray = body_of(order, "finished", order_id="CMT-999999", invoice_id=1)
        assert receive(session, stray) == "unmatched"
        event_id = session.exec(select(PaymentEvent.id)).one()
    try_event_again(database, event_id, actor="user:7")
    with database.transaction() as session:
        row = session.get_one(PaymentEvent, event_id)
        assert row.state == "received"
        row.body, row.state = None, "handled"
        session.add(row)
    with pytest.raises(Refused, match="event-without-body"):
        try_event_again(database, event_id, actor="user:7")
    with pytest.raises(NotFound, match="event-unknown"):
        try_event_again(database, uuid4(), actor="user:7")
