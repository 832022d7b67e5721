"""Telegram's Stars as a rail: paid inside Telegram, held by the bot."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from core.kit.db import Database
from core.kit.errors import Refused
from core.orders.fulfilment import OrderLine
from core.orders.orders import order_number
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
from core.payments.rails.stars import account, books, charges, events
from core.payments.rails.stars.payments import PROVIDER, RAIL
from core.process.settings import Settings
from schemas.sales import Entry, OrderStatus, Payment, PaymentEvent


class Stars:
    """The rail; see `core.payments.rails.port.Rail`."""

    name = RAIL
    provider: str | None = PROVIDER
    holder: Holder = "bot"
    first_status: OrderStatus = "awaiting_payment"
    renews = True
    renewal_limit: int | None = 10_000  # https://core.telegram.org/bots/api#createinvoicelink

    def offer(self, entry: Entry, settings: Settings) -> Way | None:
        """By an invoice in the chat or the Mini App; a browser cannot pay in Stars."""
        return "here" if entry == "bot" else None

    def open(self, session: Session, line: OrderLine) -> None:
        """Nothing: whoever placed the order shows its invoice (`invoices.stars_invoice`)."""

    def waiting(self, payments: Sequence[Payment]) -> Waiting:
        """The invoice stands in Telegram; there is no page to pay on."""
        return Waiting("preparing")

    def read(self, body: bytes) -> events.StarsEvent:
        """The update that the bot wrote down."""
        return events.read(body)

    def refresh(self, gateways: Gateways, report: events.StarsEvent) -> events.StarsEvent:
        """An update says all there is."""
        return report

    def apply(
        self, session: Session, event: PaymentEvent, report: events.StarsEvent, *, now: datetime
    ) -> Verdict:
        """Every event that fits no order alarms staff: the account is the bot's own."""
        return events.apply(session, event, report, now=now)

    def refund(
        self, session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
    ) -> None:
        """Have Telegram give the charge back by a job, always whole
        (https://core.telegram.org/bots/api#refundstarpayment)."""
        if amount is not None:
            raise Refused("refund-whole-only", {"number": order_number(line.order)})
        charges.request_order_refund(session, line.order, reason=reason)

    def reconcile(self, database: Database, gateways: Gateways, *, now: datetime) -> int:
        """Read the bot's account and apply what no update told of."""
        lines = list(gateways.channels.star_transactions(now - account.LOOK_BACK))
        with database.transaction() as session:
            return account.apply_transactions(session, lines, now=now)

    def books(
        self, database: Database, gateways: Gateways, *, since: datetime, until: datetime
    ) -> ProviderBooks | NoBooks:
        """What the bot's account lists of our orders."""
        if not gateways.settings.bot_token:
            return NoBooks("BOT_TOKEN is empty: there is no account of Stars to read.")
        listed = gateways.channels.star_transactions(since)
        return ProviderBooks(books.read_lines(database, listed, until))

    def catch_up(
        self, database: Database, gateways: Gateways, missed: Sequence[MoneyLine], *, now: datetime
    ) -> int:
        """Read the bot's account from the oldest of them on, and apply them."""
        listed = gateways.channels.star_transactions(min(line.at for line in missed))
        lines = books.transactions_of(listed, missed)
        with database.transaction() as session:
            return account.apply_transactions(session, lines, now=now)

    def doctor(self, settings: Settings) -> Health:
        """It needs the bot and nothing else."""
        if settings.bot_token:
            return Health("ok", "paid to the bot")
        return Health("fail", "BOT_TOKEN is empty: no Stars", "Set it in .env.")
