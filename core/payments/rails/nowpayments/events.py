"""What a notice of NOWPayments does.

Notices of NOWPayments come late, twice, out of order, or never. Each is stored before
(core.payments.payment_events) and applied once, under the order's lock.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, select

from core.kit.errors import NotFound
from core.orders.buyer_news import ask_for_rest, keep_money, tell_buyer
from core.orders.orders import OPEN, PAID, by_number, move, need_support, order_number
from core.payments.payment_events import alarm_unmatched
from core.payments.payment_rows import find_payment
from core.payments.rails.nowpayments.payments import (
    RAIL,
    Known,
    earlier,
    has_confirmed,
    has_live,
    invoices_of,
    known_of,
    note_report,
    worth_of,
)
from core.payments.rails.nowpayments.reports import PROGRESS
from core.payments.rails.port import PaymentReport, Verdict
from core.payments.refunds import finish_refund
from core.payments.settle import settle
from schemas.catalogue import Product
from schemas.sales import Order, PaymentEvent

WITH_MONEY = ("wrong_asset_confirmed", "partially_paid", "finished")
"""Statuses of money that is there, even where its number is not said; the first is of another kind of coins
than were asked for."""


def apply(session: Session, event: PaymentEvent, report: PaymentReport, *, now: datetime) -> Verdict:
    """Do what a notice means, once; the state of the event, and what was decided."""
    order = _order_of(session, report)
    if report.stage not in PROGRESS and not _has_money(report):
        return Verdict("refused", f"not news of a payment (status {report.stage[:20]!r})")
    if order is None:
        return Verdict("unmatched", _report_unmatched(session, event, report))
    event.order_id = order.id
    if report.stage not in PROGRESS:
        keep_money(session, order, reason="unknown-money", now=now)
        return Verdict("refused", f"money of status {report.stage[:20]!r}: support decides")
    return _apply_to(session, order, report, now)


def _has_money(report: PaymentReport) -> bool:
    """Whether coins came by it, of whatever kind; a status that we do not know may have any number."""
    return bool(report.coins) or report.stage in WITH_MONEY


def _order_of(session: Session, report: PaymentReport) -> Order | None:
    """The crypto order that is named as we name orders, locked."""
    try:
        order = by_number(session, report.order_number, lock=True)
    except NotFound:
        return None
    return order if order.rail == RAIL and order_number(order) == report.order_number else None


def _report_unmatched(session: Session, event: PaymentEvent, report: PaymentReport) -> str:
    if _has_money(report) or report.stage not in ("waiting", "expired"):
        amount = str(report.price or "?")
        alarm_unmatched(session, provider=event.provider, event=report.provider_id, amount=amount)
    return f"no such order: {report.order_number[:40]!r}"


def _apply_to(session: Session, order: Order, report: PaymentReport, now: datetime) -> Verdict:
    """The state of the event and what was decided."""
    odd = _oddity(session, order, report)
    if odd is not None:
        keep = keep_money if _has_money(report) else need_support
        keep(session, order, reason=odd, now=now)
        return Verdict("refused", odd)
    before = known_of(session, report)
    if PROGRESS[report.stage] < before.progress:
        return Verdict("handled", f"late news: {before.stage} was known already")
    if before.says(report):
        return Verdict("handled", f"known: {report.stage} was applied already")
    if report.stage == "finished":
        outcome = _finish(session, order, report, now)
    else:
        worth = worth_of(session, report)
        note_report(session, order, report, worth, now)
        outcome = _ACTS[report.stage](session, order, report, before, now)
    return Verdict("handled", outcome)


def _oddity(session: Session, order: Order, report: PaymentReport) -> str | None:
    """Why this cannot be a payment of this order, whatever it says."""
    row = find_payment(session, RAIL, report.provider_id)
    if row is not None and row.order_id != order.id:
        return "payment-of-another-order"
    invoices = invoices_of(session, order)
    if report.invoice_id and invoices and report.invoice_id not in invoices:
        return "invoice-differs"
    if report.parent_id:
        return None  # a further deposit names a price of its own; `_worth` judges it
    if report.price is None or report.price.currency != order.currency:
        return "currency-differs"
    return "amount-differs" if report.price.amount != order.amount else None


def _finish(session: Session, order: Order, report: PaymentReport, now: datetime) -> str:
    """All money of this payment is there; with what came before it may pay the order."""
    worth = worth_of(session, report)
    if worth is None:
        note_report(session, order, report, None, now)
        keep_money(session, order, reason="redeposit", now=now)
        return "a further deposit of unknown worth: support decides"
    total = worth + earlier(session, order, report)
    if order.status in PAID and report.parent_id:
        note_report(session, order, report, worth, now)
        keep_money(session, order, reason="overpaid", now=now)
        return "a further deposit for a paid order: support decides"
    paid = _settle(session, order, report, worth, total, now)
    return "paid" if paid else f"not settled, the order is {order.status}"


def _settle(
    session: Session, order: Order, report: PaymentReport, worth: int, total: int, now: datetime
) -> bool:
    """Have the order settled by all that came; the payment's own row keeps its own part."""
    paid = settle(session, order, rail=RAIL, provider_id=report.provider_id, received=total, now=now)
    note_report(session, order, report, worth, now)
    return paid


