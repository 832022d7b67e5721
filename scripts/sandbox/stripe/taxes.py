"""Stripe Tax: what it has of an account, and what it works out (https://docs.stripe.com/tax/connect)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scripts.sandbox.stripe.book import Account, Book, Thing
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.lists import Call
from scripts.sandbox.stripe.money import share
from scripts.sandbox.stripe.values import ONE

EMPTY_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def settings(book: Book, call: Call) -> Thing:
    """GET /v1/tax/settings (https://docs.stripe.com/api/tax/settings/object)."""
    call.read(ONE)
    ready = book.seller(call.account).tax is not None
    return {
        "object": "tax.settings",
        "defaults": {"provider": "stripe", "tax_behavior": None, "tax_code": None},
        "head_office": {"address": EMPTY_ADDRESS | {"country": "FR"}} if ready else None,
        "livemode": False,
        "status": "active" if ready else "pending",
        "status_details": {"active": {}} if ready else {"pending": {"missing_fields": ["head_office"]}},
    }


def tax_of_session(
    book: Book, account: Account, params: dict[str, Any], subtotal: int, *, inclusive: bool
) -> int:
    """The tax of a page of Checkout. Raises `StripeError` where the account is not ready for it."""
    if not params.get("automatic_tax", {}).get("enabled"):
        return 0
    percent = book.seller(account).tax
    if percent is None:
        message = "You must set your head office address and a registration to use automatic tax calculation."
        raise invalid("customer_tax_location_invalid", message, "automatic_tax[enabled]")
    return _part(subtotal, percent, inclusive=inclusive)


def tax_of_line(book: Book, account: Account, subscription: Thing, price: Thing, amount: int) -> Thing | None:
    """The tax of a line of an invoice; None where it is off (https://docs.stripe.com/tax/subscriptions)."""
    percent = book.seller(account).tax
    if not subscription["automatic_tax"]["enabled"] or percent is None:
        return None
    inclusive = price["tax_behavior"] == "inclusive"
    tax = _part(amount, percent, inclusive=inclusive)
    return {
        "amount": tax,
        "tax_behavior": "inclusive" if inclusive else "exclusive",
        "tax_rate_details": None,
        "taxability_reason": "standard_rated",
        "taxable_amount": amount - tax if inclusive else amount,
        "type": "tax_rate_details",
    }


def _part(amount: int, percent: float, *, inclusive: bool) -> int:
    """A tax of so many percent that is in an amount, or comes to it; half a unit upwards."""
    if not inclusive:
        return share(amount, percent)
    untaxed = Decimal(amount) * 100 / (100 + Decimal(str(percent)))
    return amount - int(untaxed.quantize(Decimal(1), ROUND_HALF_UP))
