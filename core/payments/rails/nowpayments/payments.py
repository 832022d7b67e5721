"""Crypto payments as rows: the invoice of an order, each payment made on it, and what it is worth.

An invoice is a payment row whose provider id begins with `invoice:` and which holds the `pay_url`; each
payment that NOWPayments reports is a row of its own, by its payment id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from core.kit.errors import Permanent
from core.kit.money import Money
from core.kit.rows import must_get
from core.orders.orders import OPEN, move, order_id_of, order_number
from core.payments.payment_rows import find_payment, report_payment, write_payment
from core.payments.rails.nowpayments.reports import COVERED, PROGRESS, value_of
from core.payments.rails.port import Invoice, PaymentReport
from schemas.catalogue import Product
from schemas.sales import Order, Payment, PaymentStatus

RAIL = "crypto"
INVOICE = "invoice:"
LIVE: tuple[PaymentStatus, ...] = ("pending", "partial")
# NOWPayments keeps the address of a payment alive for seven days, whatever we think of the order.
LATE = timedelta(days=7)
# What our payment row is called for each of their statuses; `settle` makes a finished one confirmed.
STATUSES: dict[str, PaymentStatus] = {
    "waiting": "pending",
    "confirming": "pending",
    "confirmed": "pending",
    "sending": "pending",
    "partially_paid": "partial",
    "finished": "partial",
    "expired": "refused",
    "failed": "refused",
    "refunded": "refunded",
}


@dataclass(frozen=True)
class Known:
    """What was known of a payment before a notice: our status of it, and theirs."""

    status: PaymentStatus | None
    stage: str
    coins: str = ""

    @property
    def progress(self) -> int:
        """How far it had got; -1 for a payment not heard of before."""
        return PROGRESS.get(self.stage, -1)

    def says(self, report: PaymentReport) -> bool:
        """Whether a report says what was known: its poll, or a replay, of what was applied before."""
        coins = "" if report.coins is None else str(report.coins)
        return (self.stage, self.coins) == (report.stage, coins)


@dataclass(frozen=True)
class WantedInvoice:
    """What an invoice must say."""

    order_number: str
    price: Money
    title: str
    slug: str


@dataclass(frozen=True)
class Outlook:
    """What is worth asking the provider about: payments made since a moment, of which `heard` are the ids
    that we know. Which of its answers are about orders of ours, `awaited` tells."""

    since: datetime
    heard: list[str]


def wanted_invoice(session: Session, order_id: int, *, now: datetime) -> WantedInvoice | None:
    """The invoice that an order still needs; None when it has one or is over. Raises `Permanent`."""
    order = must_get(session, Order, order_id, "order-unknown")
    if order.rail != RAIL:
        raise Permanent(f"Order {order_id} is paid by {order.rail}: no invoice can be opened for it.")
    if order.status not in OPEN or order.expires_at <= now or invoices_of(session, order):
        return None
    product = must_get(session, Product, order.product_id, "product-unknown")
    price = Money(order.amount, order.currency)
    return WantedInvoice(order_number(order), price, product.title, product.slug)


def record_invoice(session: Session, order_id: int, invoice: Invoice, *, now: datetime) -> None:
    """Keep the invoice of an order, which now awaits payment. The first one stays."""
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    if invoices_of(session, order):
        return
    name, pay_url = f"{INVOICE}{invoice.provider_id}", invoice.pay_url
    if write_payment(session, order, rail=RAIL, provider_id=name, pay_url=pay_url, now=now) is None:
        raise Permanent(f"NOWPayments gave order {order_id} the invoice {name} of another order.")
    move(session, order, "awaiting_payment", now=now)


def outlook(session: Session, *, now: datetime) -> Outlook | None:
    """Invoices that may have been paid unheard: of open orders, and of given up ones while money may come."""
    since = session.execute(select(func.min(Order.created_at)).where(*_waiting(now))).scalar_one()
    if since is None:
        return None
    heard = (
        select(Payment.provider_id)
        .join(Order, col(Payment.order_id) == Order.id)
        .where(*_waiting(now), ~col(Payment.provider_id).startswith(INVOICE))
        .order_by(Payment.provider_id)
    )
    return Outlook(since, list(session.exec(heard)))


def awaited(session: Session, reports: Sequence[PaymentReport], *, now: datetime) -> list[PaymentReport]:
    """Those that are about the orders of `outlook`; an account's list holds others' as well."""
    ids = {report.provider_id: order_id_of(report.order_number) for report in reports}
    named = [order_id for order_id in ids.values() if order_id is not None]
    ours = set(session.exec(select(Order.id).where(col(Order.id).in_(named), *_waiting(now))))
    return [report for report in reports if ids[report.provider_id] in ours]


def invoices_of(session: Session, order: Order) -> set[str]:
    """The provider's ids of the order's invoices."""
    statement = select(Payment.provider_id).where(
        Payment.order_id == order.id, col(Payment.provider_id).startswith(INVOICE)
    )
    return {name.removeprefix(INVOICE) for name in session.exec(statement)}


def known_of(session: Session, report: PaymentReport) -> Known:
    """What we knew of the payment of a report."""
    row = find_payment(session, RAIL, report.provider_id)
    if row is None:
        return Known(None, "")
    return Known(row.status, str(row.details.get("status", "")), str(row.details.get("coins", "")))


def has_live(session: Session, order: Order) -> bool:
    """Whether a payment of the order is still under way."""
    return _exists(session, order, LIVE)


def has_confirmed(session: Session, order: Order) -> bool:
    """Whether a payment of the order is confirmed."""
    return _exists(session, order, ("confirmed",))


def earlier(session: Session, order: Order, report: PaymentReport) -> int:
    """Minor units that came by other payments of the order and were not given back."""
    others = select(Payment.received).where(
        Payment.order_id == order.id,
        Payment.provider_id != report.provider_id,
        col(Payment.status).in_(("partial", "confirmed")),
    )
    return sum(received or 0 for received in session.exec(others))


def note_report(
    session: Session, order: Order, report: PaymentReport, worth: int | None, now: datetime
) -> None:
    """Keep what a report says of a payment."""
    details = {"status": report.stage, "coin": report.coin, "parent": report.parent_id}
    amounts = {"coins": report.coins, "coins_asked": report.coins_asked}
    details |= {name: str(amount) for name, amount in amounts.items() if amount is not None}
    report_payment(
        session,
        order,
        rail=RAIL,
        provider_id=report.provider_id,
        status=STATUSES[report.stage],
        received=worth,
        details=details,
        now=now,
    )


def worth_of(session: Session, report: PaymentReport) -> int | None:
    """What came in a payment, in minor units of the order's currency; None where nobody can tell.

    A further deposit is worth what its coins were worth in the payment that it follows, if they are the
    same coins: the provider's own figures for it may differ from the price, as its documentation warns.
    """
    if report.parent_id:
        return _worth_of_further(session, report)
    if report.stage != "finished" or report.price is None:
        return report.received
    if report.coins is None or not report.coins_asked or report.received is None:
        return report.price.amount
    covered = report.coins >= report.coins_asked * COVERED
    return max(report.received, report.price.amount) if covered else report.received


def _worth_of_further(session: Session, report: PaymentReport) -> int | None:
    parent = find_payment(session, RAIL, report.parent_id)
    if parent is None or not report.coin or parent.details.get("coin") != report.coin:
        return None
    due = parent.details.get("coins_asked")
    return value_of(report.coins, Money(parent.amount, parent.currency), Decimal(due) if due else None)


def _waiting(now: datetime) -> list[ColumnElement[bool]]:
    return [
        col(Order.rail) == RAIL,
        col(Order.status).in_((*OPEN, "expired", "failed")),
        col(Order.expires_at) > now - LATE,
    ]


def _exists(session: Session, order: Order, statuses: Iterable[str]) -> bool:
    statement = select(Payment.id).where(
        Payment.order_id == order.id,
        col(Payment.status).in_(tuple(statuses)),
        ~col(Payment.provider_id).startswith(INVOICE),
    )
    return session.exec(statement.limit(1)).first() is not None