def _wait(session: Session, order: Order, report: PaymentReport, before: Known, now: datetime) -> str:
    if order.status == "created":
        move(session, order, "awaiting_payment", now=now)
    return f"{report.stage}: nothing to do yet"


def _take_part(session: Session, order: Order, report: PaymentReport, before: Known, now: datetime) -> str:
    """Too little came in this payment; together with others it may still be enough."""
    worth = worth_of(session, report)
    total = None if worth is None else worth + earlier(session, order, report)
    if order.status in PAID:
        keep_money(session, order, reason="second-payment", now=now)
        return "a part payment for a paid order: support decides"
    if worth is not None and total is not None and total >= order.amount:
        _settle(session, order, report, worth, total, now)
        return f"the parts make up the price: {order.status}"
    if order.status not in OPEN:
        late = "partial-expired" if order.status in ("expired", "failed") else "late-payment"
        keep_money(session, order, reason=late, now=now, came=total)
        return f"a part payment for an order that is {order.status}: support decides"
    if total is None:  # what is missing nobody can tell
        keep_money(session, order, reason="redeposit" if report.parent_id else "unknown-money", now=now)
        return "a part payment of unknown worth: support decides"
    ask_for_rest(session, order, total)
    return f"partial: {total} of {order.amount} minor units"


def _close(session: Session, order: Order, report: PaymentReport, before: Known, now: datetime) -> str:
    """This payment came to nothing. Without another one alive the order is over; late money still counts."""
    if report.coins:
        keep_money(session, order, reason="payment-failed", now=now)
    if order.status not in OPEN or has_live(session, order):
        return f"{report.stage}: the order stays {order.status}"
    move(session, order, "failed" if report.stage == "failed" else "expired", now=now)
    if report.stage == "failed":
        params = {"number": order_number(order), "title": _title(session, order)}
        tell_buyer(session, order, "payment-failed", params, once=str(order.id))
    return f"the order is {order.status}"


def _refund(session: Session, order: Order, report: PaymentReport, before: Known, now: datetime) -> str:
    """The provider gave the money back. If it was what paid the order, the order is refunded."""
    if before.status == "confirmed" and order.status in PAID and not has_confirmed(session, order):
        finish_refund(session, order, reason="NOWPayments", now=now)
        return "the order is refunded"
    need_support(session, order, reason="payment-refunded", now=now)
    params = {"number": order_number(order), "title": _title(session, order)}
    tell_buyer(session, order, "payment-returned", params, once=f"{order.id}:{report.provider_id}")
    return f"a payment that had not paid the order was refunded; the order is {order.status}"


Act = Callable[[Session, Order, PaymentReport, Known, datetime], str]
_ACTS: dict[str, Act] = {
    "waiting": _wait,
    "confirming": _wait,
    "confirmed": _wait,
    "sending": _wait,
    "partially_paid": _take_part,
    "expired": _close,
    "failed": _close,
    "refunded": _refund,
}


def _title(session: Session, order: Order) -> str:
    return session.exec(select(Product.title).where(Product.id == order.product_id)).one()
