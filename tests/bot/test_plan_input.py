"""Prices and lengths of plans, as sellers write them in a chat."""

import pytest

from bot.plan_input import change, read_length, read_price
from core.kit.errors import Refused
from core.kit.money import Money
from core.memberships.plans import Terms


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
    "words", ["for ever", "Forever", "lifetime", "pour toujours", "Toujours", "à vie", "a vie"]
)
def test_a_plan_may_last_for_ever(words: str) -> None:
    assert read_length(words) == Terms(unit="lifetime", count=0)


def test_what_a_plan_for_ever_has_no_use_for_goes_with_its_time() -> None:
    month = Terms(unit="days", count=30, recurring=True, trial_days=7, grace_days=3, places=5)
    assert change(month, "length", "for ever") == Terms(unit="lifetime", count=0, places=5)
    assert change(Terms(starts="entry"), "length", "for ever").starts == "payment"
