"""Inbound events of payment providers: stored raw before anything is done. Only this module writes them.

An event is unique by its provider and the provider's name for it: sent twice, it is one event.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue, enqueue_after
from core.jobs.single_statement import Statement, run
from core.kit.rows import must_get
from core.notifications.notify import notify_staff
from core.payments.rails.port import Rail, rail_of_provider
from schemas import jobs
from schemas.sales import EventState, PaymentEvent

QUESTION = "question:"
"""How the names of events begin that were answered at once: there is nothing to apply, now or later."""
WRITE = """
    INSERT INTO payment_event (id, provider, event_id, body, payer, state, outcome, received_at)
    VALUES (%(event)s, %(provider)s, %(name)s, %(body)s, %(payer)s, %(event_state)s, %(outcome)s, %(now)s)
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id
"""


def keep_event(
    *, provider: str, event_id: str, body: bytes, payer: int | None = None, now: datetime
) -> Statement[UUID | None]:
    """Store an inbound event raw and have it handled, in one statement: its id, None when it is known.

    `payer`: the Telegram id of who paid, where the provider is Telegram.
    """
    columns = _columns(provider, event_id, body, payer, now)
    stored_id: UUID = columns["event"]
    job = jobs.HandlePaymentEvent(event_id=stored_id).once()
    return enqueue_after(WRITE, columns, job, answer=stored_id)


def store_event(
    session: Session, *, provider: str, event_id: str, body: bytes, payer: int | None = None, now: datetime
) -> UUID | None:
    """`keep_event` in a session."""
    return run(session, keep_event(provider=provider, event_id=event_id, body=body, payer=payer, now=now))


def store_question(
    session: Session, *, provider: str, question_id: str, body: bytes, payer: int, now: datetime
) -> None:
    """Store what a provider asks before a payment and waits for; one that is known stays as it is."""
    name = f"{QUESTION}{question_id}"
    columns = _columns(provider, name, body, payer, now, state="handled", outcome="asked")
    run(session, Statement(WRITE, columns, lambda rows: None))


def store_answer(session: Session, *, provider: str, question_id: str, answer: str, now: datetime) -> None:
    """Say what was answered to a stored question."""
    session.execute(
        update(PaymentEvent)
        .where(
            col(PaymentEvent.provider) == provider, col(PaymentEvent.event_id) == f"{QUESTION}{question_id}"
        )
        .values(outcome=answer, handled_at=now)
    )


def receive_again(session: Session, event_ids: Sequence[UUID]) -> None:
    """Have stored events applied once more, each by one job."""
    session.execute(update(PaymentEvent).where(col(PaymentEvent.id).in_(event_ids)).values(state="received"))
    for event_id in event_ids:
        enqueue(session, jobs.HandlePaymentEvent(event_id=event_id).replay())


def read_event(session: Session, stored_id: UUID) -> tuple[Rail[Any], Any] | None:
    """What a stored event says, and the rail that reads it; None where it was handled before.

    Raises as `handle_event`.
    """
    event = must_get(session, PaymentEvent, stored_id, "event-unknown")
    if event.state != "received":
        return None
    assert event.body is not None, "a body is dropped only when its event was handled"
    rail = rail_of_provider(event.provider)
    return rail, rail.read(event.body)


def handle_event(session: Session, stored_id: UUID, *, report: Any = None, now: datetime) -> EventState:
    """Have the rail of its provider apply a stored event; its state then. One handled before does nothing.

    `report`: what the provider says of it now (`Rail.refresh`), where somebody has asked. unmatched: no such
    order; refused: something about it is odd. Raises `NotFound`, and `Permanent` where no rail knows the
    provider.
    """
    event = must_get(session, PaymentEvent, stored_id, "event-unknown", lock=True)
    if event.state != "received":
        return event.state
    assert event.body is not None, "a body is dropped only when its event was handled"
    rail = rail_of_provider(event.provider)
    event.state, event.outcome = rail.apply(
        session, event, rail.read(event.body) if report is None else report, now=now
    )
    event.handled_at = now
    session.add(event)
    session.flush()
    return event.state


def event_of(
    session: Session, *, provider: str, event_id: str, body: bytes, payer: int, now: datetime
) -> PaymentEvent:
    """The event of this name, stored if nobody has told it, and locked. No job is asked for."""
    run(session, Statement(WRITE, _columns(provider, event_id, body, payer, now), lambda rows: None))
    return session.exec(
        select(PaymentEvent)
        .where(PaymentEvent.provider == provider, PaymentEvent.event_id == event_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def is_stored(session: Session, *, provider: str, event_id: str) -> bool:
    """Whether a provider's event of this name has come."""
    named = select(PaymentEvent.id).where(
        PaymentEvent.provider == provider, PaymentEvent.event_id == event_id
    )
    return session.exec(named).first() is not None


def alarm_unmatched(
    session: Session, *, provider: str, event: str, amount: str, occasion: str | None = None
) -> None:
    """Tell staff of money that belongs to no order of ours, once for each `occasion`.

    Which unmatched events deserve that is for each rail to say.
    """
    params = {"provider": provider, "event": event, "amount": amount}
    buttons = [["button-provider-events", "provider_events"]]
    once = f"{provider}:{occasion or event}"
    notify_staff(session, "staff-unmatched-payment", params, once=once, buttons=buttons, act="replay_events")


def _columns(
    provider: str,
    event_id: str,
    body: bytes,
    payer: int | None,
    now: datetime,
    *,
    state: EventState = "received",
    outcome: str = "",
) -> dict[str, Any]:
    return {
        "event": uuid4(),
        "provider": provider,
        "name": event_id,
        "body": body,
        "payer": payer,
        "event_state": state,
        "outcome": outcome,
        "now": now,
    }
