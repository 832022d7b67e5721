"""Payments in Stars: the question before one, and what a charge that Telegram took does to its order."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlmodel import Session

from core.catalogue.catalogue import check_on_sale
from core.kit.errors import NotFound, Refused
from core.kit.names import clean_text
from core.kit.permissions import require
from core.kit.rows import must_get
from core.notifications.notify import notify
from core.orders.fulfilment import goods_of
from core.orders.orders import by_number, need_support, order_number
from core.payments.payment_events import alarm_unmatched, event_of
from core.payments.payment_rows import payment_of
from core.payments.settle import CLOSED, settle
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order, PaymentEvent

RAIL = "stars"
PROVIDER = "telegram"
PAYLOAD_PREFIX = "order:"


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What Telegram took of a person: `amount` in minor units, `payload` that of the invoice."""

    charge_id: str
    payload: str
    amount: int
    currency: str


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
    number: dict[str, str | int] = {"number": order_number(order)}
    if order.buyer_id != user.id:
        raise Refused("not-your-order")
    if order.status in CLOSED:
        raise Refused(CLOSED[order.status], number)
    if order.expires_at <= now:
        raise Refused("order-expired", number)
    if order.rail != RAIL or (amount, currency) != (order.amount, order.currency):
        raise Refused("price-differs", number)
    product = must_get(session, Product, order.product_id, "product-unknown")
    check_on_sale(session, product)
    goods_of(product.kind).may_buy(session, product, user, now=now)
    return order


def event_of_charge(session: Session, charge: Charge, user: User, *, now: datetime) -> PaymentEvent:
    """The event of a charge, locked; written down where no update told of it."""
    body = msgspec.json.encode({**msgspec.to_builtins(charge), "telegram_id": user.telegram_id})
    name, payer = charge.charge_id, user.telegram_id
    return event_of(session, provider=PROVIDER, event_id=name, body=body, payer=payer, now=now)


def confirm_stars(
    session: Session, charge: Charge, user: User, *, now: datetime, event: PaymentEvent | None = None
) -> Confirmed:
    """Apply a charge, once for each charge id. Never raises for odd money: it is kept.

    `event` is the charge's own, locked; without one it is looked up, and written down if nobody told it.
    """
    event = event or event_of_charge(session, charge, user, now=now)
    order = _find_order(session, charge.payload)  # locked until all that follows is written
    if event.state != "received":
        return Confirmed(order, first=False, accepted=order is not None and order.paid_at is not None)
    event.handled_at = now
    if order is None:
        event.state, event.outcome = "unmatched", "no such order"
        money = f"{charge.amount} {clean_text(charge.currency)[:3]}"
        alarm_unmatched(session, provider=PROVIDER, event=charge.charge_id, amount=money)
        return Confirmed(None, first=True, accepted=False)
    event.order_id = order.id
    odd = _oddity(order, user, charge)
    number, amount = charge.charge_id, charge.amount
    if odd is None:
        settle(session, order, rail=RAIL, provider_id=number, received=amount, now=now)
    else:
        payment_of(session, order, rail=RAIL, provider_id=number, received=amount, now=now)
        need_support(session, order, reason=odd, now=now)
    event.state, event.outcome = ("refused", odd) if odd else ("handled", order.status)
    return Confirmed(order, first=True, accepted=odd is None)


def tell_odd(session: Session, user_id: int, confirmed: Confirmed, charge_id: str) -> None:
    """Tell whoever paid that odd money arrived; of a good payment the delivery tells."""
    number = order_number(confirmed.order) if confirmed.order else ""
    buttons = [["button-support", "support_menu"]]
    notify(session, user_id, "payment-odd", {"number": number}, once=charge_id, buttons=buttons)


def _by_payload(session: Session, payload: str, *, lock: bool = False) -> Order:
    if not payload.startswith(PAYLOAD_PREFIX):
        raise NotFound("order-unknown")
    return by_number(session, payload.removeprefix(PAYLOAD_PREFIX), lock=lock)


def _find_order(session: Session, payload: str) -> Order | None:
    try:
        return _by_payload(session, payload, lock=True)
    except NotFound:
        return None


def _oddity(order: Order, user: User, charge: Charge) -> str | None:
    """Why support must look at a charge before the order counts as paid."""
    if order.rail != RAIL or charge.currency != order.currency:
        return "currency-differs"
    if charge.amount != order.amount:
        return "amount-differs"
    return "payer-differs" if order.buyer_id != user.id else None
