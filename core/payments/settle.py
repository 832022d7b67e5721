"""Money that came in: what pays an order, and what follows from it."""

from datetime import datetime

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.memberships.payment import open_or_extend
from core.notifications.addresses import mail_order_news
from core.notifications.notify import notify, notify_seller
from core.orders.grants import grant_order, owned
from core.orders.orders import move, need_support, order_number
from core.payments.balances import add_order_line
from core.payments.payment_rows import SETTLED, confirm_payment, payment_of
from core.uploads.payment import pay_listing
from schemas import jobs
from schemas.catalogue import Product
from schemas.sales import Order

CLOSED = {
    "expired": "order-expired",
    "paid": "already-paid",
    "delivered": "already-paid",
    "refunded": "order-refunded",
    "cancelled": "order-closed",
    "failed": "order-closed",
    "submitted": "order-closed",
}


def settle(
    session: Session,
    order: Order,
    *,
    rail: str,
    provider_id: str,
    received: int | None,
    now: datetime,
    actor: str = "system",
) -> bool:
    """A payment is confirmed: the order is paid, and everything follows. True the first time only.

    `received` in minor units of the order's currency, None where the provider does not say. Too little
    leaves the order unpaid. A payment for an order that is paid or closed already goes to support.
    """
    order = must_get(session, Order, order.id, "order-unknown", lock=True)
    payment = payment_of(session, order, rail=rail, provider_id=provider_id, received=received, now=now)
    if payment.status in SETTLED:
        return False
    if received is not None and received < order.amount:
        need_support(session, id_of(order), reason="amount-differs", now=now)
        return False
    confirm_payment(session, payment, received=received, now=now)
    before = order.status
    if not move(session, id_of(order), "paid", now=now, actor=actor):
        late = before in ("cancelled", "refunded")
        need_support(session, id_of(order), reason="late-payment" if late else "second-payment", now=now)
        return False
    _after_paid(session, order, now)
    if received is not None and received > order.amount:
        need_support(session, id_of(order), reason="overpaid", now=now)
    return True


def _after_paid(session: Session, order: Order, now: datetime) -> None:
    """Grant and delivery when the buyer is known (else at the claim), the seller's message and money."""
    # Held while all this runs, so that each step finds it without a query.
    product = must_get(session, Product, order.product_id, "product-unknown")
    if pay_listing(session, order, now=now):
        return
    if order.buyer_id is not None:
        if _kind(session, order) == "file" and owned(session, order.buyer_id, order.product_id) is not None:
            need_support(session, id_of(order), reason="paid-twice", now=now)
        start_delivery(session, order, order.buyer_id, now)
    else:
        mail_order_news(session, id_of(order))
    add_order_line(session, order, "sale", order.amount, now)
    price = str(Money(order.amount, order.currency))
    told = {"title": product.title, "number": order_number(order), "amount": price, "rail": order.rail}
    notify_seller(session, order.seller_id, "sale-made", told, once=str(order.id))


def start_delivery(session: Session, order: Order, buyer_id: int, now: datetime) -> None:
    """Grant a paid order to its buyer and have it delivered; a listing fee gives nothing to deliver."""
    product = must_get(session, Product, order.product_id, "product-unknown")
    kind = product.kind
    if kind == "listing":
        return
    price = str(Money(order.amount, order.currency))
    told = {"title": product.title, "number": order_number(order), "amount": price}
    notify(session, buyer_id, "payment-verified", told, once=str(order.id))
    grant_order(session, order, buyer_id=buyer_id, kind=kind, now=now)
    if kind == "membership":
        open_or_extend(session, order, buyer_id=buyer_id, now=now)
        return
    enqueue(session, jobs.Deliver(order_id=id_of(order)).of_attempt(0))


def _kind(session: Session, order: Order) -> str:
    return must_get(session, Product, order.product_id, "product-unknown").kind
