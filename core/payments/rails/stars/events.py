"""What Telegram tells the bot about Stars: stored as it came, then applied once by a job.

Telegram says each thing once and never again, so nothing is done with it before it is written down.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
from sqlmodel import Session, col, select

from core.kit.names import clean_text
from core.kit.rows import id_of
from core.payments.payment_events import alarm_unmatched, store_answer, store_event, store_question
from core.payments.payment_rows import find_payment
from core.payments.rails.port import Verdict
from core.payments.rails.stars.charges import charge_went_back
from core.payments.rails.stars.payments import PROVIDER, RAIL, Charge, confirm_stars, tell_odd
from core.payments.rails.stars.renewals import renewals
from core.people.people import upsert_person
from core.ports import SubscriptionState
from schemas.sales import PaymentEvent

SUBSCRIPTION = "subscription:"

Kind = Literal["payment", "refund", "subscription"]


class StarsEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One update about Stars; what is empty does not belong to its kind. `whole` is all of it.

    payment: https://core.telegram.org/constructor/messageActionPaymentSentMe;
    refund: https://core.telegram.org/constructor/messageActionPaymentRefunded;
    subscription: https://core.telegram.org/constructor/updateBotStarsSubscription.
    """

    kind: Kind = "payment"
    telegram_id: int
    payload: str = ""
    charge_id: str = ""
    amount: int = 0  # Stars
    currency: str = ""
    until: datetime | None = None  # the end of what a charge of a subscription paid
    state: SubscriptionState | None = None  # of a subscription
    name: str = ""
    username: str | None = None
    language_code: str | None = None
    whole: Any = None

    @property
    def event_id(self) -> str:
        """Told twice, a payment and a refund have one name; a subscription changes to and fro."""
        if self.kind == "subscription":
            return f"{SUBSCRIPTION}{uuid4()}"
        return self.charge_id if self.kind == "payment" else f"refund:{self.charge_id}"


def keep(session: Session, event: StarsEvent, event_id: str, *, now: datetime) -> UUID | None:
    """Write an update down and have a job apply it; None where it was told before."""
    body, payer = msgspec.json.encode(event), event.telegram_id
    return store_event(session, provider=PROVIDER, event_id=event_id, body=body, payer=payer, now=now)


def keep_question(session: Session, query_id: str, body: bytes, telegram_id: int, *, now: datetime) -> None:
    """Write down what Telegram asks before a payment. It is answered within seconds or not at all, so no job
    has anything to do with it."""
    payer = telegram_id
    store_question(session, provider=PROVIDER, question_id=query_id, body=body, payer=payer, now=now)


def note_answer(session: Session, query_id: str, answer: str, *, now: datetime) -> None:
    """What was answered to a question: agreed, or the code of the refusal."""
    store_answer(session, provider=PROVIDER, question_id=query_id, answer=answer, now=now)


def read(body: bytes) -> StarsEvent:
    """What the body of a stored update says."""
    return msgspec.json.decode(body, type=StarsEvent)


def apply(session: Session, stored: PaymentEvent, event: StarsEvent, *, now: datetime) -> Verdict:
    """Do what a stored update means, once; the state of the event, and what was decided."""
    if event.kind == "payment":
        return _pay(session, stored, event, now)
    if event.kind == "refund":
        return _refund(session, stored, event, now)
    return _change(session, stored, event, now)


def _pay(session: Session, stored: PaymentEvent, event: StarsEvent, now: datetime) -> Verdict:
    person = upsert_person(
        session,
        telegram_id=event.telegram_id,
        name=event.name,
        username=event.username,
        language_code=event.language_code,
        now=now,
    )
    charge = Charge(
        charge_id=event.charge_id, payload=event.payload, amount=event.amount, currency=event.currency
    )
    if event.until is not None:
        confirmed = renewals().confirm(session, charge, person, until=event.until, now=now, event=stored)
    else:
        confirmed = confirm_stars(session, charge, person, now=now, event=stored)
    if not confirmed.accepted:
        tell_odd(session, id_of(person), confirmed, event.charge_id)
    return Verdict(stored.state, stored.outcome)  # written with the payment itself


def _refund(session: Session, stored: PaymentEvent, event: StarsEvent, now: datetime) -> Verdict:
    """Telegram gave a charge back: by our request, or somebody there decided so."""
    payment = find_payment(session, RAIL, event.charge_id)
    if payment is None:
        return Verdict("unmatched", _report_unmatched(session, event, "no such charge"))
    stored.order_id = payment.order_id
    return Verdict("handled", charge_went_back(session, payment, now=now))


def _change(session: Session, stored: PaymentEvent, event: StarsEvent, now: datetime) -> Verdict:
    """A subscription goes on or ends. Jobs may run out of order: what was told later stands."""
    assert event.state is not None, "the bot writes it"
    subscription = renewals().find(session, event.payload)
    if subscription is None:
        return Verdict("unmatched", _report_unmatched(session, event, "no such subscription"))
    stored.order_id = subscription.order_id
    if _is_late(session, stored):
        return Verdict("handled", "late news: more was told since")
    renewals().change(session, subscription, event.state, now=now)
    return Verdict("handled", f"the subscription is {event.state}")


def _is_late(session: Session, stored: PaymentEvent) -> bool:
    later = select(PaymentEvent.id).where(
        PaymentEvent.order_id == stored.order_id,
        col(PaymentEvent.event_id).startswith(SUBSCRIPTION),
        col(PaymentEvent.received_at) > stored.received_at,
        PaymentEvent.state == "handled",
    )
    return session.exec(later.limit(1)).first() is not None


def _report_unmatched(session: Session, event: StarsEvent, why: str) -> str:
    name = event.charge_id or event.payload[:40]
    amount = f"{event.amount} {clean_text(event.currency)[:3]}" if event.amount else "?"
    occasion = f"{event.kind}:{name}"
    alarm_unmatched(session, provider=PROVIDER, event=name, amount=amount, occasion=occasion)
    return why
