"""Manual transfers as a rail: sent as the operator says, found and validated by support."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from core.kit.db import Database
from core.kit.errors import Permanent
from core.orders.fulfilment import OrderLine
from core.payments.rails.manual.transfers import RAIL
from core.payments.rails.port import (
    Gateways,
    Health,
    Holder,
    MoneyLine,
    NoBooks,
    ProviderBooks,
    Verdict,
    Waiting,
    Way,
)
from core.payments.refunds import refund_by_hand
from core.process.settings import Settings
from schemas.sales import Entry, OrderStatus, Payment, PaymentEvent

NO_BOOKS = NoBooks(
    "A transfer has no provider that lists it: compare `comptoir statement` with the account's own statement."
)


class Manual:
    """The rail; see `core.payments.rails.port.Rail`."""

    name = RAIL
    provider: str | None = None
    holder: Holder = "operator"
    first_status: OrderStatus = "awaiting_payment"
    renews = False
    renewal_limit: int | None = None

    def offer(self, entry: Entry, settings: Settings) -> Way | None:
        """On the web, where there is an account to send the money to; the bot leads there."""
        if entry == "bot":
            return "site"
        return "here" if settings.manual_instructions else None

    def open(self, session: Session, line: OrderLine) -> None:
        """Nothing: the order's page shows the instructions."""

    def waiting(self, payments: Sequence[Payment]) -> Waiting:
        """Until the buyer names a transaction."""
        return Waiting("transfer")

    def read(self, body: bytes) -> None:
        """Nobody tells of transfers. Raises `Permanent`."""
        raise Permanent("A manual transfer has no events: support decides of each.")

    def refresh(self, gateways: Gateways, report: None) -> None:
        """Nobody tells of transfers."""

    def apply(self, session: Session, event: PaymentEvent, report: None, *, now: datetime) -> Verdict:
        """Nobody tells of transfers. Raises `Permanent`."""
        raise Permanent("A manual transfer has no events: support decides of each.")

    def refund(
        self, session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
    ) -> None:
        """Staff have sent it back themselves."""
        refund_by_hand(session, line, amount, reason=reason, now=now)

    def reconcile(self, database: Database, gateways: Gateways, *, now: datetime) -> int:
        """There is nobody to ask."""
        return 0

    def books(
        self, database: Database, gateways: Gateways, *, since: datetime, until: datetime
    ) -> ProviderBooks | NoBooks:
        """None: the money lies where only the operator looks."""
        return NO_BOOKS

    def catch_up(
        self, database: Database, gateways: Gateways, missed: Sequence[MoneyLine], *, now: datetime
    ) -> int:
        """There is nobody to ask."""
        return 0

    def doctor(self, settings: Settings) -> Health:
        """It needs an account to send the money to."""
        if settings.manual_instructions:
            return Health("ok", "paid to the operator, as MANUAL_INSTRUCTIONS says")
        return Health("ok", "not offered: MANUAL_INSTRUCTIONS is empty")
