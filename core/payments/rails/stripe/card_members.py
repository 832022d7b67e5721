"""What the rail asks of the room that sells time by card, again and again.

Memberships stand above payments and register themselves here (`core.wiring`).
"""

from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from sqlmodel import Session

from core.payments.rails.stripe.subscription_objects import Invoice
from schemas.card_subscription import CardSubscription, CardTrial
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order


class Interval(NamedTuple):
    """How often a card is charged, as Stripe says it; three years at most."""

    unit: Literal["day", "month"]
    times: int


class CardMembers(Protocol):
    """The rules of memberships that are paid by card."""

    def interval_of(self, session: Session, product: Product) -> Interval | None:
        """How often a product is charged again by card; None: it is paid once."""

    def trial_days(self, session: Session, product: Product) -> int:
        """For how many days a card that is charged again may try a product for nothing; 0: for none."""

    def check_trial(
        self, session: Session, order: Order, trial: CardTrial, person: User, *, now: datetime
    ) -> None:
        """Raise `Refused` where this person may not open the trial that an order began with."""

    def lock(self, session: Session, subscription: CardSubscription) -> None:
        """Lock the membership of a subscription, where it has one: before its row is written."""

    def is_other(self, session: Session, subscription: CardSubscription, product_id: int) -> bool:
        """Whether a product is another one than its member has: the subscription was changed to that."""

    def stopped(self, session: Session, subscription: CardSubscription, *, now: datetime) -> None:
        """Nothing more is charged: access runs to its end."""

    def goes_on(self, session: Session, subscription: CardSubscription, *, now: datetime) -> None:
        """It is charged again after all."""

    def declined(
        self,
        session: Session,
        subscription: CardSubscription,
        invoice: Invoice,
        *,
        authenticate: bool,
        now: datetime,
    ) -> None:
        """A charge has failed; where its bank asks the buyer to `authenticate`, they have to act."""


_REGISTERED: list[CardMembers] = []


def register(rules: CardMembers) -> None:
    """Make the rules known to this process; later ones take their place."""
    _REGISTERED[:] = [rules]


def card_members() -> CardMembers:
    """The registered rules."""
    assert _REGISTERED, "no rules of memberships by card: does this process call core.wiring.connect?"
    return _REGISTERED[0]
