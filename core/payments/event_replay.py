"""Inbound payment events for operators: find them, look at one, have some applied once more.

An event is replayed by making it `received` again and enqueuing its job. That is safe: what an event does
is done once, whoever asks again (core.payments.payment_events). Raw bodies are kept for a setting's number of
days; an event without one can be looked at and not replayed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core.audit.details import Detail
from core.audit.record import record
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.readable_rows import build_readable
from core.kit.rows import must_get
from core.payments.payment_events import QUESTION, receive_again
from schemas.rails import Provider
from schemas.sales import EventState, PaymentEvent

PROVIDERS: tuple[Provider, ...] = get_args(Provider)
STATES: tuple[EventState, ...] = get_args(EventState)
UNSETTLED: tuple[EventState, ...] = ("received", "unmatched", "refused")
"""What a replay is for, unless it names other states."""
CHUNK = 500


@dataclass(frozen=True)
class EventFilter:
    """Which events; what is empty or None does not narrow. Times are [since, until) of their arrival."""

    ids: tuple[UUID, ...] = ()
    provider: str = ""
    states: tuple[EventState, ...] = ()
    order_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def facts(self) -> dict[str, Detail]:
        """The filter as the audit log has it, but for ids; times in seconds since 1970."""
        facts: dict[str, Detail] = {
            "provider": self.provider if self.provider in PROVIDERS else None,
            "states": ",".join(self.states),
            "order": self.order_id,
            "since": int(self.since.timestamp()) if self.since else None,
            "until": int(self.until.timestamp()) if self.until else None,
        }
        return {name: fact for name, fact in facts.items() if fact}


@dataclass(frozen=True)
class EventLine:
    """An event in a list; `size` of its raw body in bytes, None where that was dropped."""

    id: UUID
    provider: str
    event_id: str
    state: EventState
    outcome: str
    order_id: int | None
    received_at: datetime
    handled_at: datetime | None
    size: int | None


@dataclass(frozen=True)
class ReplayPlan:
    """A replay that is about to happen: how many events, and how many match but lost their raw body."""

    query: EventFilter
    count: int
    without_body: int


def list_events(session: Session, query: EventFilter, *, limit: int = 50) -> list[EventLine]:
    """The events that match, newest first."""
    size = func.octet_length(col(PaymentEvent.body)).label("size")
    names = [name for name in EventLine.__dataclass_fields__ if name != "size"]
    columns = [getattr(PaymentEvent, name) for name in names]
    statement = select(*columns, size).where(*_conditions(query))
    ordered = statement.order_by(col(PaymentEvent.received_at).desc())
    return build_readable(
        session, ordered, lambda rows: [EventLine(**row._mapping) for row in rows], limit=limit
    )


def count_events(session: Session, query: EventFilter) -> dict[str, int]:
    """How many match, by state."""
    statement = select(col(PaymentEvent.state), func.count()).where(*_conditions(query)).group_by("state")
    counts = {state: count for state, count in session.execute(statement)}  # noqa: C416 - rows are no pairs
    return {state: counts[state] for state in STATES if counts.get(state)}


def show_event(session: Session, event_id: UUID) -> PaymentEvent:
    """One event with its raw body. Raises `NotFound`."""
    return must_get(session, PaymentEvent, event_id, "event-unknown")


def plan_replay(session: Session, query: EventFilter) -> ReplayPlan:
    """Count what a replay would apply again; nothing is changed.

    Raises `Refused` for a filter that names neither events nor a range of time.
    """
    if not query.ids and query.since is None:
        raise Refused("replay-needs-range")
    has_body = col(PaymentEvent.body).is_not(None)
    statement = select(func.count().filter(has_body), func.count().filter(~has_body)).where(*_chosen(query))
    count, without = session.execute(statement).one()
    return ReplayPlan(query, count, without)


def replay(database: Database, planned: ReplayPlan, *, actor: str) -> Iterator[int]:
    """Do it, oldest first in chunks; after each, how many were asked for. Raises `Refused` when more match
    than were counted."""
    with database.transaction() as session:
        oldest_first = col(PaymentEvent.received_at)
        matching = select(col(PaymentEvent.id)).where(
            *_chosen(planned.query), col(PaymentEvent.body).is_not(None)
        )
        ids = list(session.execute(matching.order_by(oldest_first)).scalars())
        if len(ids) > planned.count:
            raise Refused("replay-grew", {"confirmed": planned.count, "now": len(ids)})
        record(session, actor, "events.replayed", "events", count=len(ids), **planned.query.facts)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with database.transaction() as session:
            receive_again(session, chunk)
        yield start + len(chunk)


def _chosen(query: EventFilter) -> list[ColumnElement[bool]]:
    """What a replay acts on: a question before a payment has no second answer."""
    states = query.states or (() if query.ids else UNSETTLED)
    question = col(PaymentEvent.event_id).startswith(QUESTION)
    chosen = [*_conditions(query), ~question]
    return [*chosen, col(PaymentEvent.state).in_(states)] if states else chosen


def _conditions(query: EventFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.ids:
        conditions.append(col(PaymentEvent.id).in_(query.ids))
    if query.provider:
        conditions.append(col(PaymentEvent.provider) == query.provider)
    if query.states:
        conditions.append(col(PaymentEvent.state).in_(query.states))
    if query.order_id is not None:
        conditions.append(col(PaymentEvent.order_id) == query.order_id)
    if query.since is not None:
        conditions.append(col(PaymentEvent.received_at) >= query.since)
    if query.until is not None:
        conditions.append(col(PaymentEvent.received_at) < query.until)
    return conditions
