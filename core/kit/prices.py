"""What something costs: prices by rail, of each rail one in each currency, as its seller ordered them.

Nothing is converted: each price is one that its seller set.
"""

from collections.abc import Iterable, Mapping, Sequence

from core.kit.errors import Refused
from core.kit.money import Money

Prices = Mapping[str, Sequence[Money]]
"""By rail; the price that its seller named first leads."""


def amounts_of(prices: Prices) -> list[Money]:
    """All amounts, each once: rails often have the same."""
    return list(dict.fromkeys(price for each in prices.values() for price in each))


def currencies_of(prices: Prices) -> list[str]:
    """All currencies, each once, in the order in which they are met."""
    return list(dict.fromkeys(price.currency for price in amounts_of(prices)))


def in_currency(prices: Prices, currency: str) -> dict[str, Money]:
    """By rail, the price in one currency, where there is one."""
    return {rail: price for rail, each in prices.items() for price in each if price.currency == currency}


def price_of(prices: Prices, rail: str, currency: str) -> Money:
    """The price on one rail in one currency. Raises `Refused` "price-not-offered"."""
    price = in_currency(prices, currency).get(rail)
    if price is None:
        raise Refused("price-not-offered", {"rail": rail[:20], "currency": currency[:3]})
    return price


def by_rail(several: Iterable[tuple[str, Money]]) -> dict[str, list[Money]]:
    """Prices by rail, in the order that they come in. Raises `Refused` "price-twice" where a rail has two in
    one currency."""
    prices: dict[str, list[Money]] = {}
    for rail, price in several:
        before = prices.setdefault(rail, [])
        if price.currency in [each.currency for each in before]:
            raise Refused("price-twice", {"rail": rail[:20], "currency": price.currency[:3]})
        before.append(price)
    return prices


def one_by_one(prices: Prices) -> list[tuple[str, Money]]:
    """Each price with its rail, as `by_rail` takes them."""
    return [(rail, price) for rail, each in prices.items() for price in each]
