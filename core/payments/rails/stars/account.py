"""The bot's Stars account: what it shows and no update told us of is applied, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from core.kit.rows import must_get
from core.payments.payment_events import is_stored
from core.payments.payment_rows import find_payment
from core.payments.rails.stars.payments import (
    PAYLOAD_PREFIX,
    PROVIDER,
    RAIL,
    Charge,
    confirm_stars,
)
from core.payments.rails.stars.renewals import renewals
from core.payments.refunds import finish_refund
from core.people.people import find_user
from core.ports import StarsTransaction
from schemas.sales import Order

LOOK_BACK = timedelta(days=3)
"""Of the daily reconciliation: a day away and one more, twice."""


def apply_transactions(session: Session, lines: Iterable[StarsTransaction], *, now: datetime) -> int:
    """Apply the lines of the account of which no update told; how many were news."""
    news = 0
    for line in sorted(lines, key=lambda line: line.at):
        if line.refunded or line.stars < 0:
            news += _apply_refund(session, line, now)
        elif line.payload.startswith(PAYLOAD_PREFIX):
            news += _apply_payment(session, line, now)
    renewals().end_overdue(session, now=now)
    return news


def _apply_payment(session: Session, line: StarsTransaction, now: datetime) -> bool:
    if is_stored(session, provider=PROVIDER, event_id=line.id):
        return False
    user = find_user(session, line.telegram_id) if line.telegram_id is not None else None
    if user is None:
        return False
    charge = Charge(charge_id=line.id, payload=line.payload, amount=line.stars, currency="XTR")
    if line.subscription_period is None:
        confirm_stars(session, charge, user, now=now)
    else:
        until = line.at + timedelta(seconds=line.subscription_period)
        renewals().confirm(session, charge, user, until=until, now=now)
    return True


def _apply_refund(session: Session, line: StarsTransaction, now: datetime) -> bool:
    """A refund carries the id of the charge it gives back (core.telegram.org/bots/api#startransaction)."""
    payment = find_payment(session, RAIL, line.id)
    if payment is None or payment.status != "confirmed":
        return False
    order = must_get(session, Order, payment.order_id, "order-unknown")
    return finish_refund(session, order, reason="Telegram", now=now)
