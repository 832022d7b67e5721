"""Looking at Stripe: what an event told of, as it is now. Always on the account that the event names."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.payments.dispute_rules import DisputePolicy
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.disputes import DISPUTES, WARNINGS, SeenDisputes
from core.payments.rails.stripe.objects import (
    WHOLE,
    Charge,
    Dispute,
    Event,
    FraudWarning,
    Intent,
    Refund,
    Session,
)
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.rails.stripe.subscription_look import (
    RenewalSight,
    look_at_intent,
    look_at_invoice,
    look_at_subscription,
)


@dataclass(frozen=True)
class Sight:
    """A session of `account` as it is now, with all refunds and disputes of its payment.

    `session` None: there is none; `intent`: a payment that was made on none, with its `refunds`; `renewal`: a
    subscription, that of the session where there is one; `blind`: why Stripe shows nothing. `disputes` None:
    nobody has looked. `policy`: what the operator has chosen.
    """

    account: str
    session: Session | None = None
    refunds: tuple[Refund, ...] = ()
    disputes: SeenDisputes | None = None
    intent: Intent | None = None
    renewal: RenewalSight | None = None
    blind: str = ""
    policy: DisputePolicy = field(default_factory=DisputePolicy)


@dataclass(frozen=True)
class CardReport:
    """An event, and what was seen of what it told; None: nobody has looked, or may act on it."""

    event: Event
    sight: Sight | None = None
    other_mode: bool = False


def look_at_event(stripe: StripeApi, event: Event, *, at: datetime) -> Sight:
    """What an event is about, whole; of an event about a payment the page that it was made on. `at`: now."""
    try:
        sight = _look(stripe, event, at)
        return replace(sight, disputes=_disputes(stripe, event)) if event.is_of_bank else sight
    except StripeRefused as refused:
        return Sight(event.account, blind=refused.code)


def look_at_session(stripe: StripeApi, account: str, session_id: str, *, at: datetime) -> Sight:
    """One session, whole, with the subscription that began on it. `at`: now."""
    try:
        return _session(stripe, account, session_id, at)
    except StripeRefused as refused:
        return Sight(account, blind=refused.code)


def since(sight: Sight, at: datetime, policy: DisputePolicy) -> Sight:
    """The same with when the look began, and what the operator has chosen."""
    seen = replace(sight, policy=policy)
    return seen if sight.disputes is None else replace(seen, disputes=replace(sight.disputes, at=at))


def _look(stripe: StripeApi, event: Event, at: datetime) -> Sight:
    account = event.account
    if event.session_id:
        return _session(stripe, account, event.session_id, at)
    if event.subscription_id:
        seen = look_at_subscription(stripe, account, event.subscription_id, at=at)
        return Sight(account, renewal=seen)
    if event.invoice_id:
        return Sight(account, renewal=look_at_invoice(stripe, account, event.invoice_id, at=at))
    if not event.intent_id:
        return Sight(account)
    query = {"payment_intent": event.intent_id, "expand": [f"data.{path}" for path in WHOLE]}
    found = next(stripe.pages(Session, SESSIONS, query, account=account), None)
    if found is not None:
        return _whole(stripe, Sight(account, found), found.payment_intent)
    intent = look_at_intent(stripe, account, event.intent_id)  # of an invoice, or of none of ours
    return _whole(stripe, Sight(account, intent=intent), intent)


def _session(stripe: StripeApi, account: str, session_id: str, at: datetime) -> Sight:
    found = stripe.get(Session, f"{SESSIONS}/{session_id}", {"expand": list(WHOLE)}, account=account)
    if not found.subscription:
        return _whole(stripe, Sight(account, found), found.payment_intent)
    first = found.invoice or ""
    seen = look_at_subscription(stripe, account, found.subscription, at=at, invoice_id=first)
    return Sight(account, found, renewal=seen)


def _whole(stripe: StripeApi, sight: Sight, intent: Intent | None) -> Sight:
    """With all refunds of a payment, of which its charge holds the newest, and its disputes."""
    charge = intent.latest_charge if intent else None
    if charge is None or charge.refunds is None:
        return sight
    sight = replace(sight, refunds=_refunds(stripe, sight.account, charge))
    if not charge.disputed:
        return sight
    query: Mapping[str, str] = {"charge": charge.id}
    disputes = tuple(stripe.pages(Dispute, DISPUTES, query, account=sight.account))
    return replace(sight, disputes=SeenDisputes(disputes))


def _refunds(stripe: StripeApi, account: str, charge: Charge) -> tuple[Refund, ...]:
    if charge.refunds is not None and not charge.refunds.has_more:
        return tuple(charge.refunds.data)
    query: Mapping[str, str] = {"charge": charge.id}
    return tuple(stripe.pages(Refund, "/v1/refunds", query, account=account))


def _disputes(stripe: StripeApi, event: Event) -> SeenDisputes:
    """All disputes of the payment that a bank's event names, and its warning where the event is about one."""
    query: Mapping[str, str] = {"payment_intent": event.intent_id}
    disputes = tuple(stripe.pages(Dispute, DISPUTES, query, account=event.account))
    warning = None
    if event.warning_id:
        path = f"{WARNINGS}/{event.warning_id}"
        warning = stripe.get(FraudWarning, path, account=event.account)
    return SeenDisputes(disputes, warning)
