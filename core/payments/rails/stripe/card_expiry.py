"""Cards that expire before they are charged again: looked at some days before each charge.

Stripe tells of none: `customer.source.expiring` is about sources alone, which Checkout does not make. Many
banks hand a new card to Stripe by themselves
(https://docs.stripe.com/payments/cards/overview#automatic-card-updates), so that a card is looked at when it
matters, and not when it was given.
"""

from datetime import UTC, datetime

import msgspec

from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.subscription_look import SUBSCRIPTIONS
from schemas.card_subscription import CardSubscription

EXPAND = ("default_payment_method", "customer.invoice_settings.default_payment_method")


class Card(msgspec.Struct, frozen=True):
    """What is printed on a card; it is good until the end of its month."""

    exp_month: int
    exp_year: int
    last4: str

    @property
    def month(self) -> str:
        """Its last one, as it is printed."""
        return f"{self.exp_month:02}/{self.exp_year}"

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is good no more."""
        return datetime(self.exp_year + self.exp_month // 12, self.exp_month % 12 + 1, 1, tzinfo=UTC)


class PaymentMethod(msgspec.Struct, frozen=True):
    """How somebody pays (https://docs.stripe.com/api/payment_methods/object)."""

    id: str
    card: Card | None = None


class InvoiceSettings(msgspec.Struct, frozen=True):
    """How somebody's invoices are paid where their subscription does not say."""

    default_payment_method: PaymentMethod | None = None


class Customer(msgspec.Struct, frozen=True):
    """Who pays; one that was deleted has no settings."""

    invoice_settings: InvoiceSettings | None = None


class Paid(msgspec.Struct, frozen=True):
    """How a subscription is paid: by its own method, else by its customer's."""

    customer: Customer
    default_payment_method: PaymentMethod | None = None

    @property
    def method(self) -> PaymentMethod | None:
        """That by which the next invoice is paid, where it is known."""
        settings = self.customer.invoice_settings
        return self.default_payment_method or (settings.default_payment_method if settings else None)


def find_expiring(stripe: StripeApi, row: CardSubscription) -> tuple[str, Card] | None:
    """The card that is charged next and is good no more by then, with its name at Stripe.

    None: it is good, or no card pays. Raises as `StripeApi`.
    """
    path, query = f"{SUBSCRIPTIONS}/{row.subscription_id}", {"expand": list(EXPAND)}
    method = stripe.get(Paid, path, query, account=row.account).method
    if method is None or method.card is None or method.card.expires_at > row.until:
        return None
    return method.id, method.card
