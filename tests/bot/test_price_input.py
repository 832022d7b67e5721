"""Prices, as sellers write them in a chat."""

import pytest

from bot.price_input import read_price, read_prices
from core.kit.errors import Refused
from core.kit.money import Money


@pytest.mark.parametrize(
    ("words", "rail", "language", "price"),
    [
        ("9,99 €", "manual", "fr", Money(999, "EUR")),
        ("9.99 usd", "manual", "en", Money(999, "USD")),
        ("1 000,50", "manual", "fr", Money(100050, "EUR")),
        ("1\u202f000 €", "manual", "fr", Money(100000, "EUR")),
        ("1,000€", "crypto", "en", Money(100000, "EUR")),
        ("1,000 ⭐", "stars", "en", Money(1000, "XTR")),
        ("\u0665\u0660\u0660", "stars", "fr", Money(500, "XTR")),
    ],
)
def test_a_price_is_read_in_the_sellers_language(words: str, rail: str, language: str, price: Money) -> None:
    assert read_price(words, rail, language) == price


@pytest.mark.parametrize(
    ("words", "code"), [("1,000", "amount-two-ways"), ("€", "bad-amount"), ("x", "bad-amount")]
)
def test_what_is_unclear_is_refused(words: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_price(words, "manual", "fr")


@pytest.mark.parametrize(
    "words", ["9,99 €\n11 USD\n6500 xaf", "9,99€; 11 USD ;6500 XAF", "\n9,99 EUR\n\n11 USD\n6500 XAF\n"]
)
def test_each_currency_has_a_line_of_its_own(words: str) -> None:
    several = [Money(999, "EUR"), Money(1100, "USD"), Money(6500, "XAF")]
    assert read_prices(words, "manual", "fr") == several


@pytest.mark.parametrize(
    ("words", "rail", "code"),
    [("9 €; 10 EUR", "card", "price-twice"), ("5\n6", "stars", "price-twice"), (";", "card", "bad-amount")],
)
def test_two_prices_in_one_currency_are_refused(words: str, rail: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_prices(words, rail, "en")
