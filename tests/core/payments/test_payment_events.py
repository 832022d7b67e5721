"""Inbound events: stored raw once, handled once by the rail of their provider."""

from sqlmodel import Session, select

from core.payments.payment_events import (
    alarm_unmatched,
    event_of,
    handle_event,
    is_stored,
    store_answer,
    store_event,
    store_question,
)
from schemas import jobs
from schemas.sales import PaymentEvent
from tests.support import make

PROVIDER = "telegram"


def test_an_event_is_stored_raw_once_and_handled_by_one_job(session: Session) -> None:
    body = b'{"payment_id": 1, "price_amount": 9.990}'
    event = store_event(session, provider="nowpayments", event_id="1:finished", body=body, now=make.NOW)
    again = store_event(session, provider="nowpayments", event_id="1:finished", body=b"{}", now=make.NOW)
    assert event is not None
    assert again is None
    assert session.exec(select(PaymentEvent.body)).one() == body
    assert make.queued(session, jobs.HandlePaymentEvent) == [jobs.HandlePaymentEvent(event_id=event)]


def test_an_event_that_was_handled_is_left_alone(session: Session) -> None:
    event_id = store_event(session, provider="nowpayments", event_id="1", body=b"{}", now=make.NOW)
    assert event_id is not None
    event = session.get_one(PaymentEvent, event_id)
    event.state, event.body = "handled", None
    session.flush()
    assert handle_event(session, event_id, now=make.NOW) == "handled"
    assert event.handled_at is None


def test_what_no_job_has_to_do_with_is_stored_as_handled(session: Session) -> None:
    for payer in (7, 8):
        store_question(session, provider=PROVIDER, question_id="1", body=b"?", payer=payer, now=make.NOW)
    event = session.exec(select(PaymentEvent)).one()
    assert (event.state, event.outcome, event.payer) == ("handled", "asked", 7)
    assert make.queued(session, jobs.HandlePaymentEvent) == []
    store_answer(session, provider=PROVIDER, question_id="1", answer="agreed", now=make.NOW)
    session.refresh(event)
    assert (event.outcome, event.handled_at) == ("agreed", make.NOW)


def test_an_event_is_found_by_its_name_or_written_down(session: Session) -> None:
    assert not is_stored(session, provider=PROVIDER, event_id="ch-1")
    events = [
        event_of(session, provider=PROVIDER, event_id="ch-1", body=body, payer=7, now=make.NOW)
        for body in (b"first", b"second")
    ]
    assert events[0] is events[1]
    assert (events[0].state, events[0].body) == ("received", b"first")
    assert is_stored(session, provider=PROVIDER, event_id="ch-1")
    assert not is_stored(session, provider="nowpayments", event_id="ch-1")


def test_staff_hear_of_unmatched_money_once(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    for occasion in (None, None, "refund:ch-1"):
        alarm_unmatched(session, provider=PROVIDER, event="ch-1", amount="5 XTR", occasion=occasion)
    assert make.sent_texts(session, admin) == ["staff-unmatched-payment"] * 2
