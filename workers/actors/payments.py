"""Jobs about payments: opening invoices, applying what providers report, expiring orders, refunds."""

from itertools import islice

from core.kit.errors import Permanent
from core.kit.rows import must_get
from core.orders.orders import expire, need_support
from core.payments.payment_events import store_event
from core.payments.rails.nowpayments.events import handle_event
from core.payments.rails.nowpayments.payments import awaited, outlook, record_invoice, wanted_invoice
from core.payments.rails.nowpayments.reports import PROVIDER, event_id
from core.payments.rails.stars.charges import charge_to_refund, finish_charge_refund, stars_charge
from core.payments.refunds import finish_refund
from schemas import jobs
from schemas.sales import Order
from workers.registry import actor
from workers.run import Run

AT_A_TIME = 500  # reports
UNEVENTFUL = "waiting"  # the buyer has chosen a coin and sent none: nothing to look into


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
    """Apply a stored payment event to its order."""
    with run.effect() as session:
        handle_event(session, job.event_id, now=run.now())


@actor(jobs.PollInvoices)
def poll_invoices(run: Run, job: jobs.PollInvoices) -> None:
    """Store what NOWPayments says of payments for our open orders, as if the notice had come."""
    with run.services.database.transaction() as session:
        look = outlook(session, now=run.now())
    if look is None:
        return
    listed = run.services.provider.reports(look.since, look.known)
    reports = (report for report in listed if report.status != UNEVENTFUL)
    # So many at a time: an account may have had any number of payments since.
    while some := list(islice(reports, AT_A_TIME)):
        with run.services.database.transaction() as session:
            for report in awaited(session, some, now=run.now()):
                name = f"poll:{event_id(report)}"
                store_event(session, provider=PROVIDER, event_id=name, body=report.raw, now=run.now())


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
        if job.charge_id:
            charge = charge_to_refund(session, job.order_id, job.charge_id)
        else:
            charge = None if order.status == "refunded" else stars_charge(session, job.order_id)
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


def _call_support(run: Run, order_id: int, reason: str) -> None:
    with run.services.database.transaction() as session:
        order = must_get(session, Order, order_id, "order-unknown")
        need_support(session, order, reason=reason, now=run.now())
