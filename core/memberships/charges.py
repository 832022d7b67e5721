"""Stars that Telegram charged by itself, and those that no update told us of.

Each further charge of a subscription becomes an order of its own, so that grants, receipts, the seller's
balance and refunds are what they are for every payment.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.kit.rows import must_get
from core.memberships.subscriptions import (
    PERIOD,
    begin,
    charge_key,
    charged,
    give_up_late,
    is_recurring,
    subscription_by_payload,
)
from core.payments.refunds import finish_refund
from core.payments.settle import PAYLOAD_PREFIX, Confirmed, confirm_stars, invoice_payload
from core.people.people import find_user
from core.ports import StarsTransaction
from schemas.membership import StarSubscription
from schemas.people import User
from schemas.sales import Order, Payment, PaymentEvent

LOOK_BACK = timedelta(days=3)
"""Of the daily reconciliation: a day away and one more, twice."""


def confirm_charge(
    session: Session,
    *,
    payload: str,
    charge_id: str,
    user: User,
    amount: int,
    currency: str,
    until: datetime,
    now: datetime,
) -> Confirmed:
    """Apply a payment that carries the end of a subscription (`subscription_until_date`), once for each
    charge id. Never raises for odd money: it is kept, and support looks at it."""
    said = {"charge_id": charge_id, "user": user, "amount": amount, "currency": currency, "now": now}
    subscription = subscription_by_payload(session, payload)
    if subscription is None:
        confirmed = confirm_stars(session, payload=payload, **said)  # type: ignore[arg-type]
        order = confirmed.order
        if order is not None and confirmed.first and confirmed.accepted and is_recurring(session, order):
            begin(session, order, charge_id=charge_id, until=until, now=now)
        return confirmed
    if charge_id == subscription.charge_id:
        return confirm_stars(session, payload=payload, **said)  # type: ignore[arg-type]
    order = _further_order(session, subscription, charge_id, now)
    confirmed = confirm_stars(session, payload=invoice_payload(order), **said)  # type: ignore[arg-type]
    if confirmed.first and confirmed.accepted:
        charged(session, subscription, until=until)
    return confirmed


def apply_transactions(session: Session, lines: Iterable[StarsTransaction], *, now: datetime) -> int:
    """Apply what the bot's Stars account shows and no update told; how many lines were news."""
    news = 0
    for line in sorted(lines, key=lambda line: line.at):
        if line.refunded or line.stars < 0:
            news += _apply_refund(session, line, now)
        elif line.payload.startswith(PAYLOAD_PREFIX) and not _is_known(session, line):
            news += _apply_payment(session, line, now)
    give_up_late(session, now=now)
    return news


def unsettled_since(now: datetime) -> datetime:
    """How far back a reconciliation reads."""
    return now - LOOK_BACK


def _further_order(session: Session, subscription: StarSubscription, charge_id: str, now: datetime) -> Order:
    """The order of a further charge, on the terms of the first."""
    first = must_get(session, Order, subscription.order_id, "order-unknown")
    values = first.model_dump(include={"buyer_id", "product_id", "seller_id", "entry", "rail", "currency"})
    made = insert(Order).values(
        **values,
        amount=subscription.stars,
        status="awaiting_payment",
        idempotency_key=charge_key(charge_id),
        language=first.language,
        created_at=now,
        expires_at=now,
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["idempotency_key"]))
    return session.exec(select(Order).where(Order.idempotency_key == charge_key(charge_id))).one()


def _apply_payment(session: Session, line: StarsTransaction, now: datetime) -> int:
    user = find_user(session, line.telegram_id) if line.telegram_id is not None else None
    if user is None:
        return 0
    said = {"payload": line.payload, "charge_id": line.id, "user": user, "amount": line.stars}
    if line.subscription_period is None:
        confirm_stars(session, currency="XTR", now=now, **said)  # type: ignore[arg-type]
    else:
        confirm_charge(session, currency="XTR", until=line.at + PERIOD, now=now, **said)  # type: ignore[arg-type]
    return 1


def _apply_refund(session: Session, line: StarsTransaction, now: datetime) -> int:
    """A refund carries the id of the charge it gives back (core.telegram.org/bots/api#startransaction)."""
    order_id = session.exec(
        select(Payment.order_id).where(
            Payment.rail == "stars", Payment.provider_id == line.id, Payment.status == "confirmed"
        )
    ).one_or_none()
    return int(order_id is not None and finish_refund(session, order_id, reason="Telegram", now=now))


def _is_known(session: Session, line: StarsTransaction) -> bool:
    seen = select(PaymentEvent.id).where(
        PaymentEvent.provider == "telegram", PaymentEvent.event_id == line.id
    )
    return session.exec(seen).first() is not None
