"""Stars that Telegram charges again by itself: what this rail asks of the room that sells by subscription.

Memberships stand above payments and register themselves here (`core.wiring`).
"""

from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from core.payments.rails.stars.payments import Charge, Confirmed
from core.ports import SubscriptionState
from schemas.people import User
from schemas.sales import PaymentEvent
from schemas.star_subscription import StarSubscription


class Renewals(Protocol):
    """The rules of subscriptions that are paid in Stars."""

    def confirm(
        self,
        session: Session,
        charge: Charge,
        user: User,
        *,
        until: datetime,
        now: datetime,
        event: PaymentEvent | None = None,
    ) -> Confirmed:
        """Apply a charge that pays until a moment, the first or a further one, once for each charge id.

        `event` is the charge's own, locked, where an update told of it.
        """

    def find(self, session: Session, payload: str) -> StarSubscription | None:
        """The subscription whose first invoice had this payload, locked against its end."""

    def change(
        self, session: Session, subscription: StarSubscription, state: SubscriptionState, *, now: datetime
    ) -> None:
        """Telegram stopped a subscription, could not charge it, or goes on with it."""

    def end_overdue(self, session: Session, *, now: datetime) -> None:
        """End what Telegram should have charged again, and has not."""


_REGISTERED: list[Renewals] = []


def register(rules: Renewals) -> None:
    """Make the rules of subscriptions known to this process; later ones take their place."""
    _REGISTERED[:] = [rules]


def renewals() -> Renewals:
    """The registered rules."""
    assert _REGISTERED, "no rules of subscriptions: does this process call core.wiring.connect?"
    return _REGISTERED[0]
