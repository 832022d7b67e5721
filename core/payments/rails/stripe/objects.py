"""Those parts of Stripe's objects that we read, by the names of the pinned version.

`tests/core/payments/rails/stripe/test_objects.py` holds that each of them exists there.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

WHOLE = ("payment_intent.latest_charge.refunds",)
"""What has to be asked for by name, or a session holds nothing but an id in its place."""

LATEST = 253_402_300_799
"""The last second that a date can have."""


class Refund(msgspec.Struct, frozen=True):
    """Money of a charge that goes back (https://docs.stripe.com/api/refunds/object)."""

    id: str
    amount: int  # minor units
    currency: str
    status: str | None = None  # pending, requires_action, succeeded, failed or canceled
    metadata: dict[str, str] | None = None


class Refunds(msgspec.Struct, frozen=True):
    """The newest refunds of a charge; `has_more`: there are older ones."""

    data: list[Refund]
    has_more: bool = False


class DisputeMoney(msgspec.Struct, frozen=True):
    """What a dispute moved in the seller's balance (https://docs.stripe.com/api/balance_transactions/object).

    Amounts in minor units of the balance's currency; what was taken is negative.
    """

    id: str
    amount: int
    fee: int
    currency: str
    created: int  # seconds since 1970


class DisputeDetails(msgspec.Struct, frozen=True):
    """How far the answer to a dispute has come; `due_by` in seconds since 1970."""

    due_by: int | None = None
    submission_count: int = 0


class Dispute(msgspec.Struct, frozen=True):
    """A bank's dispute of a charge (https://docs.stripe.com/api/disputes/object). Amounts in minor units."""

    id: str
    amount: int
    currency: str
    status: str
    reason: str
    created: int  # seconds since 1970
    is_charge_refundable: bool
    evidence_details: DisputeDetails
    balance_transactions: list[DisputeMoney]


class FraudWarning(msgspec.Struct, frozen=True):
    """A bank says that a card was misused (https://docs.stripe.com/api/radar/early_fraud_warnings/object).

    `actionable`: neither disputed nor wholly refunded yet.
    """

    id: str
    actionable: bool


class Charge(msgspec.Struct, frozen=True):
    """The payment itself (https://docs.stripe.com/api/charges/object)."""

    id: str
    disputed: bool = False
    application_fee_amount: int | None = None  # minor units
    refunds: Refunds | None = None


class Intent(msgspec.Struct, frozen=True):
    """The payment of a session, tried as often as it takes (https://docs.stripe.com/api/payment_intents/object)."""

    id: str
    status: str
    latest_charge: Charge | None = None


class AutomaticTax(msgspec.Struct, frozen=True):
    """Whether Stripe Tax works out the VAT of a session or an invoice."""

    enabled: bool = False


class TotalDetails(msgspec.Struct, frozen=True):
    """What a total is made of, in minor units."""

    amount_tax: int = 0


class Session(msgspec.Struct, frozen=True):
    """A page of Checkout (https://docs.stripe.com/api/checkout/sessions/object).

    Amounts in minor units: `amount_subtotal` is the price, to which taxes may come.
    """

    id: str
    livemode: bool
    status: str | None = None  # open, complete or expired
    payment_status: str = "unpaid"  # unpaid, paid or no_payment_required
    client_reference_id: str | None = None
    metadata: dict[str, str] | None = None
    currency: str | None = None
    amount_subtotal: int | None = None
    automatic_tax: AutomaticTax | None = None
    total_details: TotalDetails | None = None
    payment_intent: Intent | None = None
    subscription: str | None = None
    invoice: str | None = None  # the first one of that subscription

    @property
    def tax(self) -> int | None:
        """The VAT in it, in minor units; None where nobody worked it out."""
        if self.automatic_tax is None or not self.automatic_tax.enabled or self.total_details is None:
            return None
        return self.total_details.amount_tax


class NewSession(msgspec.Struct, frozen=True):
    """A session that was just made, with the address of its page."""

    id: str
    url: str


class Found(msgspec.Struct, frozen=True):
    """An object of which nothing but its id is asked."""

    id: str


class Subject(msgspec.Struct, frozen=True):
    """The object of an event, whatever it is and of whatever version: only its names are believed."""

    id: Any = None
    payment_intent: Any = None
    client_reference_id: Any = None
    metadata: Any = None
    parent: Any = None


class Data(msgspec.Struct, frozen=True):
    """What an event is about."""

    object: Subject


class Event(msgspec.Struct, frozen=True):
    """One event of a connected account (https://docs.stripe.com/api/events/object).

    It is a hint and nothing more: what happened is read anew from Stripe, where it is as it is now.
    """

    id: str
    type: str
    livemode: bool
    data: Data
    account: str = ""
    created: Annotated[int, msgspec.Meta(ge=0, le=LATEST)] = 0  # seconds since 1970

    @property
    def session_id(self) -> str:
        """The session that it is about; empty: it is about a payment."""
        return self._id_of("checkout.session.")

    @property
    def subscription_id(self) -> str:
        """The subscription that it is about; empty: it is about something else."""
        return self._id_of("customer.subscription.")

    @property
    def invoice_id(self) -> str:
        """The invoice that it is about; empty: it is about something else."""
        return self._id_of("invoice.")

    @property
    def intent_id(self) -> str:
        """The payment that it names; empty: none."""
        return _text(self.data.object.payment_intent)

    @property
    def is_of_bank(self) -> bool:
        """Whether a buyer's bank is behind it: a dispute, or a warning of one."""
        return self.type.startswith(("charge.dispute.", "radar."))

    @property
    def warning_id(self) -> str:
        """The early fraud warning that it is about; empty: it is about something else."""
        return _text(self.data.object.id) if self.type.startswith("radar.") else ""

    @property
    def ids(self) -> list[str]:
        """All that may be known here."""
        return [name for name in (_text(self.data.object.id), self.intent_id) if name]

    @property
    def shop(self) -> str:
        """The shop whose order it names; empty: it does not say."""
        return _text(self._metadata.get("shop"))

    @property
    def order_number(self) -> str:
        """The order that it names as we name orders; empty: none, as where Stripe's Dashboard did it.

        Another shop may name its orders so, too: see `shop`.
        """
        name = _text(self.data.object.client_reference_id) or _text(self._metadata.get("order"))
        return name if name.startswith("CMT-") else ""

    @property
    def _metadata(self) -> Mapping[str, Any]:
        named = self.data.object
        # An invoice bears what its subscription bore when it was made.
        details = _mapping(_mapping(named.parent).get("subscription_details"))
        return _mapping(named.metadata) or _mapping(details.get("metadata"))

    def _id_of(self, types: str) -> str:
        return _text(self.data.object.id) if self.type.startswith(types) else ""


def is_name(value: Any) -> bool:
    """Whether this can be an id of Stripe's, or a name that we gave it."""
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isascii() and value.isprintable()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if is_name(value) else ""
