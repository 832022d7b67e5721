"""The bot's Stars account: what it shows and no update told us of is applied, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from core.kit.bad_rows import each
from core.kit.rows import id_of
from core.payments.payment_events import alarm_unmatched, is_stored
from core.payments.payment_rows import find_payment
from core.payments.rails.stars.charges import charge_went_back
from core.payments.rails.stars.payments import (
    PAYLOAD_PREFIX,
    PROVIDER,
    RAIL,
    Charge,
    confirm_stars,
    tell_odd,
)
from core.payments.rails.stars.renewals import renewals
from core.people.people import find_user
from core.ports import StarsTransaction

LOOK_BACK = timedelta(days=3)
"""Of the daily reconciliation: a day away and one more, twice."""


def apply_transactions(session: Session, lines: Iterable[StarsTransaction], *, now: datetime) -> int:
    """Apply the lines of the account of which no update told; how many were news."""
    ordered = sorted(lines, key=lambda line: line.at)
    news = each(
        session,
        "Stars account",
        ordered,
        lambda line: _apply(session, line, now),
        name=lambda line: line.id,
        now=now,
    )
    renewals().end_overdue(session, now=now)
    return sum(news)


def _apply(session: Session, line: StarsTransaction, now: datetime) -> bool:
    if line.refunded or line.stars < 0:
        return _apply_refund(session, line, now)
    return _apply_payment(session, line, now)


def _apply_payment(session: Session, line: StarsTransaction, now: datetime) -> bool:
    if is_stored(session, provider=PROVIDER, event_id=line.id):
        return False
    user = find_user(session, line.telegram_id) if line.telegram_id is not None else None
    if user is None or not line.payload.startswith(PAYLOAD_PREFIX):
        amount, occasion = f"{line.stars} XTR", f"payment:{line.id}"
        alarm_unmatched(session, provider=PROVIDER, event=line.id, amount=amount, occasion=occasion)
        return False
    charge = Charge(charge_id=line.id, payload=line.payload, amount=line.stars, currency="XTR")
    if line.subscription_period is None:
        confirmed = confirm_stars(session, charge, user, now=now)
    else:
        until = line.at + timedelta(seconds=line.subscription_period)
        confirmed = renewals().confirm(session, charge, user, until=until, now=now)
    if not confirmed.accepted:
        tell_odd(session, id_of(user), confirmed, line.id)
    return True


def _apply_refund(session: Session, line: StarsTransaction, now: datetime) -> bool:
    """A refund carries the id of the charge it gives back (core.telegram.org/bots/api#startransaction)."""
    payment = find_payment(session, RAIL, line.id)
    if payment is None or payment.status == "refunded":
        return False
    charge_went_back(session, payment, now=now)
    return True
