"""Amounts are exact integers; what people type is read once and strictly."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Refused
from core.kit.money import EXPONENTS, Money, parse_money
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
