"""Reads prices as an operator types them."""

from core.kit.errors import ComptoirError
from core.kit.money import EXPONENTS, Money, parse_money
from core.kit.prices import by_rail
from core.kit.rail_policy import OWN_CURRENCY, RAILS


class PriceUnclear(ComptoirError):
    """A price is not written as it should be; the message shows how."""


def read_prices(texts: list[str]) -> dict[str, list[Money]]:
    """Read "stars=500", "crypto=9.99:EUR", "manual=10:XOF" by rail, which may have several currencies.

    Raises `PriceUnclear`, `Refused`.
    """
    prices: list[tuple[str, Money]] = []
    for text in texts:
        rail, _, rest = text.partition("=")
        amount, _, currency = rest.partition(":")
        currency = currency.upper() or OWN_CURRENCY.get(rail, "")
        if rail not in RAILS or not amount or currency not in EXPONENTS:
            raise PriceUnclear(
                f"{text!r} is no price. Write stars=500, crypto=9.99:EUR or manual=9.99:EUR; currencies are "
                f"{', '.join(EXPONENTS)}."
            )
        if (rail, currency) in [(other, price.currency) for other, price in prices]:
            raise PriceUnclear(f"There are two prices for {rail} in {currency}. Give one.")
        prices.append((rail, parse_money(amount, currency)))
    return by_rail(prices)
