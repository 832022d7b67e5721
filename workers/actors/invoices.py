"""The answer with the address of an invoice in Stars, which the Mini App opens."""

from typing import Any

from core.kit.errors import Refused
from core.kit.rows import must_get
from core.orders.orders import OPEN, order_number
from core.payments.rails.stars.invoices import stars_invoice
from core.payments.rails.stars.payments import RAIL
from schemas import ephemeral_jobs
from schemas.sales import Order
from workers.registry import answers
from workers.services import Services


@answers(ephemeral_jobs.MakeInvoice)
def make_invoice(services: Services, job: ephemeral_jobs.MakeInvoice) -> dict[str, Any]:
    """Make the address of an open order's invoice.

    Who may pay it is asked again before Telegram charges.
    """
    with services.database.transaction() as session:
        order = must_get(session, Order, job.order_id, "order-unknown")
        if order.status not in OPEN or order.rail != RAIL:
            raise Refused("order-closed", {"number": order_number(order)})
        invoice = stars_invoice(session, order, order.language)
    return {"url": services.messenger.invoice_link(invoice)}
