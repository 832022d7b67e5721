"""Amounts: integer minor units with a currency. Stars (XTR) have no minor unit: 1 is one Star."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from core.kit.errors import Refused
from core.kit.names import clean_text

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

LARGEST = 10**15  # minor units
_SIGNS = str.maketrans({"\u066b": ".", "\u066c": "'", "\u2019": "'", "\u02bc": "'", "`": "'"})
"""Arabic decimal and thousands signs (Unicode 11.1), and what stands for an apostrophe."""
_CONVENTIONS = {"en": (",", "."), "fr": (" ", ",")}
"""How thousands and decimals are parted in each language (CLDR)."""


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


def parse_money(text: str, currency: str, language: str = "") -> Money:
    """Read "9.99" or "1 000,50" as minor units, whatever digits and spaces it is written with.

    Where a sign may part thousands or decimals, `language` decides, if so an amount is written in it; without
    one nothing does. Raises `Refused`: "bad-currency"; "amount-two-ways", with both readings; "bad-amount":
    no number, too precise, not positive.
    """
    if currency not in EXPONENTS:
        raise Refused("bad-currency", {"currency": currency})
    readings = _readings(_plain(text), currency)
    amounts = sorted(set(readings.values()))
    chosen = readings.get(_CONVENTIONS.get(language, ("", ""))) or None
    if chosen is None and (not amounts or 0 in amounts):
        raise Refused("bad-amount", {"text": clean_text(text)[:40]})
    if len(amounts) > 1 and chosen is None:
        first, second = (str(Money(amount, currency)) for amount in (amounts[0], amounts[-1]))
        raise Refused("amount-two-ways", {"text": clean_text(text)[:40], "first": first, "second": second})
    return Money(amounts[0] if chosen is None else chosen, currency)


def parse_sums(text: str) -> dict[str, int]:
    """Sums like "20.00 EUR,15.00 USD" as minor units by currency. Raises `Refused` as `parse_money`."""
    parts = (part.strip().rpartition(" ") for part in text.split(",") if part.strip())
    return {currency: parse_money(amount, currency).amount for amount, _, currency in parts}


def _plain(text: str) -> str:
    """What was typed, with ASCII digits, one kind of space, one of apostrophe, and nothing invisible."""
    if any(unicodedata.category(character) == "No" for character in text):
        return ""  # "1²" and "½" would become other numbers
    plain = []
    for character in unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip():
        category = unicodedata.category(character)
        if category == "Nd":
            plain.append(str(unicodedata.decimal(character)))
        elif category != "Cf":
            plain.append(" " if category == "Zs" else character)
    return "".join(plain).strip()


def _readings(text: str, currency: str) -> dict[tuple[str, str], int]:
    """The amounts in minor units that the text can mean, each by its signs for thousands and decimals.

    Three decimals of a currency that has two are none that somebody types: what a language would read so
    leaves the other reading possible, and is asked about. 0: a reading that is no amount, as "1.999 EUR".
    """
    exponent = EXPONENTS[currency]
    readings: dict[tuple[str, str], int] = {}
    for group in ("", " ", "'", ",", "."):
        for point in (",", "."):
            match = None if group == point else _form(group, point).fullmatch(text)
            if match is None:
                continue
            fraction = match[2] or ""
            digits = match[1].replace(group, "") if group else match[1]
            minor = Decimal(f"{digits}.{fraction}").scaleb(exponent)
            fits = 0 < minor <= LARGEST and minor == minor.to_integral_value()
            if fits or exponent:
                usual = len(fraction) <= exponent
                readings[group if usual else f"odd {group}", point] = int(minor) if fits else 0
    return readings


@cache
def _form(group: str, point: str) -> re.Pattern[str]:
    """A whole number, its thousands parted by `group` ("" for not at all), and decimals behind `point`."""
    whole = f"[1-9][0-9]{{0,2}}(?:{re.escape(group)}[0-9]{{3}})+" if group else "[0-9]{1,20}"
    return re.compile(f"({whole})(?:{re.escape(point)}([0-9]{{1,3}}))?")
