"""What the rules ask of Stripe's API; workers have it (`workers/stripe.py`)."""

from collections.abc import Iterator
from typing import Protocol, TypeVar

import msgspec

from core.payments.rails.stripe.protocol import Fields

Thing = TypeVar("Thing", bound=msgspec.Struct)


class StripeApi(Protocol):
    """Stripe with the operator's key; `account` is the connected account that a call is made for.

    What is read of an answer is the struct that is asked for. Raises `ProviderUnavailable` or `RetryAfter`
    where a later try may help, `OutcomeUnknown` where only another key does, `StripeRefused` where none does.
    """

    def get(
        self, kind: type[Thing], path: str, query: Fields | None = None, *, account: str | None = None
    ) -> Thing:
        """Look at an object."""

    def pages(
        self, kind: type[Thing], path: str, query: Fields | None = None, *, account: str | None = None
    ) -> Iterator[Thing]:
        """All objects of a list, newest first."""

    def post(
        self, kind: type[Thing], path: str, fields: Fields, *, key: str, account: str | None = None
    ) -> Thing:
        """Make or change something, once by its key."""

    def delete(
        self, kind: type[Thing], path: str, fields: Fields | None = None, *, account: str | None = None
    ) -> Thing:
        """End something."""

    def upload(self, kind: type[Thing], name: str, content: bytes, *, key: str, account: str | None) -> Thing:
        """Put a file there that is evidence in a dispute."""

    def exchange(self, kind: type[Thing], path: str, fields: Fields) -> Thing:
        """What OAuth asks: a code for an account, or the end of a connection."""
