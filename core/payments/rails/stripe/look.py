"""Looking at Stripe: what an event told of, as it is now. Always on the account that the event names."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.objects import WHOLE, Event, Refund, Session
from core.payments.rails.stripe.protocol import StripeRefused


@dataclass(frozen=True)
class Sight:
    """A session of `account` as it is now, with all refunds of its payment.

    `session` None: there is none; `blind`: why Stripe shows nothing.
    """

    account: str
    session: Session | None = None
    refunds: tuple[Refund, ...] = ()
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
        return _whole(stripe, event.account, found)
    except StripeRefused as refused:
        return Sight(event.account, blind=refused.code)


def look_at_session(stripe: StripeApi, account: str, session_id: str) -> Sight:
    """One session, whole."""
    try:
        found = stripe.get(Session, f"{SESSIONS}/{session_id}", {"expand": list(WHOLE)}, account=account)
        return _whole(stripe, account, found)
    except StripeRefused as refused:
        return Sight(account, blind=refused.code)


def _whole(stripe: StripeApi, account: str, found: Session | None) -> Sight:
    """With all its refunds, of which a session itself holds the newest."""
    charge = found.payment_intent.latest_charge if found and found.payment_intent else None
    if charge is None or charge.refunds is None:
        return Sight(account, found)
    if not charge.refunds.has_more:
        return Sight(account, found, tuple(charge.refunds.data))
    query: Mapping[str, str] = {"charge": charge.id}
    return Sight(account, found, tuple(stripe.pages(Refund, "/v1/refunds", query, account=account)))
