"""Trying once more what failed for an order: what providers told of it, and its jobs that have died.

For support, who has no shell of the server. What was done is not done twice, however often this is asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.jobs.admin import bulk_actions
from core.jobs.admin.filter_language import parse
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.rows import must_get
from core.payments.event_replay import STATES, EventFilter, plan_replay, replay, show_event
from schemas.sales import Order


@dataclass(frozen=True)
class SecondTry:
    """How many events of providers are applied again, and how many jobs begin again."""

    events: int
    jobs: int


def try_order_again(database: Database, order_id: int, *, actor: str, now: datetime) -> SecondTry:
    """Apply the events of an order again and revive its dead jobs. Raises `NotFound` "order-unknown"."""
    dead = parse(f"state:dead arg.order_id:{order_id}")
    with database.transaction() as session:
        order = must_get(session, Order, order_id, "order-unknown")
        of_order = EventFilter(order_id=order_id, states=STATES, since=order.created_at)
        replaying = plan_replay(session, of_order)
        reviving = bulk_actions.plan(session, "retry", dead, bulk_actions.Options(), now=now)
    events = max(replay(database, replaying, actor=actor), default=0) if replaying.count else 0
    jobs = 0
    if reviving.count:
        jobs = max(changed for _, changed in bulk_actions.perform(database, reviving, actor=actor, now=now))
    return SecondTry(events, jobs)


def try_event_again(database: Database, event_id: UUID, *, actor: str) -> None:
    """Apply one event again. Raises `NotFound` "event-unknown"; `Refused` "event-without-body"."""
    with database.transaction() as session:
        show_event(session, event_id)
        planned = plan_replay(session, EventFilter(ids=(event_id,)))
    if not planned.count:
        raise Refused("event-without-body")
    for _ in replay(database, planned, actor=actor):
        pass
