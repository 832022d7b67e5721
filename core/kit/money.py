"""Amounts: integer minor units with a currency. Stars (XTR) have no minor unit: 1 is one Star."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.kit.errors import Refused

# ISO 4217 exponents of the currencies we accept; XTR is Telegram's code for Stars.
EXPONENTS: dict[str, int] = {
    "XTR": 0,
    "EUR": 2,
    "USD": 2,
    "GBP": 2,
    "CHF": 2,
    "CAD": 2,
    "JPY": 0,
    "XAF": 0,
    "XOF": 0,
}


@dataclass(frozen=True)
class Money:
    """`amount` minor units of `currency`."""

    amount: int
    currency: str

    def decimal(self) -> Decimal:
        """The amount in whole units, exact."""
        return Decimal(self.amount).scaleb(-EXPONENTS[self.currency])

    def __str__(self) -> str:
        if self.currency == "XTR":
            return f"{self.amount} ⭐"
        return f"{self.decimal():f} {self.currency}"


def parse_money(text: str, currency: str) -> Money:
    """Read "9.99" as 999 minor units. Raises `Refused`: not a number, too precise, not positive."""
    if currency not in EXPONENTS:
        raise Refused("bad-currency", {"currency": currency})
    try:
        scaled = Decimal(text.strip().replace(",", ".")).scaleb(EXPONENTS[currency])
    except InvalidOperation:
        raise Refused("bad-amount", {"text": text[:40]}) from None
    if not scaled.is_finite() or scaled <= 0 or scaled != scaled.to_integral_value() or scaled > 10**15:
        raise Refused("bad-amount", {"text": text[:40]})
    return Money(int(scaled), currency)
