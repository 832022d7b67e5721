"""Reads the prices that sellers type."""

import re

from core.kit.errors import Refused
from core.kit.money import Money, parse_money
from core.kit.prices import by_rail
from core.kit.rail_policy import OWN_CURRENCY

_PRICE = re.compile(r"(.*[^\sA-Za-z€])\s*(€|[A-Za-z]{3})?")
_PARTING = re.compile(r"[\n;]+")


def read_prices(words: str, rail: str, language: str) -> list[Money]:
    """Read the prices of one rail, one a line or parted by semicolons: "9,99 €; 11 USD".

    Raises `Refused` as `read_price`, and "price-twice" where there are two in one currency.
    """
    typed = [part for part in _PARTING.split(words) if part.strip()]
    return by_rail((rail, read_price(part, rail, language)) for part in typed or [words])[rail]


def read_price(words: str, rail: str, language: str) -> Money:
    """Read a price as it is written in a language: "500" Stars, or "9,99 €", "9.99 USD"; without a currency,
    euros. Raises `Refused`."""
    if rail in OWN_CURRENCY:
        return parse_money(words.replace("⭐", ""), OWN_CURRENCY[rail], language)
    match = _PRICE.fullmatch(words.strip())
    if match is None:
        raise Refused("bad-amount", {"text": words[:40]})
    currency = "EUR" if match[2] in (None, "€") else match[2].upper()
    return parse_money(match[1], currency, language)
