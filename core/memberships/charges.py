"""Stars that Telegram charges by itself.

Each further charge of a subscription becomes an order of its own, so that grants, receipts, the seller's
balance and refunds are what they are for every payment.
"""

from datetime import datetime

from msgspec import structs
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.kit.rows import must_get
from core.memberships.subscriptions import (
    begin,
    charge_key,
    charged,
    give_up_late,
    is_recurring,
    subscription_by_payload,
    subscription_changed,
)
from core.payments.rails.stars.payments import Charge, Confirmed, confirm_stars, invoice_payload
from core.ports import SubscriptionState
from schemas.people import User
from schemas.sales import Order, PaymentEvent
from schemas.star_subscription import StarSubscription


class StarRenewals:
    """The rules of memberships that Telegram charges again, as the Stars rail asks for them
    (`core.payments.rails.stars.renewals.Renewals`)."""

    def confirm(
        self,
        session: Session,
        charge: Charge,
        user: User,
        *,
        until: datetime,
        now: datetime,
        event: PaymentEvent | None = None,
    ) -> Confirmed:
        """Apply a payment that carries the end of a subscription (`subscription_until_date`), once for each
        charge id. Never raises for odd money: it is kept, and support looks at it."""
        subscription = subscription_by_payload(session, charge.payload)
        if subscription is None:
            return _confirm_first(session, charge, user, until=until, now=now, event=event)
        if charge.charge_id == subscription.charge_id:
            return confirm_stars(session, charge, user, now=now, event=event)
        order = _further_order(session, subscription, charge.charge_id, now)
        further = structs.replace(charge, payload=invoice_payload(order))
        confirmed = confirm_stars(session, further, user, now=now, event=event)
        if confirmed.first and confirmed.accepted:
            charged(session, subscription, until=until)
        return confirmed

    def find(self, session: Session, payload: str) -> StarSubscription | None:
        """The subscription whose first invoice had this payload, locked against its end."""
        return subscription_by_payload(session, payload)

    def change(
        self, session: Session, subscription: StarSubscription, state: SubscriptionState, *, now: datetime
    ) -> None:
        """The membership follows what Telegram says of its subscription."""
        subscription_changed(session, subscription, state, now=now)

    def end_overdue(self, session: Session, *, now: datetime) -> None:
        """Subscriptions that Telegram did not charge again run out."""
        give_up_late(session, now=now)


def _confirm_first(
    session: Session,
    charge: Charge,
    user: User,
    *,
    until: datetime,
    now: datetime,
    event: PaymentEvent | None,
) -> Confirmed:
    """The charge that begins a subscription, where its order is one of a plan that renews."""
    confirmed = confirm_stars(session, charge, user, now=now, event=event)
    order = confirmed.order
    if order is not None and confirmed.first and confirmed.accepted and is_recurring(session, order):
        begin(session, order, charge_id=charge.charge_id, until=until, now=now)
    return confirmed


def _further_order(session: Session, subscription: StarSubscription, charge_id: str, now: datetime) -> Order:
    """The order of a further charge, on the terms of the first."""
    first = must_get(session, Order, subscription.order_id, "order-unknown")
    values = first.model_dump(include={"buyer_id", "product_id", "seller_id", "entry", "rail", "currency"})
    row = insert(Order).values(
        **values,
        amount=subscription.stars,
        status="awaiting_payment",
        idempotency_key=charge_key(charge_id),
        language=first.language,
        created_at=now,
        expires_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["idempotency_key"]))
    return session.exec(select(Order).where(Order.idempotency_key == charge_key(charge_id))).one()
