"""The page of Checkout on which a web order is paid by card: opened on the seller's own account.

A direct charge: Stripe pays the seller, and the operator's fee at once
(https://docs.stripe.com/connect/direct-charges). A session is a payment row by its id, which holds the
`pay_url` and the account; the payment made on it is a row of its own, by the id of its intent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.kit.errors import Permanent
from core.kit.money import Money
from core.kit.rows import must_get
from core.orders.fulfilment import OrderLine, goods_of, line_of
from core.orders.orders import OPEN, move, order_number
from core.payments.payment_rows import note_details, write_payment
from core.payments.rails.stripe.accounts import active_account
from core.payments.rails.stripe.card_members import Interval, card_members
from core.payments.rails.stripe.fees import fee_of, percent
from core.payments.rails.stripe.inbox import RAIL
from core.payments.rails.stripe.objects import NewSession
from core.payments.rails.stripe.platform import mark_of, paid_shop, request_key
from core.payments.rails.stripe.protocol import Fields
from core.payments.rails.stripe.trials import price_after, trial_of
from schemas.people import Seller
from schemas.sales import Order, Payment

SESSION = "cs_"
SESSIONS = "/v1/checkout/sessions"
RETURNED = "/o/returned"
"""Where the buyer comes back to, with the order's number; the browser knows the rest by a cookie."""
SOONEST, LATEST = timedelta(minutes=31), timedelta(hours=23, minutes=59)
"""How long a session may be open: 30 minutes to 24 hours, and a minute for the way there."""


@dataclass(frozen=True)
class WantedCheckout:
    """What a session must say, on whose account; `fee` in minor units of the price's currency; `every`: how
    often the price is charged again, None for once; `free_days` before the first time; `tax`: Stripe works
    out the VAT that is in the price.

    The seller reads `return_url` in the Dashboard: it must open nothing by itself.
    """

    order_number: str
    price: Money
    title: str
    account: str
    fee: int
    every: Interval | None
    until: datetime
    return_url: str
    language: str
    shop: str
    tax: bool
    free_days: int = 0

    def key(self, order_id: int, attempt: int) -> str:
        """Each try has its own: a page that nobody was shown takes no money, and expires by itself."""
        return request_key(self.shop, "checkout", order_id, attempt)

    @property
    def fields(self) -> Fields:
        """The session as the API takes it; without a fee nothing is said of one."""
        named = {"order": self.order_number, "shop": self.shop}
        price: Fields = {
            "currency": self.price.currency.lower(),
            "unit_amount": self.price.amount,
            "product_data": {"name": self.title},
            "tax_behavior": "inclusive",  # it can never be changed, and VAT may be worked out of it later
        }
        paid: Fields = {
            "mode": "payment",
            "payment_intent_data": {"application_fee_amount": self.fee or None, "metadata": named},
        }
        if self.every is not None:
            recurring: Fields = {"interval": self.every.unit, "interval_count": self.every.times}
            price = {**price, "recurring": recurring}
            share = percent(self.fee, self.price)
            paid = {
                "mode": "subscription",
                "subscription_data": {
                    "application_fee_percent": share or None,
                    "metadata": named,
                    "trial_period_days": self.free_days or None,
                },
                "payment_method_collection": "always" if self.free_days else None,
            }
        return {
            **paid,
            "automatic_tax": {"enabled": True} if self.tax else None,
            "client_reference_id": self.order_number,
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": named,
            "locale": self.language,
            "expires_at": int(self.until.timestamp()),
            "success_url": f"{self.return_url}?session={{CHECKOUT_SESSION_ID}}",  # Stripe fills it in
            "cancel_url": self.return_url,
        }


def wanted_checkout(
    session: Session, order_id: int, *, public_url: str, now: datetime
) -> WantedCheckout | None:
    """The session that an order still needs; None when it has one or is over.

    Raises `Permanent` for an order that is not paid by card, or whose seller takes no cards any more.
    """
    order = must_get(session, Order, order_id, "order-unknown")
    if order.rail != RAIL:
        raise Permanent(f"Order {order_id} is paid by {order.rail}: no card can pay it.")
    if order.status not in OPEN or order.expires_at <= now or session_of(session, order):
        return None
    line = line_of(session, order)
    shop_id = paid_shop(session, line)
    account = None if shop_id is None else active_account(session, shop_id)
    if account is None or account.account_id is None:
        raise Permanent(f"Whoever is paid by order {order_id} has no Stripe account that takes cards now.")
    trial = trial_of(session, order)
    price = price_after(order, trial) if trial else Money(order.amount, order.currency)
    return WantedCheckout(
        order_number=order_number(order),
        price=price,
        title=line.product.title,
        account=account.account_id,
        fee=_fee_of(session, line, price),
        every=card_members().interval_of(session, line.product),
        until=min(max(order.expires_at, now + SOONEST), now + LATEST),
        return_url=f"{public_url}{RETURNED}/{order_number(order)}",
        language=order.language,
        shop=mark_of(session, order),
        tax=account.tax == "on",
        free_days=trial.days if trial else 0,
    )


def _fee_of(session: Session, line: OrderLine, price: Money) -> int:
    """What the operator takes of it; nothing of what is the operator's own."""
    if goods_of(line.product.kind).payee == "operator":
        return 0
    return fee_of(must_get(session, Seller, line.order.seller_id, "shop-unknown"), price)


def record_checkout(
    session: Session, order_id: int, wanted: WantedCheckout, opened: NewSession, *, now: datetime
) -> None:
    """Keep the session of an order, which now awaits payment. The first one stays."""
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    if session_of(session, order):
        return
    payment = write_payment(session, order, rail=RAIL, provider_id=opened.id, pay_url=opened.url, now=now)
    if payment is None:
        raise Permanent(f"Stripe gave order {order_id} the session {opened.id} of another order.")
    note_details(session, payment, {"account": wanted.account, "fee": wanted.fee})
    move(session, order, "awaiting_payment", now=now)


def session_of(session: Session, order: Order) -> Payment | None:
    """The row of an order's page of Checkout."""
    rows = select(Payment).where(
        Payment.order_id == order.id, Payment.rail == RAIL, col(Payment.provider_id).startswith(SESSION)
    )
    return session.exec(rows.order_by(col(Payment.created_at)).limit(1)).first()
