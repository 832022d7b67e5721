"""Amounts are exact integers; what people type is read once and strictly."""

from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Refused
from core.kit.money import EXPONENTS, Money, parse_money, parse_sums
from schemas.rails import Currency


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("9.99", "EUR", 999),
        ("9,99", "EUR", 999),
        (" 500 ", "XTR", 500),
        ("12", "USD", 1200),
        ("100", "JPY", 100),
    ],
)
def test_an_amount_is_read_in_minor_units(typed: str, currency: str, amount: int) -> None:
    assert parse_money(typed, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    ("typed", "language", "amount"),
    [
        ("1,000", "en", 100000),
        ("2,500", "en", 250000),
        ("1,000,000.5", "en", 100000050),
        ("1 000,50", "fr", 100050),
        ("1 000,50", "en", 100050),
        ("1\u202f000,50", "fr", 100050),
        ("1\u2009000", "fr", 100000),
        ("1\u00a0000", "", 100000),
        ("1'000", "", 100000),
        ("1\u2019000.50", "", 100050),
        ("1.234,56", "en", 123456),
        ("12,5", "en", 1250),
        ("\u0661\u0662\u066b\u0665", "", 1250),
        ("\u0661\u066c\u0660\u0660\u0660", "", 100000),
        ("\uff11\uff12\uff0e\uff15", "", 1250),
        ("\u200f9.99\u200e", "", 999),
    ],
)
def test_an_amount_is_read_as_it_is_written_in_the_readers_language(
    typed: str, language: str, amount: int
) -> None:
    assert parse_money(typed, "EUR", language) == Money(amount, "EUR")


@pytest.mark.parametrize("typed", ["1,000", "1.000", "2,500", "12.500", "\uff11,\uff10\uff10\uff10"])
@pytest.mark.parametrize("currency", ["EUR", "XTR", "JPY"])
def test_what_can_be_read_in_two_ways_is_never_taken_for_the_smaller(typed: str, currency: str) -> None:
    for language in ("", "en", "fr"):
        with suppress(Refused):
            assert parse_money(typed, currency, language).decimal() >= 1000


def test_a_refusal_shows_both_readings() -> None:
    with pytest.raises(Refused, match="amount-two-ways") as refusal:
        parse_money("1.000", "EUR", "fr")
    assert refusal.value.details == {"text": "1.000", "first": "1.00 EUR", "second": "1000.00 EUR"}


@pytest.mark.parametrize("typed", ["1\u00b2", "\u00bd", "1 00", "1,00,000", "1'0000", "1,0000", "0,000"])
def test_other_groups_and_signs_are_no_amount(typed: str) -> None:
    with pytest.raises(Refused, match="bad-amount"):
        parse_money(typed, "EUR", "en")


@pytest.mark.parametrize("typed", ["", "free", "-1", "0", "1.999", "NaN", "Infinity", "1e40", "9.99.9"])
def test_what_is_no_price_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="bad-amount"):
        parse_money(typed, "EUR")


def test_a_fraction_of_a_star_is_refused() -> None:
    with pytest.raises(Refused, match="bad-amount"):
        parse_money("1.5", "XTR")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(Refused, match="bad-currency"):
        parse_money("1", "XXX")


@given(st.integers(1, 10**15), st.sampled_from(sorted(EXPONENTS)))
def test_every_amount_reads_back_as_itself(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert parse_money(f"{money.decimal():f}", currency) == money


def test_the_contracts_name_the_currencies_that_we_count_in() -> None:
    assert set(get_args(Currency)) == EXPONENTS.keys()


def test_three_decimals_that_no_currency_has_may_be_thousands_only_where_the_language_says_so() -> None:
    assert parse_money("1,999", "EUR", "en") == Money(199900, "EUR")
    for typed, language in (("1.999", "en"), ("1,999", "fr"), ("1,999", "")):
        with pytest.raises(Refused, match="bad-amount"):
            parse_money(typed, "EUR", language)


def test_sums_are_read_one_a_currency() -> None:
    assert parse_sums(" 20.00 EUR, 3000 JPY,") == {"EUR": 2000, "JPY": 3000}
    assert parse_sums("") == {}
    with pytest.raises(Refused, match="bad-currency"):
        parse_sums("20.00")
