"""Amounts as Stripe takes them, and the lines of an account's balance.

https://docs.stripe.com/currencies (minor units), https://docs.stripe.com/reports/balance-transaction-types.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from scripts.sandbox.stripe.book import DAY, Account, Book, Thing
from scripts.sandbox.stripe.errors import invalid

ZERO_DECIMAL = (
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
)
THREE_DECIMAL = ("bhd", "jod", "kwd", "omr", "tnd")
WHOLE_ONLY = ("isk", "ugx")
"""Sent with two decimals, which must be 00."""

LARGEST = 99_999_999  # minor units of one charge
SMALLEST = {"eur": 50, "usd": 50, "gbp": 30, "chf": 50, "cad": 50, "jpy": 50, "dkk": 250, "sek": 300}
"""The least that Stripe charges, in minor units (https://docs.stripe.com/currencies#minimum-and-maximum)."""

SHARE, FIXED = Decimal("0.029"), 30  # Stripe's own fee of a charge: the stand-in's choice
DISPUTE_FEE = 2000
CATEGORIES = {"adjustment": "dispute", "payment_failure_refund": "refund_failure"}


def check_currency(currency: str) -> str:
    """The code as it is, in small letters. Raises `StripeError`."""
    if not re.fullmatch("[a-z]{3}", currency):
        raise invalid("parameter_invalid", f"Invalid currency: {currency}.", "currency")
    return currency


def check_amount(amount: int, currency: str, param: str = "amount") -> int:
    """An amount in minor units that can be charged. Raises `StripeError`."""
    check_currency(currency)
    if amount < 0:
        message = "This value must be greater than or equal to 0."
        raise invalid("parameter_invalid_integer", message, param)
    if (currency in THREE_DECIMAL and amount % 10) or (currency in WHOLE_ONLY and amount % 100):
        raise invalid("invalid_charge_amount", f"Invalid amount for {currency}: {amount}.", param)
    return amount


def check_total(total: int, currency: str) -> int:
    """What one charge comes to: neither below what Stripe charges, nor above. Raises `StripeError`."""
    if total < SMALLEST.get(currency, 1):
        raise invalid(
            "amount_too_small", f"The total must be at least {SMALLEST.get(currency, 1)} {currency}."
        )
    if total > LARGEST:
        raise invalid("amount_too_large", f"The total must be no more than {LARGEST} {currency}.")
    return total


def share(amount: int, percent: float) -> int:
    """So many percent of an amount, half a unit upwards."""
    exact = Decimal(amount) * Decimal(str(percent)) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def processing_fee(amount: int) -> int:
    """What Stripe keeps of a charge."""
    return int((amount * SHARE).quantize(Decimal(1), ROUND_HALF_UP)) + FIXED


def fee_detail(kind: str, amount: int, currency: str, application: str | None = None) -> Thing:
    """One fee within a balance transaction."""
    description = {"stripe_fee": "Stripe processing fees", "application_fee": "Application fee"}[kind]
    fields = {"amount": amount, "application": application, "currency": currency}
    return fields | {"description": description, "type": kind}


def move(
    book: Book,
    account: Account,
    kind: str,
    amount: int,
    currency: str,
    source: str,
    fees: Sequence[Thing] = (),
) -> Thing:
    """Write a line of an account's balance; what goes out is negative."""
    fee = sum(one["amount"] for one in fees)
    line = {
        "id": book.id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": book.now() + 2 * DAY,
        "balance_type": "payments",
        "created": book.now(),
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": list(fees),
        "net": amount - fee,
        "reporting_category": CATEGORIES.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }
    return book.put(account, line)


def balance(book: Book, account: Account) -> Thing:
    """GET /v1/balance: the sums of the lines, by currency, available after two days."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for line in book.all(account, "balance_transaction"):
        by_currency = sums["available" if line["available_on"] <= book.now() else "pending"]
        by_currency[line["currency"]] = by_currency.get(line["currency"], 0) + line["net"]
    balances = {
        name: [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in by.items()
        ]
        for name, by in sums.items()
    }
    return {"object": "balance", "livemode": False} | balances
