"""What the webhook of Stripe takes in: what is signed, and of that only what is about money of ours, or about
whether a seller can take cards at all.

A connected account tells of all that its seller does with Stripe, most of which is none of ours: of that no
row is written and nobody is told. It is acknowledged all the same, since Stripe switches an endpoint off that
refuses for long (https://docs.stripe.com/webhooks#disable).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
from sqlmodel import Session

from core.jobs.ledger import enqueue_after
from core.jobs.single_statement import Statement
from core.kit.errors import Refused
from core.orders.orders import order_id_of
from core.payments.rails.stripe import accounts, onboarding
from core.payments.rails.stripe.objects import Event, is_name
from core.payments.rails.stripe.platform import read_mark
from core.payments.rails.stripe.protocol import is_signed
from schemas import jobs

PROVIDER = "stripe"
RAIL = accounts.RAIL
DEAUTHORIZED = "account.application.deauthorized"
BODY_LIMIT = 524_288  # bytes of an event; one of an invoice with many lines is long
About = Literal["checkout", "refund", "dispute", "warning", "subscription", "account"]
HANDLED: Mapping[str, About] = {
    "checkout.session.completed": "checkout",
    "checkout.session.async_payment_succeeded": "checkout",
    "checkout.session.async_payment_failed": "checkout",
    "checkout.session.expired": "checkout",
    "charge.refunded": "refund",
    "refund.created": "refund",
    "refund.updated": "refund",
    "refund.failed": "refund",
    "charge.dispute.created": "dispute",
    "charge.dispute.updated": "dispute",
    "charge.dispute.closed": "dispute",
    "charge.dispute.funds_withdrawn": "dispute",
    "charge.dispute.funds_reinstated": "dispute",
    "radar.early_fraud_warning.created": "warning",
    "radar.early_fraud_warning.updated": "warning",
    "customer.subscription.deleted": "subscription",
    "customer.subscription.paused": "subscription",
    "customer.subscription.resumed": "subscription",
    "customer.subscription.updated": "subscription",
    "invoice.marked_uncollectible": "subscription",
    "invoice.paid": "subscription",
    "invoice.payment_action_required": "subscription",
    "invoice.payment_failed": "subscription",
    "invoice.voided": "subscription",
    DEAUTHORIZED: "account",
    "account.updated": "account",
    "capability.updated": "account",
}
"""The types of events that something is done about, and what they are about; all others are noise."""

# Ours is what happens on the account that a payment of ours was opened on, and names it, or its order and us:
# the seller may have connected the account to another shop, too.
KEEP = """
    INSERT INTO payment_event (id, provider, event_id, body, account, livemode, state, outcome, received_at)
    SELECT %(event)s, %(provider)s, %(name)s, %(body)s, %(account)s, %(livemode)s, 'received', '', %(now)s
    WHERE EXISTS (
        SELECT FROM payment WHERE rail = %(rail)s AND provider_id = ANY (%(names)s)
        AND details ->> 'account' = %(account)s
    ) OR EXISTS (
        SELECT FROM payment JOIN purchase ON purchase.id = payment.order_id
        WHERE payment.rail = %(rail)s AND payment.order_id = %(order)s AND purchase.created_at = %(made_at)s
        AND EXISTS (SELECT FROM stripe_platform WHERE name = %(shop)s)
        AND details ->> 'account' = %(account)s
    )
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id
"""


def take(secrets: str, body: bytes, header: str, *, now: datetime) -> Event | None:
    """The event of a request; None for one that nothing is done about.

    `secrets` is STRIPE_WEBHOOK_SECRETS, `header` that of Stripe-Signature. Raises `Refused`: "event-forged",
    also for one that was signed too long ago; "event-unreadable".
    """
    if not is_signed(map(str.strip, secrets.split(",")), body, header, now.timestamp()):
        raise Refused("event-forged")
    try:
        if msgspec.json.decode(body, type=_Kind).type not in HANDLED:
            return None
        event = msgspec.json.decode(body, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused("event-unreadable") from None
    if not (is_name(event.id) and (is_name(event.account) or not event.account)):
        raise Refused("event-unreadable")
    return event


def keep(event: Event, body: bytes, *, now: datetime) -> Statement[UUID | None]:
    """Store an event that is ours and have it applied, in one statement; None: known, or none of ours."""
    stored_id = uuid4()
    shop, made_at = read_mark(event.shop)
    columns: dict[str, Any] = {
        "event": stored_id,
        "provider": PROVIDER,
        "rail": RAIL,
        "name": event.id,
        "body": body,
        "account": event.account,
        "livemode": event.livemode,
        "names": event.ids,
        "order": order_id_of(event.order_number) if event.order_number else None,
        "shop": shop,
        "made_at": made_at,
        "now": now,
    }
    job = jobs.HandlePaymentEvent(event_id=stored_id).once()
    return enqueue_after(KEEP, columns, job, answer=stored_id)


def is_of_account(event: Event) -> bool:
    """Whether it is about how a seller stands with Stripe, and not about money."""
    return HANDLED[event.type] == "account"


def follow(session: Session, event: Event, *, now: datetime) -> bool:
    """Do what an event says of a seller's account; False: it is of no account of ours, or of another mode.

    Whoever ended the connection at Stripe takes no cards from this moment. Anything else is a hint, upon
    which a job looks at the account; so is an end that comes late, when Stripe has shown us the account
    since: the seller may have connected it again.
    """
    row = accounts.by_account_id(session, event.account, lock=True)
    if row is None or row.livemode != event.livemode:
        return False
    seen_since = row.checked_at is not None and row.checked_at > datetime.fromtimestamp(event.created, UTC)
    if event.type == DEAUTHORIZED and not seen_since:
        accounts.disconnect(session, row, actor="system", now=now)
    else:
        onboarding.ask_for_check(session, row)
    return True


class _Kind(msgspec.Struct):
    type: str
