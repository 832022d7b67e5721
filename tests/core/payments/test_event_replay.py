"""Finding and replaying inbound events: by id, by range of time, and never twice."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.event_replay import EventFilter, count_events, list_events, plan_replay, replay, show_event
from core.payments.payment_events import handle_event
from core.payments.rails.stars.events import StarsEvent, keep, keep_question
from core.payments.rails.stars.payments import invoice_payload
from schemas import jobs
from schemas.audit import AuditEntry
from schemas.sales import BalanceEntry, Order, PaymentEvent
from tests.support import make
from tests.support.make import NOW

HOUR = timedelta(hours=1)


def keep_charge(session: Session, payload: str, charge: str, person: int, *, hours: int = 0) -> UUID:
    event = StarsEvent(
        telegram_id=person, payload=payload, charge_id=charge, amount=500, currency="XTR", language_code="fr"
    )
    stored = keep(session, event, charge, now=NOW + hours * HOUR)
    assert stored is not None
    return stored


def outcomes(session: Session, *, of: EventFilter = EventFilter()) -> list[str]:  # noqa: B008 - it is frozen
    return [f"{line.event_id} {line.state}" for line in list_events(session, of)]


@pytest.fixture
def shelf(database: Database) -> dict[str, UUID]:
    """Three charges an hour apart: one for an order, one for none, one not handled yet; and a question."""
    with database.transaction() as session:
        buyer = make.user(session)
        order = make.order(session, buyer=buyer)
        charges = {
            "paid": keep_charge(session, invoice_payload(order), "paid", buyer.telegram_id),
            "lost": keep_charge(session, "order:0", "lost", buyer.telegram_id, hours=1),
            "new": keep_charge(session, "order:0", "new", buyer.telegram_id, hours=2),
        }
        keep_question(session, "1", b"{}", buyer.telegram_id, now=NOW)
        for name in ("paid", "lost"):
            handle_event(session, charges[name], now=NOW)
    return charges


def replayed(database: Database, query: EventFilter) -> int:
    """Plan, do and handle a replay; how many."""
    with database.transaction() as session:
        planned = plan_replay(session, query)
    done = max(replay(database, planned, actor="cli"), default=0)
    with database.transaction() as session:
        for event_id in session.exec(select(PaymentEvent.id).where(PaymentEvent.state == "received")).all():
            handle_event(session, event_id, now=NOW)
    return done


def test_events_are_found_by_state_order_and_time(database: Database, shelf: dict[str, UUID]) -> None:
    with database.transaction() as session:
        order_id = id_of(session.exec(select(Order)).one())
        assert outcomes(session)[:2] == ["new received", "lost unmatched"]
        assert outcomes(session, of=EventFilter(states=("unmatched",))) == ["lost unmatched"]
        assert outcomes(session, of=EventFilter(order_id=order_id)) == ["paid handled"]
        between = EventFilter(since=NOW + HOUR, until=NOW + 2 * HOUR, provider="telegram")
        assert outcomes(session, of=between) == ["lost unmatched"]
        assert count_events(session, EventFilter()) == {"received": 1, "handled": 2, "unmatched": 1}
        assert b"charge_id" in (show_event(session, shelf["paid"]).body or b"")
        with pytest.raises(NotFound, match="event-unknown"):
            show_event(session, uuid4())


def test_a_range_replays_what_was_not_handled_and_leaves_the_rest(
    database: Database, shelf: dict[str, UUID]
) -> None:
    with database.transaction() as session:
        assert plan_replay(session, EventFilter(since=NOW)).count == 2
        with pytest.raises(Refused, match="replay-needs-range"):
            plan_replay(session, EventFilter(states=("handled",)))
    with database.transaction() as session:
        order = session.exec(select(Order)).one()
        lost = session.get_one(PaymentEvent, shelf["lost"])
        lost.body = (lost.body or b"").replace(b"order:0", invoice_payload(order).encode())
        session.add(lost)
    assert replayed(database, EventFilter(since=NOW)) == 2
    with database.transaction() as session:
        assert count_events(session, EventFilter(since=NOW)) == {"handled": 3, "unmatched": 1}
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == "events.replayed")).one()
        assert acts.details == {"since": int(NOW.timestamp()), "count": 2}


def test_what_was_handled_may_be_replayed_and_does_nothing_twice(
    database: Database, shelf: dict[str, UUID]
) -> None:
    for _ in range(2):
        assert replayed(database, EventFilter(ids=(shelf["paid"],))) == 1
    with database.transaction() as session:
        assert session.exec(select(BalanceEntry.amount)).all() == [500]
        assert len(make.queued(session, jobs.Deliver)) == 1
        order = session.exec(select(Order)).one()
        assert (order.status, order.needs_support_at) == ("paid", None)
        assert session.get_one(PaymentEvent, shelf["paid"]).state == "handled"


def test_no_more_is_replayed_than_was_confirmed_nor_what_has_no_body(
    database: Database, shelf: dict[str, UUID]
) -> None:
    with database.transaction() as session:
        session.get_one(PaymentEvent, shelf["lost"]).body = None
    with database.transaction() as session:
        planned = plan_replay(session, EventFilter(since=NOW))
        assert (planned.count, planned.without_body) == (1, 1)
        keep_charge(session, "order:0", "later", 4711, hours=3)
    with pytest.raises(Refused, match="replay-grew"):
        list(replay(database, planned, actor="cli"))
    with database.transaction() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "events.replayed")).all() == []
