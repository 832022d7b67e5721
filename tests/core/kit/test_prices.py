import pytest

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.prices import amounts_of, by_rail, currencies_of, in_currency, one_by_one, price_of

EUROS, DOLLARS, FRANCS = Money(999, "EUR"), Money(1100, "USD"), Money(6500, "XAF")
PRICES = {"card": [EUROS, DOLLARS], "manual": [EUROS, FRANCS]}


def test_amounts_and_currencies_are_named_once_in_the_sellers_order() -> None:
    assert amounts_of(PRICES) == [EUROS, DOLLARS, FRANCS]
    assert currencies_of(PRICES) == ["EUR", "USD", "XAF"]
    assert in_currency(PRICES, "EUR") == {"card": EUROS, "manual": EUROS}
    assert in_currency(PRICES, "XAF") == {"manual": FRANCS}


def test_a_price_is_named_by_its_rail_and_currency() -> None:
    assert price_of(PRICES, "manual", "XAF") == FRANCS
    for rail, currency in (("card", "XAF"), ("stars", "XTR"), ("card", "")):
        with pytest.raises(Refused, match="price-not-offered"):
            price_of(PRICES, rail, currency)


def test_prices_are_kept_by_rail_and_one_in_each_currency() -> None:
    assert by_rail(one_by_one(PRICES)) == PRICES
    with pytest.raises(Refused, match="price-twice") as caught:
        by_rail([("card", EUROS), ("manual", EUROS), ("card", Money(1, "EUR"))])
    assert caught.value.details == {"rail": "card", "currency": "EUR"}
