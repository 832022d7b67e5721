"""Looking at Stripe: what an event told of, as it is now. Always on the account that the event names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.disputes import DISPUTES, WARNINGS, SeenDisputes
from core.payments.rails.stripe.objects import WHOLE, Dispute, Event, FraudWarning, Refund, Session
from core.payments.rails.stripe.protocol import StripeRefused
from schemas.disputes import DisputeAccess


@dataclass(frozen=True)
class Sight:
    """A session of `account` as it is now, with all refunds and disputes of its payment.

    `session` None: there is none; `blind`: why Stripe shows nothing. `disputes` None: nobody has looked.
    """

    account: str
    session: Session | None = None
    refunds: tuple[Refund, ...] = ()
    disputes: SeenDisputes | None = None
    blind: str = ""


@dataclass(frozen=True)
class CardReport:
    """An event, and what was seen of what it told; None: nobody has looked, or may act on it."""

    event: Event
    sight: Sight | None = None
    other_mode: bool = False


def look_at_event(stripe: StripeApi, event: Event) -> Sight:
    """The session that an event is about, whole; of an event about a payment the one that it was made on."""
    if event.session_id:
        return look_at_session(stripe, event.account, event.session_id)
    if not event.intent_id:
        return Sight(event.account)
    query = {"payment_intent": event.intent_id, "expand": [f"data.{path}" for path in WHOLE]}
    try:
        found = next(stripe.pages(Session, SESSIONS, query, account=event.account), None)
        sight = _whole(stripe, event.account, found)
        return replace(sight, disputes=_disputes(stripe, event)) if event.is_of_bank else sight
    except StripeRefused as refused:
        return Sight(event.account, blind=refused.code)


def look_at_session(stripe: StripeApi, account: str, session_id: str) -> Sight:
    """One session, whole."""
    try:
        found = stripe.get(Session, f"{SESSIONS}/{session_id}", {"expand": list(WHOLE)}, account=account)
        return _whole(stripe, account, found)
    except StripeRefused as refused:
        return Sight(account, blind=refused.code)


def since(sight: Sight, at: datetime, access: DisputeAccess) -> Sight:
    """The same with when the look began, and what a dispute does to access."""
    if sight.disputes is None:
        return sight
    return replace(sight, disputes=replace(sight.disputes, at=at, access=access))


def _whole(stripe: StripeApi, account: str, found: Session | None) -> Sight:
    """With all its refunds, of which a session itself holds the newest, and its disputes."""
    charge = found.payment_intent.latest_charge if found and found.payment_intent else None
    if charge is None or charge.refunds is None:
        return Sight(account, found)
    query: Mapping[str, str] = {"charge": charge.id}
    refunds = charge.refunds.data
    if charge.refunds.has_more:
        refunds = list(stripe.pages(Refund, "/v1/refunds", query, account=account))
    if not charge.disputed:
        return Sight(account, found, tuple(refunds))
    disputes = tuple(stripe.pages(Dispute, DISPUTES, query, account=account))
    return Sight(account, found, tuple(refunds), SeenDisputes(disputes))


def _disputes(stripe: StripeApi, event: Event) -> SeenDisputes:
    """All disputes of the payment that a bank's event names, and its warning where the event is about one."""
    query: Mapping[str, str] = {"payment_intent": event.intent_id}
    disputes = tuple(stripe.pages(Dispute, DISPUTES, query, account=event.account))
    warning = None
    if event.warning_id:
        path = f"{WARNINGS}/{event.warning_id}"
        warning = stripe.get(FraudWarning, path, account=event.account)
    return SeenDisputes(disputes, warning)
