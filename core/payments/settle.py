"""Money that came in: checking it, writing it down once, and what follows from it."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue, enqueue_after
from core.jobs.single_statement import Statement, run
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.permissions import require
from core.kit.rows import id_of, must_get
from core.memberships.payment import open_or_extend
from core.notifications.addresses import mail_order_news
from core.notifications.notify import notify, notify_seller, notify_staff
from core.orders.grants import grant_order, owned
from core.orders.orders import by_number, move, need_support, order_number, refuse_if_owned
from core.payments.balances import add_order_line
from core.uploads.payment import pay_listing
from schemas import jobs
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order, Payment, PaymentEvent

STORE_EVENT = """
    INSERT INTO payment_event (id, provider, event_id, body, payer, state, outcome, received_at)
    VALUES (%(event)s, %(provider)s, %(name)s, %(body)s, %(payer)s, 'received', '', %(now)s)
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id
"""
PAYLOAD_PREFIX = "order:"
CLOSED = {
    "expired": "order-expired",
    "paid": "already-paid",
    "delivered": "already-paid",
    "refunded": "order-refunded",
    "cancelled": "order-closed",
    "failed": "order-closed",
    "submitted": "order-closed",
}


@dataclass(frozen=True)
class Confirmed:
    """What a payment did. `order` None: no order we know. `first` False: this event was seen before.
    `accepted` False: the money differs from the order, which stays unpaid until support decides.
    """

    order: Order | None
    first: bool
    accepted: bool


def invoice_payload(order: Order) -> str:
    """What Telegram hands back with the payment of an order's invoice (at most 128 bytes)."""
    return f"{PAYLOAD_PREFIX}{order.id}"


def precheck(
    session: Session, *, payload: str, user: User, amount: int, currency: str, now: datetime
) -> Order:
    """Whether an order may be paid right now; `amount` in minor units.

    Raises `NotFound` or `Refused`: paid, expired or closed, another person's, another price, not for sale
    any more, already owned.
    """
    require(user.roles, "buy")
    order = _by_payload(session, payload)
    named: dict[str, str | int] = {"number": order_number(order)}
    if order.buyer_id != user.id:
        raise Refused("not-your-order")
    if order.status in CLOSED:
        raise Refused(CLOSED[order.status], named)
    if order.expires_at <= now:
        raise Refused("order-expired", named)
    if order.rail != "stars" or (amount, currency) != (order.amount, order.currency):
        raise Refused("price-differs", named)
    product = must_get(session, Product, order.product_id, "product-unknown")
    if product.status != "published":
        raise Refused("not-published")
    refuse_if_owned(session, id_of(user), product, now=now)
    return order


def confirm_stars(
    session: Session,
    *,
    payload: str,
    charge_id: str,
    user: User,
    amount: int,
    currency: str,
    now: datetime,
) -> Confirmed:
    """Apply a successful Stars payment, once for each charge id. Never raises for odd money: it is kept.

    Where nobody wrote its event down yet (see core.payments.rails.stars.events), that is done here.
    """
    said = {"payload": payload, "charge_id": charge_id, "amount": amount, "currency": currency}
    body = json.dumps({**said, "telegram_id": user.telegram_id}).encode()
    event = _event_of(session, charge_id, body, user.telegram_id, now)
    try:
        order = _by_payload(session, payload)
    except NotFound:
        order = None
    if event.state != "received":
        return Confirmed(order, first=False, accepted=order is not None and order.paid_at is not None)
    event.handled_at = now
    if order is None:
        event.state, event.outcome = "unmatched", "no such order"
        shown = f"{amount} {clean_text(currency)[:3]}"
        unmatched = {"provider": "telegram", "event": charge_id, "amount": shown}
        notify_staff(session, "staff-unmatched-payment", unmatched, once=f"telegram:{charge_id}")
        return Confirmed(None, first=True, accepted=False)
    event.order_id = order.id
    odd = _oddity(order, user, amount, currency)
    if odd is None:
        settle(session, order, rail="stars", provider_id=charge_id, received=amount, now=now)
    else:
        _payment_row(session, order, "stars", charge_id, amount, now)
        need_support(session, id_of(order), reason=odd, now=now)
    event.state, event.outcome = ("refused", odd) if odd else ("handled", order.status)
    return Confirmed(order, first=True, accepted=odd is None)


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
    payment = _payment_row(session, order, rail, provider_id, received, now)
    if payment.status in ("confirmed", "refunded"):
        return False
    if received is not None and received < order.amount:
        need_support(session, id_of(order), reason="amount-differs", now=now)
        return False
    session.execute(
        update(Payment)
        .where(col(Payment.id) == payment.id)
        .values(status="confirmed", received=received, confirmed_at=now)
        .execution_options(synchronize_session="fetch")
    )
    before = order.status
    if not move(session, id_of(order), "paid", now=now, actor=actor):
        late = before in ("cancelled", "refunded")
        need_support(session, id_of(order), reason="late-payment" if late else "second-payment", now=now)
        return False
    _after_paid(session, order, now)
    if received is not None and received > order.amount:
        need_support(session, id_of(order), reason="overpaid", now=now)
    return True


