"""Which sums cards can pay, before Stripe is asked (case 13)."""

import pytest
from sqlmodel import Session

from core.catalogue.products import set_prices
from core.kit.card_amounts import LEAST, MOST, check_card_price
from core.kit.errors import Refused
from core.kit.money import EXPONENTS, Money
from core.kit.rows import id_of
from scripts.sandbox.stripe.money import LARGEST, SMALLEST
from tests.support import make


@pytest.mark.parametrize(
    "price",
    [
        Money(49, "EUR"),
        Money(29, "GBP"),
        Money(49, "JPY"),
        Money(0, "XOF"),
        Money(MOST + 1, "EUR"),
        Money(500, "XTR"),
    ],
)
def test_what_stripe_would_refuse_is_refused_before_it_is_asked(price: Money) -> None:
    with pytest.raises(Refused, match="price-not-for-cards"):
        check_card_price(price)


@pytest.mark.parametrize("currency", LEAST)
def test_the_least_and_the_most_are_taken(currency: str) -> None:
    check_card_price(Money(LEAST[currency], currency))
    check_card_price(Money(MOST, currency))


def test_the_bounds_are_those_of_the_stand_in_and_every_currency_but_stars_has_one() -> None:
    assert {code: SMALLEST.get(code.lower(), 1) for code in LEAST} == LEAST
    assert MOST == LARGEST
    assert set(EXPONENTS) - set(LEAST) == {"XTR"}


def test_a_seller_cannot_set_a_price_that_no_card_can_pay(session: Session) -> None:
    item = make.product(session)
    with pytest.raises(Refused, match="price-not-for-cards"):
        set_prices(session, id_of(item), {"card": [Money(900, "USD"), Money(30, "EUR")]})
    set_prices(session, id_of(item), {"card": [Money(900, "EUR")], "crypto": [Money(30, "EUR")]})
