"""Looking at Stripe: how a subscription and one of its invoices are now, on the account that sells it."""

from dataclasses import dataclass
from datetime import datetime

from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.objects import Intent
from core.payments.rails.stripe.subscription_objects import Invoice, Subscription

SUBSCRIPTIONS, INVOICES, INTENTS = "/v1/subscriptions", "/v1/invoices", "/v1/payment_intents"
PAID_WITH = ("latest_charge.refunds",)


@dataclass(frozen=True)
class RenewalSight:
    """A subscription of `account` as it is now, and the invoice that was asked for, or its latest one.

    `intent`: how that invoice is paid, or was tried last. `at`: when the look began.
    """

    account: str
    subscription: Subscription
    at: datetime
    invoice: Invoice | None = None
    intent: Intent | None = None


def look_at_subscription(
    stripe: StripeApi, account: str, subscription_id: str, *, at: datetime, invoice_id: str = ""
) -> RenewalSight:
    """A subscription with an invoice of its, or the latest. Raises `StripeRefused` for what is not there."""
    subscription = stripe.get(Subscription, f"{SUBSCRIPTIONS}/{subscription_id}", account=account)
    latest = invoice_id or subscription.latest_invoice
    invoice = _invoice(stripe, account, latest) if latest else None
    return _whole(stripe, account, subscription, invoice, at)


def look_at_invoice(stripe: StripeApi, account: str, invoice_id: str, *, at: datetime) -> RenewalSight | None:
    """An invoice with its subscription; None for one of no subscription. Raises `StripeRefused`."""
    invoice = _invoice(stripe, account, invoice_id)
    if not invoice.subscription:
        return None
    subscription = stripe.get(Subscription, f"{SUBSCRIPTIONS}/{invoice.subscription}", account=account)
    return _whole(stripe, account, subscription, invoice, at)


def look_at_intent(stripe: StripeApi, account: str, intent_id: str) -> Intent:
    """One payment with the newest refunds of its charge. Raises `StripeRefused`."""
    return stripe.get(Intent, f"{INTENTS}/{intent_id}", {"expand": list(PAID_WITH)}, account=account)


def _invoice(stripe: StripeApi, account: str, invoice_id: str) -> Invoice:
    return stripe.get(Invoice, f"{INVOICES}/{invoice_id}", {"expand": ["payments"]}, account=account)


def _whole(
    stripe: StripeApi, account: str, subscription: Subscription, invoice: Invoice | None, at: datetime
) -> RenewalSight:
    intent = look_at_intent(stripe, account, invoice.intent) if invoice and invoice.intent else None
    return RenewalSight(account, subscription, at, invoice, intent)
