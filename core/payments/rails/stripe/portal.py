"""Stripe's own page for who pays by card: their cards, their invoices, and the end of what they pay.

It stands on the seller's account, as the customer does, and needs a configuration there, which is made once
(https://docs.stripe.com/api/customer_portal/configurations). What is done on it comes as events.
"""

import msgspec

from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.platform import request_key
from core.payments.rails.stripe.protocol import Fields
from schemas.card_subscription import CardSubscription

CONFIGURATIONS, SESSIONS = "/v1/billing_portal/configurations", "/v1/billing_portal/sessions"
FEATURES: Fields = {
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
}


class Configuration(msgspec.Struct, frozen=True):
    """What a portal offers."""

    id: str
    metadata: dict[str, str] | None = None


class Portal(msgspec.Struct, frozen=True):
    """A page that was opened for one customer; its address lets in whoever has it, for minutes."""

    url: str


def open_portal(
    stripe: StripeApi, row: CardSubscription, *, shop: str, visit: str, back: str, language: str
) -> str:
    """The address of the page of who pays by a subscription. `visit` names this opening, `back` is where its
    way back leads. Raises as `StripeApi`."""
    configuration = _configuration(stripe, row.account, shop)
    fields: Fields = {
        "customer": row.customer_id,
        "configuration": configuration,
        "return_url": back,
        "locale": language,
    }
    key = request_key(shop, "portal", visit)
    return stripe.post(Portal, SESSIONS, fields, key=key, account=row.account).url


def _configuration(stripe: StripeApi, account: str, shop: str) -> str:
    """That of this shop on an account: another shop, or the seller, may have others there."""
    known = stripe.pages(Configuration, CONFIGURATIONS, {"active": True}, account=account)
    for configuration in known:
        if (configuration.metadata or {}).get("shop") == shop:
            return configuration.id
    fields: Fields = {"features": FEATURES, "metadata": {"shop": shop}}
    key = request_key(shop, "portal-configuration", account)
    return stripe.post(Configuration, CONFIGURATIONS, fields, key=key, account=account).id
