"""The acts of a story by their names, done in a world that takes cards."""

from contextlib import suppress

from core.kit.errors import Refused
from core.payments.rails.stripe.protocol import StripeRefused
from scripts.bench import card_acts, card_months
from scripts.bench.card_books import State, check_books, standing
from scripts.bench.card_world import PRICES, TRIAL, CardWorld
from scripts.sandbox.stripe.errors import StripeError

ACTS = {
    rule.__name__: rule
    for rule in (
        card_acts.pays,
        card_acts.declines,
        card_acts.pays_later,
        card_acts.settles,
        card_acts.expires,
        card_acts.returns,
        card_acts.pays_again,
        card_acts.slow,
        card_acts.dashboard,
        card_acts.staff,
        card_acts.refund_settles,
        card_acts.bounces,
        card_acts.disputes,
        card_acts.decides,
        card_months.month,
        card_months.again,
        card_months.card,
        card_months.stops,
        card_months.portal,
        card_months.leaves,
    )
}


class CardShop(CardWorld):
    """A world, and what may happen in it."""

    def do(self, act: str, one: int, other: int) -> None:
        """Let something happen; what Stripe or the rules refuse does not happen. Some of it becomes known."""
        with suppress(StripeError, StripeRefused, Refused):
            if act == "order":
                self.order(one % len(PRICES))
            elif act == "tries":
                self.order(TRIAL, trial=True)
            elif self.orders:
                sold = self.orders[one % len(self.orders)]
                if self.is_raced(sold):
                    self.catch_up()
                ACTS[act](self, sold, other)
        self.hear()

    def standing(self) -> list[State]:
        """How each order stands."""
        return standing(self)

    def check_books(self) -> None:
        """See `card_books.check_books`."""
        check_books(self)
