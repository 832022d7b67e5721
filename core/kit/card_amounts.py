"""Which prices can be paid by card, as Stripe has it: asked before it is.

https://docs.stripe.com/currencies#minimum-and-maximum. Of XAF and XOF no least amount is documented. All our
currencies have there as many decimals as in ISO 4217 (`core.kit.money.EXPONENTS`): JPY, XAF and XOF none.
"""

from collections.abc import Mapping

from core.kit.errors import Refused
from core.kit.money import Money

LEAST: Mapping[str, int] = {
    "EUR": 50,
    "USD": 50,
    "GBP": 30,
    "CHF": 50,
    "CAD": 50,
    "JPY": 50,
    "XAF": 1,
    "XOF": 1,
}
"""Minor units, and the currencies that can be paid in."""
MOST = 99_999_999  # minor units of any currency


def check_card_price(price: Money) -> None:
    """Raise `Refused` "price-not-for-cards" where Stripe would not take a sum."""
    least = LEAST.get(price.currency)
    if least is None or not least <= price.amount <= MOST:
        low, high = Money(least or 0, price.currency), Money(MOST, price.currency)
        raise Refused("price-not-for-cards", {"price": str(price), "least": str(low), "most": str(high)})