def keep_event(
    *, provider: str, event_id: str, body: bytes, payer: int | None = None, now: datetime
) -> Statement[UUID | None]:
    """Keep an inbound event raw and have it handled, in one statement: its id, None when it is known.

    `payer`: the Telegram id of who paid, where the provider is Telegram.
    """
    stored_id = uuid4()
    given = {"event": stored_id, "provider": provider, "name": event_id, "body": body, "payer": payer}
    given |= {"now": now}
    job = jobs.HandlePaymentEvent(event_id=stored_id).once()
    return enqueue_after(STORE_EVENT, given, job, answer=stored_id)


def store_event(
    session: Session, *, provider: str, event_id: str, body: bytes, payer: int | None = None, now: datetime
) -> UUID | None:
    """`keep_event` in a session."""
    return run(session, keep_event(provider=provider, event_id=event_id, body=body, payer=payer, now=now))


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


def _by_payload(session: Session, payload: str) -> Order:
    if not payload.startswith(PAYLOAD_PREFIX):
        raise NotFound("order-unknown")
    return by_number(session, payload.removeprefix(PAYLOAD_PREFIX))


def _oddity(order: Order, user: User, amount: int, currency: str) -> str | None:
    """Why support must look at a payment before the order counts as paid."""
    if order.rail != "stars" or currency != order.currency:
        return "currency-differs"
    if amount != order.amount:
        return "amount-differs"
    return "payer-differs" if order.buyer_id != user.id else None


def _payment_row(
    session: Session, order: Order, rail: str, provider_id: str, received: int | None, now: datetime
) -> Payment:
    """The payment of this provider id, written down if new. Raises `Refused` if it is another order's."""
    row = insert(Payment).values(
        id=uuid4(),
        order_id=order.id,
        rail=rail,
        provider_id=provider_id,
        status="pending",
        currency=order.currency,
        amount=order.amount,
        received=received,
        details={},
        created_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["rail", "provider_id"]))
    payment = session.exec(
        select(Payment)
        .where(Payment.rail == rail, Payment.provider_id == provider_id)
        .execution_options(populate_existing=True)
    ).one()
    if payment.order_id != order.id:
        raise Refused("payment-of-another-order")
    return payment


def _event_of(session: Session, charge_id: str, body: bytes, payer: int, now: datetime) -> PaymentEvent:
    """The event of a charge of Stars, written if new, locked."""
    row = insert(PaymentEvent).values(
        id=uuid4(),
        provider="telegram",
        event_id=charge_id,
        body=body,
        payer=payer,
        state="received",
        outcome="",
        received_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["provider", "event_id"]))
    return session.exec(
        select(PaymentEvent)
        .where(PaymentEvent.provider == "telegram", PaymentEvent.event_id == charge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
