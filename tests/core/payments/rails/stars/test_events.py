"""What Telegram tells of Stars: applied by a job, once, in any order, and nothing of it is lost."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec import structs
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.payments.payment_events import handle_event
from core.payments.rails.stars.charges import charge_to_refund
from core.payments.rails.stars.events import StarsEvent, keep, keep_question, note_answer
from core.payments.rails.stars.payments import invoice_payload
from core.payments.refunds import request_refund
from core.people.people import find_user
from core.ports import SubscriptionState
from schemas import jobs
from schemas.people import User
from schemas.sales import Order, Payment, PaymentEvent
from tests.core.memberships.subscriber import Subscriber
from tests.support import make
from tests.support.make import NOW

MONTH = timedelta(days=30)
MINUTE = timedelta(minutes=1)


def payment(order: Order, person: User, charge: str = "ch-1", amount: int = 500) -> StarsEvent:
    return StarsEvent(
        telegram_id=person.telegram_id,
        payload=invoice_payload(order),
        charge_id=charge,
        amount=amount,
        currency="XTR",
        name="Awa",
        language_code="fr",
    )


def tell(session: Session, event: StarsEvent) -> UUID | None:
    """Keep an update as the bot does."""
    return keep(session, event, event.event_id, now=NOW)


def apply(session: Session, event_id: UUID | None, now: datetime = NOW) -> PaymentEvent:
    """Handle it as the job does; the event after that."""
    assert event_id is not None
    handle_event(session, event_id, now=now)
    return session.get_one(PaymentEvent, event_id)


@pytest.fixture
def buyer(session: Session) -> User:
    return make.user(session)


@pytest.fixture
def order(session: Session, buyer: User) -> Order:
    return make.order(session, buyer=buyer)


def test_a_payment_is_kept_first_and_pays_by_its_job(session: Session, order: Order, buyer: User) -> None:
    stored = tell(session, payment(order, buyer))
    assert stored is not None
    assert make.queued(session, jobs.HandlePaymentEvent) == [jobs.HandlePaymentEvent(event_id=stored)]
    before = order.status
    event = apply(session, stored)
    assert (event.state, event.outcome, event.order_id) == ("handled", "paid", order.id)
    assert (before, order.status) == ("awaiting_payment", "paid")
    assert tell(session, payment(order, buyer)) is None


def test_a_payer_we_never_met_is_written_down_with_the_money(session: Session, order: Order) -> None:
    stranger = User(telegram_id=4711)
    event = apply(session, tell(session, payment(order, stranger)))
    assert (event.state, event.outcome) == ("refused", "payer-differs")
    met = find_user(session, 4711)
    assert met is not None
    assert make.sent_texts(session, met) == ["payment-odd"]
    charge = charge_to_refund(session, id_of(order), "ch-1")
    assert charge is not None
    assert charge.telegram_id == 4711


def test_money_for_no_order_is_kept_counted_and_told(session: Session, order: Order, buyer: User) -> None:
    admin = make.user(session, roles=("admin",))
    order.id, order_id = 10**9, order.id
    unknown = payment(order, buyer)
    order.id = order_id
    assert apply(session, tell(session, unknown)).state == "unmatched"
    assert make.sent_texts(session, admin) == ["staff-unmatched-payment"]
    assert make.sent_texts(session, buyer) == ["payment-odd"]
    gone = StarsEvent(kind="refund", telegram_id=7, charge_id="ch-9", amount=5, currency="XTR")
    assert apply(session, tell(session, gone)).outcome == "no such charge"
    ended = StarsEvent(kind="subscription", telegram_id=7, payload="order:9", state="canceled")
    assert apply(session, tell(session, ended)).outcome == "no such subscription"
    assert make.sent_texts(session, admin) == ["staff-unmatched-payment"] * 3


def test_stars_that_staff_give_back_keep_their_reason_whoever_tells_first(
    session: Session, order: Order, buyer: User
) -> None:
    apply(session, tell(session, payment(order, buyer)))
    request_refund(session, id_of(order), actor="cli", reason="wrong file", now=NOW)
    back = StarsEvent(kind="refund", telegram_id=buyer.telegram_id, charge_id="ch-1", amount=500)
    assert apply(session, tell(session, back)).outcome == "the order is refunded"
    assert (order.status, order.note) == ("refunded", "wrong file")
    assert tell(session, back) is None


def test_a_second_charge_given_back_leaves_the_order_paid(
    session: Session, order: Order, buyer: User
) -> None:
    for minutes, charge in enumerate(("ch-1", "ch-2")):
        apply(session, tell(session, payment(order, buyer, charge)), NOW + minutes * MINUTE)
    back = StarsEvent(kind="refund", telegram_id=buyer.telegram_id, charge_id="ch-2")
    assert "had not paid" in apply(session, tell(session, back)).outcome
    assert order.status == "paid"
    second = session.exec(select(Payment).where(Payment.provider_id == "ch-2")).one()
    assert second.status == "refunded"


def test_a_question_is_kept_with_its_answer_and_asks_for_no_job(session: Session) -> None:
    for _ in range(2):
        keep_question(session, "77", b'{"total_amount": 500}', 4711, now=NOW)
    note_answer(session, "77", "order-expired", now=NOW)
    event = session.exec(select(PaymentEvent)).one()
    session.refresh(event)
    assert (event.event_id, event.payer, event.outcome) == ("question:77", 4711, "order-expired")
    assert make.queued(session, jobs.HandlePaymentEvent) == []


def changed(session: Session, someone: Subscriber, state: SubscriptionState, minutes: int) -> UUID | None:
    """Keep what is told of a subscription so many minutes later."""
    payload = invoice_payload(someone.order)
    event = StarsEvent(
        kind="subscription", telegram_id=someone.user.telegram_id, payload=payload, state=state
    )
    return keep(session, event, event.event_id, now=NOW + minutes * MINUTE)


def test_a_subscription_stands_as_was_told_last_whichever_job_runs_first(session: Session) -> None:
    someone = Subscriber(session)
    ended = changed(session, someone, "canceled", 1)
    apply(session, changed(session, someone, "restored", 2))
    assert apply(session, ended).outcome == "late news: more was told since"
    assert someone.subscription.renews
    assert apply(session, changed(session, someone, "canceled", 3)).state == "handled"
    assert not someone.subscription.renews


def test_an_old_charge_told_late_takes_no_time_away(session: Session) -> None:
    someone = Subscriber(session)
    for number in (2, 1):
        charge = payment(someone.order, someone.user, f"further-{number}")
        charge = structs.replace(charge, until=NOW + (number + 1) * MONTH)
        assert apply(session, tell(session, charge)).state == "handled"
    assert someone.subscription.until == NOW + 3 * MONTH
