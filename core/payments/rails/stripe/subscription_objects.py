"""Those parts of Stripe's subscriptions and invoices that we read, by the names of the pinned version.

`tests/core/payments/rails/stripe/test_subscription_objects.py` holds that each of them exists there.
"""

import msgspec

from core.payments.rails.stripe.objects import AutomaticTax
from schemas.card_subscription import CardStatus

LONGEST = 18  # digits of an id


class Price(msgspec.Struct, frozen=True):
    """What an item costs; one that we made for a change of plan names the plan."""

    metadata: dict[str, str] | None = None


class Item(msgspec.Struct, frozen=True):
    """What is charged, and until when it is paid or owed. Ours have one."""

    id: str
    current_period_end: int  # seconds since 1970
    price: Price


class Items(msgspec.Struct, frozen=True):
    """All that a subscription charges."""

    data: list[Item]


class Hold(msgspec.Struct, frozen=True):
    """That invoices are made and not collected."""

    behavior: str


class Subscription(msgspec.Struct, frozen=True):
    """What is charged again and again (https://docs.stripe.com/api/subscriptions/object)."""

    id: str
    livemode: bool
    status: CardStatus
    customer: str
    items: Items
    cancel_at_period_end: bool
    cancel_at: int | None = None  # seconds since 1970; Stripe's portal may say it so
    pause_collection: Hold | None = None
    latest_invoice: str | None = None
    trial_end: int | None = None  # seconds since 1970
    metadata: dict[str, str] | None = None

    def plan_of(self, shop: str) -> int | None:
        """The plan that this shop has changed it to; None: it is what it began as, for all that we know."""
        named = (self.items.data[0].price.metadata or {}) if len(self.items.data) == 1 else {}
        plan = named.get("plan", "")
        is_ours = named.get("shop") == shop and plan.isascii() and plan.isdigit() and len(plan) <= LONGEST
        return int(plan) if is_ours else None


class Paying(msgspec.Struct, frozen=True):
    """The payment that an invoice is, or shall be, paid by."""

    payment_intent: str | None = None


class InvoicePayment(msgspec.Struct, frozen=True):
    """One way in which an invoice was to be paid (https://docs.stripe.com/api/invoice-payment/object)."""

    id: str
    status: str  # open, paid or canceled
    payment: Paying


class InvoicePayments(msgspec.Struct, frozen=True):
    """All of them, the newest first."""

    data: list[InvoicePayment]


class SubscriptionDetails(msgspec.Struct, frozen=True):
    """Of which subscription an invoice is."""

    subscription: str


class Parent(msgspec.Struct, frozen=True):
    """What made an invoice."""

    subscription_details: SubscriptionDetails | None = None


class TotalTax(msgspec.Struct, frozen=True):
    """A tax in what an invoice asks, or on top of it, in minor units."""

    amount: int


class Invoice(msgspec.Struct, frozen=True):
    """What is asked for one period (https://docs.stripe.com/api/invoices/object). Sums in minor units."""

    id: str
    currency: str
    subtotal: int
    amount_due: int
    amount_paid: int
    attempt_count: int
    status: str | None = None  # draft, open, paid, uncollectible or void
    billing_reason: str | None = None
    hosted_invoice_url: str | None = None
    next_payment_attempt: int | None = None  # seconds since 1970
    automatic_tax: AutomaticTax | None = None
    total_taxes: list[TotalTax] | None = None
    parent: Parent | None = None
    payments: InvoicePayments | None = None

    @property
    def tax(self) -> int | None:
        """The VAT in it; None where nobody worked it out."""
        if self.automatic_tax is None or not self.automatic_tax.enabled:
            return None
        return sum(tax.amount for tax in self.total_taxes or ())

    @property
    def subscription(self) -> str:
        """The subscription that it is of; empty: of none."""
        details = self.parent and self.parent.subscription_details
        return details.subscription if details else ""

    @property
    def intent(self) -> str:
        """The payment that pays it, or was tried last; empty: none."""
        payments = self.payments.data if self.payments else []
        ordered = sorted(payments, key=lambda one: one.status != "paid")
        return next((one.payment.payment_intent for one in ordered if one.payment.payment_intent), "")
