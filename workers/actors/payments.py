"""Jobs about payments: opening invoices, applying what providers report, expiring orders, refunds."""

from datetime import timedelta

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.errors import Permanent
from core.kit.rows import id_of, must_get
from core.orders.expiry import expire
from core.orders.orders import need_support
from core.payments.books import catch_up, compare_books, tell_differences
from core.payments.payment_events import handle_event, read_event
from core.payments.rails.nowpayments.payments import RAIL, record_invoice, wanted_invoice
from core.payments.rails.port import rail_of
from core.payments.rails.stars.charges import (
    StarsCharge,
    charge_to_refund,
    finish_charge_refund,
    stars_charge,
)
from core.payments.refunds import finish_refund
from schemas import jobs, upkeep_jobs
from schemas.sales import Order
from workers.registry import actor
from workers.run import Run

AGAIN = timedelta(minutes=10)
"""After so long, what was missed has been applied, or waits for somebody."""


@actor(jobs.OpenInvoice)
def open_invoice(run: Run, job: jobs.OpenInvoice) -> None:
    """Open the invoice of an order at the payment provider, once it is certain that it has none."""
    with run.services.database.transaction() as session:
        request = wanted_invoice(session, job.order_id, now=run.now())
    if request is None:
        return
    page = f"{run.services.settings.public_url}/p/{request.slug}"
    try:
        invoice = run.services.provider.open_invoice(request.order_number, request.price, request.title, page)
    except Permanent:
        _call_support(run, job.order_id, "invoice-refused")
        raise
    with run.effect() as session:
        record_invoice(session, job.order_id, invoice, now=run.now())


@actor(jobs.HandlePaymentEvent)
def handle_payment_event(run: Run, job: jobs.HandlePaymentEvent) -> None:
    """Apply a stored payment event to its order, as its provider says it now."""
    with run.services.database.transaction() as session:
        reading = read_event(session, job.event_id)
    if reading is None:
        return
    rail, report = reading
    report = rail.refresh(run.services, report)
    with run.effect() as session:
        handle_event(session, job.event_id, report=report, now=run.now())


@actor(jobs.PollInvoices)
def poll_invoices(run: Run, job: jobs.PollInvoices) -> None:
    """Have what NOWPayments says of our open orders applied, as if the notice had come."""
    rail_of(RAIL).reconcile(run.services.database, run.services, now=run.now())


@actor(upkeep_jobs.CompareBooks)
def compare_all_books(run: Run, job: upkeep_jobs.CompareBooks) -> None:
    """Compare our books with those of providers, have what we lack applied, and tell staff of the rest once.

    What was news is applied by jobs of its own: another comparison sees what came of it.
    """
    database, now = run.services.database, run.now()
    compared = compare_books(database, run.services, now=now)
    caught_up = catch_up(database, run.services, compared, now=now)
    with run.services.database.transaction() as session:
        tell_differences(session, (each for each in compared if each.rail not in caught_up))
    for comparison in compared:
        if comparison.failure is not None:
            raise comparison.failure
    with run.effect() as session:
        if caught_up:
            enqueue(session, job.again(run.job_id), due_at=now + AGAIN)


@actor(jobs.ExpireOrders)
def expire_orders(run: Run, job: jobs.ExpireOrders) -> None:
    """Close unpaid orders whose time is over."""
    with run.effect() as session:
        expire(session, now=run.now())


@actor(jobs.RefundStars)
def refund_stars(run: Run, job: jobs.RefundStars) -> None:
    """Refund a payment in Stars, then end what was bought; Telegram counts a repeated refund as done."""
    with run.services.database.transaction() as session:
        order = must_get(session, Order, job.order_id, "order-unknown")
        charge = _charge(session, order, job.charge_id)
    if charge is None:
        return
    try:
        run.services.messenger.refund_stars(charge.telegram_id, charge.charge_id)
    except Permanent:
        _call_support(run, job.order_id, "refund-failed")
        raise
    with run.effect() as session:
        if job.charge_id:
            finish_charge_refund(session, job.order_id, job.charge_id)
        else:
            finish_refund(session, order, reason=order.note, now=run.now())


def _charge(session: Session, order: Order, charge_id: str) -> StarsCharge | None:
    """The charge to give back: the one that is named, else what paid the order; None when it went back."""
    if charge_id:
        return charge_to_refund(session, id_of(order), charge_id)
    return None if order.status == "refunded" else stars_charge(session, id_of(order))


def _call_support(run: Run, order_id: int, reason: str) -> None:
    with run.services.database.transaction() as session:
        order = must_get(session, Order, order_id, "order-unknown")
        need_support(session, order, reason=reason, now=run.now())
