"""What Telegram tells the bot about Stars: kept as it came, then applied once by a job.

Telegram says each thing once and never again, so nothing is done with it before it is written down.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.kit.names import clean_text
from core.kit.rows import id_of, must_get
from core.memberships.charges import confirm_charge
from core.memberships.events import SubscriptionChanged
from core.memberships.subscriptions import subscription_by_payload, subscription_changed
from core.notifications.notify import notify, notify_staff
from core.orders.orders import order_number
from core.payments.refunds import finish_refund, stars_charge
from core.payments.settle import Confirmed, confirm_stars, store_event
from core.payments.staff_decisions import PAID, finish_charge_refund
from core.people.people import upsert_person
from schemas.sales import Order, Payment, PaymentEvent

PROVIDER = "telegram"
QUESTION = "question:"
SUBSCRIPTION = "subscription:"

Kind = Literal["payment", "refund", "subscription"]
State = Literal["canceled", "failed", "restored"]


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
    state: State | None = None  # of a subscription
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
    body = msgspec.json.encode(event)
    payer = event.telegram_id
    return store_event(session, provider=PROVIDER, event_id=event_id, body=body, payer=payer, now=now)


def keep_question(session: Session, query_id: str, body: bytes, telegram_id: int, *, now: datetime) -> None:
    """Write down what Telegram asks before a payment. It is answered within seconds or not at all, so no job
    has anything to do with it."""
    row = insert(PaymentEvent).values(
        id=uuid4(),
        provider=PROVIDER,
        event_id=f"{QUESTION}{query_id}",
        body=body,
        payer=telegram_id,
        state="handled",
        outcome="asked",
        received_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["provider", "event_id"]))


def note_answer(session: Session, query_id: str, answer: str, *, now: datetime) -> None:
    """What was answered to a question: agreed, or the code of the refusal."""
    name = f"{QUESTION}{query_id}"
    session.execute(
        update(PaymentEvent)
        .where(col(PaymentEvent.provider) == PROVIDER, col(PaymentEvent.event_id) == name)
        .values(outcome=answer, handled_at=now)
    )


def apply(session: Session, stored: PaymentEvent, body: bytes, *, now: datetime) -> tuple[str, str]:
    """Do what a stored update means, once; the state of the event, and what was decided."""
    event = msgspec.json.decode(body, type=StarsEvent)
    if event.kind == "payment":
        _pay(session, event, now)
        return stored.state, stored.outcome  # written with the payment itself
    if event.kind == "refund":
        return _refund(session, stored, event, now)
    return _change(session, stored, event, now)


def _pay(session: Session, event: StarsEvent, now: datetime) -> None:
    person = upsert_person(
        session,
        telegram_id=event.telegram_id,
        name=event.name,
        username=event.username,
        language_code=event.language_code,
        now=now,
    )
    said: dict[str, Any] = {
        "payload": event.payload,
        "charge_id": event.charge_id,
        "user": person,
        "amount": event.amount,
        "currency": event.currency,
        "now": now,
    }
    if event.until is not None:
        confirmed = confirm_charge(session, **said, until=event.until)
    else:
        confirmed = confirm_stars(session, **said)
    if not confirmed.accepted:
        _tell_odd(session, id_of(person), confirmed, event.charge_id)


def _tell_odd(session: Session, user_id: int, confirmed: Confirmed, charge_id: str) -> None:
    """The delivery message tells of a good payment; odd money needs words."""
    number = order_number(confirmed.order) if confirmed.order else ""
    buttons = [["button-support", "support_menu"]]
    notify(session, user_id, "payment-odd", {"number": number}, once=charge_id, buttons=buttons)


def _refund(session: Session, stored: PaymentEvent, event: StarsEvent, now: datetime) -> tuple[str, str]:
    """Telegram gave a charge back: by our request, or somebody there decided so."""
    payment = session.exec(
        select(Payment).where(Payment.rail == "stars", Payment.provider_id == event.charge_id)
    ).one_or_none()
    if payment is None:
        return "unmatched", _report_unmatched(session, event, "no such charge")
    stored.order_id = payment.order_id
    order = must_get(session, Order, payment.order_id, "order-unknown", lock=True)
    if payment.status == "refunded":
        return "handled", "known: it was refunded"
    paying = order.status in PAID and stars_charge(session, payment.order_id).charge_id == event.charge_id
    if paying:
        # Of a refund that staff asked for, this may come before its job has ended: their reason stands.
        finish_refund(session, payment.order_id, reason=order.note or "Telegram", now=now)
        return "handled", "the order is refunded"
    finish_charge_refund(session, payment.order_id, event.charge_id)
    return "handled", "a charge that had not paid the order is refunded"


def _change(session: Session, stored: PaymentEvent, event: StarsEvent, now: datetime) -> tuple[str, str]:
    """A subscription goes on or ends. Jobs may run out of order: what was told later stands."""
    assert event.state is not None, "the bot writes it"
    subscription = subscription_by_payload(session, event.payload)
    if subscription is None:
        return "unmatched", _report_unmatched(session, event, "no such subscription")
    stored.order_id = subscription.order_id
    later = select(PaymentEvent.id).where(
        PaymentEvent.order_id == subscription.order_id,
        col(PaymentEvent.event_id).startswith(SUBSCRIPTION),
        col(PaymentEvent.received_at) > stored.received_at,
        PaymentEvent.state == "handled",
    )
    if session.exec(later.limit(1)).first() is not None:
        return "handled", "late news: more was told since"
    changed = SubscriptionChanged(event.telegram_id, event.payload, event.state, stored.received_at)
    subscription_changed(session, changed, now=now)
    return "handled", f"the subscription is {event.state}"


def _report_unmatched(session: Session, event: StarsEvent, why: str) -> str:
    name = event.charge_id or event.payload[:40]
    shown = f"{event.amount} {clean_text(event.currency)[:3]}" if event.amount else "?"
    told = {"provider": PROVIDER, "event": name, "amount": shown}
    notify_staff(session, "staff-unmatched-payment", told, once=f"{PROVIDER}:{event.kind}:{name}")
    return why
