"""Crypto through NOWPayments as a rail: hosted invoices, held by the operator."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.db import Database
from core.kit.rows import id_of
from core.orders.fulfilment import OrderLine
from core.payments.payment_events import store_event
from core.payments.rails.nowpayments import events
from core.payments.rails.nowpayments.books import made_since, read_lines, reports_of, unlisted
from core.payments.rails.nowpayments.payments import INVOICE, RAIL, awaited, outlook
from core.payments.rails.nowpayments.reports import PROVIDER, event_id, read
from core.payments.rails.port import (
    Gateways,
    Health,
    Holder,
    MoneyLine,
    NoBooks,
    PaymentReport,
    ProviderBooks,
    Verdict,
    Waiting,
    Way,
)
from core.payments.refunds import refund_by_hand
from core.process.settings import Settings
from schemas import jobs
from schemas.sales import Entry, OrderStatus, Payment, PaymentEvent

UNDER_WAY = ("confirming", "confirmed", "sending")
"""NOWPayments' words for money on its way."""
UNEVENTFUL = "waiting"
"""Of a poll: the buyer has chosen a coin and sent none, so there is nothing to look into."""
AT_A_TIME = 500  # reports


class Crypto:
    """The rail; see `core.payments.rails.port.Rail`."""

    name = RAIL
    provider: str | None = PROVIDER
    holder: Holder = "operator"
    first_status: OrderStatus = "created"
    renews = False
    renewal_limit: int | None = None

    def offer(self, entry: Entry, settings: Settings) -> Way | None:
        """On the web, where its notices can be verified; the bot leads there."""
        if entry == "bot":
            return "site"
        return "here" if settings.nowpayments_ipn_secret else None

    def open(self, session: Session, line: OrderLine) -> None:
        """Have a job open the invoice; the order awaits payment once it is there."""
        enqueue(session, jobs.OpenInvoice(order_id=id_of(line.order)).once())

    def waiting(self, payments: Sequence[Payment]) -> Waiting:
        """By the invoice, and by what was reported of payments made on it."""
        pay_url = next((row.pay_url for row in payments if row.provider_id.startswith(INVOICE)), None)
        under_way = [row for row in payments if row.details.get("status") in UNDER_WAY]
        if any(row.status == "pending" for row in under_way):
            return Waiting("confirming", pay_url)
        return Waiting("payable" if pay_url else "preparing", pay_url)

    def read(self, body: bytes) -> PaymentReport:
        """The notice, verified before it was stored."""
        return read(body)

    def refresh(self, gateways: Gateways, report: PaymentReport) -> PaymentReport:
        """A notice says all there is."""
        return report

    def apply(
        self, session: Session, event: PaymentEvent, report: PaymentReport, *, now: datetime
    ) -> Verdict:
        """Money that fits no order alarms staff: the account is the shop's own."""
        return events.apply(session, event, report, now=now)

    def refund(
        self, session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
    ) -> None:
        """Staff have sent it back themselves."""
        refund_by_hand(session, line, amount, reason=reason, now=now)

    def reconcile(self, database: Database, gateways: Gateways, *, now: datetime) -> int:
        """Store what NOWPayments says of payments for our open orders, as if the notice had come."""
        with database.transaction() as session:
            look = outlook(session, now=now)
        if look is None:
            return 0
        listed = gateways.provider.reports(look.since, look.heard)
        reports = (report for report in listed if report.stage != UNEVENTFUL)
        news = 0
        # So many at a time: an account may have had any number of payments since.
        while some := list(islice(reports, AT_A_TIME)):
            with database.transaction() as session:
                stored = each(
                    session,
                    "reports of NOWPayments",
                    awaited(session, some, now=now),
                    lambda report: _store(session, report, now),
                    name=lambda report: report.provider_id,
                    now=now,
                )
                news += sum(stored)
        return news

    def books(
        self, database: Database, gateways: Gateways, *, since: datetime, until: datetime
    ) -> ProviderBooks | NoBooks:
        """What their list has of our orders; staff give back by hand, of which it knows nothing."""
        if missing := unlisted(gateways.settings):
            return missing
        lines = read_lines(database, gateways.provider.reports(since, ()), until)
        return ProviderBooks(lines, all_refunds=False)

    def catch_up(
        self, database: Database, gateways: Gateways, missed: Sequence[MoneyLine], *, now: datetime
    ) -> int:
        """Store what their list says of these payments, as if the notices had come."""
        with database.transaction() as session:
            since = made_since(session, missed)
        reports = reports_of(gateways.provider.reports(since, ()), missed)
        with database.transaction() as session:
            return sum(_store(session, report, now) for report in reports)

    def doctor(self, settings: Settings) -> Health:
        """The key opens invoices, the secret verifies notices: one is worth nothing without the other."""
        if bool(settings.nowpayments_api_key) != bool(settings.nowpayments_ipn_secret):
            detail = "of NOWPAYMENTS_API_KEY and NOWPAYMENTS_IPN_SECRET one is empty: no crypto rail"
            return Health("warn", detail, "Set both, or neither.")
        if settings.nowpayments_api_key:
            return Health("ok", "paid to the operator through NOWPayments")
        return Health("ok", "not offered: NOWPAYMENTS_API_KEY is empty")


def _store(session: Session, report: PaymentReport, now: datetime) -> bool:
    name, body = f"poll:{event_id(report)}", report.raw
    return store_event(session, provider=PROVIDER, event_id=name, body=body, now=now) is not None
