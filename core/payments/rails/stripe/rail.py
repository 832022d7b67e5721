"""Cards through Stripe Checkout as a rail: paid to the seller directly, on the seller's own account."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
from sqlmodel import Session

from core.catalogue.payees import card_takers
from core.jobs.ledger import enqueue
from core.kit.card_amounts import check_card_price
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.fulfilment import OrderLine
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
from core.payments.rails.stripe import refunds, settling
from core.payments.rails.stripe.books import read_books
from core.payments.rails.stripe.checkout import SESSION
from core.payments.rails.stripe.disputes import dispute_policy
from core.payments.rails.stripe.inbox import PROVIDER, RAIL
from core.payments.rails.stripe.look import CardReport, look_at_event, since
from core.payments.rails.stripe.missed import read_missed
from core.payments.rails.stripe.objects import Event
from core.payments.rails.stripe.platform import paid_shop
from core.payments.rails.stripe.protocol import is_live
from core.payments.rails.stripe.trials import trial_of
from core.process.settings import Settings
from schemas import card_jobs
from schemas.base import utc_now
from schemas.sales import Entry, OrderStatus, Payment, PaymentEvent


class Card:
    """The rail; see `core.payments.rails.port.Rail`."""

    name = RAIL
    provider: str | None = PROVIDER
    holder: Holder = "seller"
    first_status: OrderStatus = "created"
    renews = False
    renewal_limit: int | None = None

    def offer(self, entry: Entry, settings: Settings) -> Way | None:
        """On the web, where its events can be verified; the bot leads there."""
        if entry == "bot":
            return "site"
        return "here" if settings.stripe_webhook_secrets else None

    def open(self, session: Session, line: OrderLine) -> None:
        """Have a job open the page of Checkout; the order awaits payment once it is there.

        Raises `Refused` where no page would ever open: whoever is paid takes no cards now, or not
        this sum.
        """
        if trial_of(session, line.order) is None:
            check_card_price(Money(line.order.amount, line.order.currency))
        shop_id = paid_shop(session, line)
        if shop_id is None or not card_takers(session, [shop_id]):
            raise Refused("rail-not-offered", {"rail": RAIL})
        enqueue(session, card_jobs.OpenCheckout(order_id=id_of(line.order)).once())

    def waiting(self, payments: Sequence[Payment]) -> Waiting:
        """By the page, and by what was seen of the payment made on it."""
        pay_url = next((row.pay_url for row in payments if row.provider_id.startswith(SESSION)), None)
        made = [row for row in payments if not row.provider_id.startswith(SESSION)]
        if any(row.status == "pending" for row in made):
            return Waiting("confirming", pay_url)
        return Waiting("payable" if pay_url else "preparing", pay_url)

    def read(self, body: bytes) -> CardReport:
        """The event, verified before it was stored."""
        return CardReport(msgspec.json.decode(body, type=Event))

    def refresh(self, gateways: Gateways, report: CardReport) -> CardReport:
        """What the event told of, as it is now; of real money nothing with a key of test mode, and the other
        way round."""
        if report.event.livemode != is_live(gateways.settings.stripe_secret_key):
            return replace(report, other_mode=True)
        at, policy = utc_now(), dispute_policy(gateways.settings)
        sight = look_at_event(gateways.stripe, report.event, at=at)
        return replace(report, sight=since(sight, at, policy))

    def apply(self, session: Session, event: PaymentEvent, report: CardReport, *, now: datetime) -> Verdict:
        """Nothing unmatched alarms staff: the account is the seller's own."""
        return settling.apply(session, event, report, now=now)

    def refund(
        self, session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
    ) -> None:
        """Have Stripe give it back by a job, whole or in part; the order is refunded once it is done."""
        refunds.request(session, line, amount, reason=reason, now=now)

    def reconcile(self, database: Database, gateways: Gateways, *, now: datetime) -> int:
        """Read the sellers' accounts, and store what no webhook told of."""
        key = gateways.settings.stripe_secret_key
        return read_missed(database, gateways.stripe, live=is_live(key), now=now) if key else 0

    def books(
        self, database: Database, gateways: Gateways, *, since: datetime, until: datetime
    ) -> ProviderBooks | NoBooks:
        """What the sellers' accounts list of charges, refunds and the operator's fees."""
        key = gateways.settings.stripe_secret_key
        if not key:
            return NoBooks("STRIPE_SECRET_KEY is empty: no account of a seller can be read.")
        return read_books(database, gateways.stripe, is_live(key), since, until)

    def catch_up(
        self, database: Database, gateways: Gateways, missed: Sequence[MoneyLine], *, now: datetime
    ) -> int:
        """Read all events since the last look: each account's row says until when it was read."""
        return self.reconcile(database, gateways, now=now)

    def doctor(self, settings: Settings) -> Health:
        """The key opens pages, the secrets verify events: one is worth nothing without the other."""
        if settings.stripe_secret_key and not settings.stripe_webhook_secrets:
            return Health("warn", "STRIPE_WEBHOOK_SECRETS is empty: no cards", "Set both, or neither.")
        if settings.stripe_webhook_secrets and not settings.stripe_secret_key:
            detail = "STRIPE_SECRET_KEY is empty: no seller can connect Stripe, and nobody can pay by card"
            return Health("warn", detail, "Set both, or neither.")
        if settings.stripe_secret_key:
            return Health("ok", "paid to each seller directly by Stripe")
        return Health("ok", "not offered: STRIPE_SECRET_KEY is empty")
