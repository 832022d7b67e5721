"""Money that came in: what pays an order, and what follows from it."""

from datetime import datetime

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.money import Money
from core.kit.rows import id_of
from core.notifications.addresses import mail_order_news
from core.notifications.notify import notify, notify_seller
from core.orders.buyer_news import ask_for_rest, keep_money
from core.orders.fulfilment import OrderLine, awaits_person, goods_of, line_of
from core.orders.orders import OPEN, PAID, move, need_support, order_number
from core.payments.balances import add_order_line
from core.payments.payment_rows import SETTLED, confirm_payment, payment_of
from schemas.paper_jobs import IssuePaper
from schemas.sales import Order, OrderStatus

CLOSED: dict[OrderStatus, str] = {
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
    """A payment is confirmed: the order, which the caller has locked, is paid, and everything follows. True
    the first time only.

    `received` in minor units of the order's currency, None where the provider does not say. Too little
    leaves the order unpaid, and both sides know. A payment for an order that is paid or closed already goes
    to support.
    """
    payment = payment_of(session, order, rail=rail, provider_id=provider_id, received=received, now=now)
    if payment.status in SETTLED:
        return False
    if received is not None and received < order.amount:
        _keep_short(session, order, received, now)
        return False
    confirm_payment(session, payment, received=received, now=now)
    before = order.status
    if not move(session, order, "paid", now=now, actor=actor):
        late = before in ("cancelled", "refunded")
        keep_money(session, order, reason="late-payment" if late else "second-payment", now=now)
        return False
    _after_paid(session, order, now)
    if received is not None and received > order.amount:
        keep_money(session, order, reason="overpaid", now=now)
    return True


def settle_free(session: Session, order: Order, *, now: datetime) -> bool:
    """An order that costs nothing is taken: as `settle`, without a payment, a line of a balance or a paper,
    since no money came."""
    assert order.amount == 0, f"order {order.id} is to be paid"
    if not move(session, order, "paid", now=now):
        return False
    _give(session, line_of(session, order), now)
    return True


def _keep_short(session: Session, order: Order, received: int, now: datetime) -> None:
    """Too little came: the buyer of an open order is asked for the rest, that of any other hears what
    becomes of the money."""
    if order.status in OPEN:
        need_support(session, order, reason="amount-differs", now=now, came=received)
        ask_for_rest(session, order, received)
    elif order.status in PAID:  # staff took less than its price as enough, and more came
        keep_money(session, order, reason="second-payment", now=now)
    else:
        keep_money(session, order, reason="amount-differs", now=now, came=received)


def _after_paid(session: Session, order: Order, now: datetime) -> None:
    """Fulfilment where it is known for whom (else at the claim), the seller's message and money."""
    line = line_of(session, order)
    _give(session, line, now)
    if goods_of(line.product.kind).payee == "operator":
        return
    add_order_line(session, order, "sale", order.amount, now)
    enqueue(session, IssuePaper(order_id=id_of(order)).once())
    notify_seller(
        session, order.seller_id, "sale-made", _sale(line) | {"rail": order.rail}, once=str(order.id)
    )


def _give(session: Session, line: OrderLine, now: datetime) -> None:
    if awaits_person(line):
        mail_order_news(session, id_of(line.order))
    else:
        fulfil(session, line, now=now)


def fulfil(session: Session, line: OrderLine, *, now: datetime) -> None:
    """Give what a paid line bought, and tell its recipient of the payment unless it could not be given, or
    nothing was paid."""
    goods = goods_of(line.product.kind)
    if goods.on_paid(session, line, now=now) and goods.personal and line.order.amount:
        notify(session, line.recipient, "payment-verified", _sale(line), once=str(line.order.id))


def _sale(line: OrderLine) -> dict[str, str | int]:
    price = str(Money(line.order.amount, line.order.currency))
    return {"title": line.product.title, "number": order_number(line.order), "amount": price}
