"""Somebody whom Telegram charges for a plan, for the tests of charges and subscriptions."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from core.kit.money import Money
from core.memberships.charges import StarRenewals
from core.memberships.subscriptions import (
    is_recurring,
    subscription_changed,
)
from core.payments.rails.stars.payments import Charge, Confirmed, invoice_payload
from core.ports import SubscriptionState
from schemas.membership import Membership
from schemas.people import User
from schemas.sales import Order
from schemas.star_subscription import StarSubscription
from tests.support import make, make_members

NOW = make.NOW
MONTH = timedelta(days=30)


class Subscriber:
    """Somebody whom Telegram charges 500 Stars every 30 days."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.item = make_members.plan(session, recurring=True, prices={"stars": [Money(500, "XTR")]})
        self.user: User = make.user(session)
        self.order: Order = make.order(session, self.item, self.user)
        assert is_recurring(session, self.order)
        self.charge("first", NOW)

    def charge(self, charge_id: str, at: datetime) -> Confirmed:
        payload = invoice_payload(self.order)
        charge = Charge(charge_id=charge_id, payload=payload, amount=500, currency="XTR")
        return StarRenewals().confirm(self.session, charge, self.user, until=at + MONTH, now=at)

    def tells(self, state: SubscriptionState, at: datetime) -> None:
        subscription = StarRenewals().find(self.session, invoice_payload(self.order))
        assert subscription is not None
        subscription_changed(self.session, subscription, state, now=at)

    def membership(self) -> Membership:
        return self.session.exec(select(Membership)).one()

    @property
    def subscription(self) -> StarSubscription:
        return self.session.exec(select(StarSubscription)).one()
