"""A channel that is paid by card every month, at the loopback Stripe, by whose clock everything happens."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships import card_members, expiry
from core.memberships.plans import channels_of_plan
from core.payments.order_claims import issue_claim, redeem
from core.payments.payment_events import handle_event, read_event
from core.payments.placing import place
from core.payments.rails.stripe.checkout import SESSIONS, record_checkout, wanted_checkout
from core.payments.rails.stripe.look import CardReport, look_at_event
from core.payments.rails.stripe.objects import NewSession
from core.payments.rails.stripe.portal import open_portal
from core.payments.rails.stripe.subscriptions import look_again
from schemas.card_subscription import CardSubscription
from schemas.membership import Membership, MembershipPeriod
from schemas.people import Seller, User
from schemas.sales import Order, PaymentEvent
from tests.support import make, make_members
from tests.support.cards import POLICY, PRICE, CardShop

DAY = timedelta(days=1)
# What the steps of a test may take themselves, as a clock that is moved goes on meanwhile.
TIME_OF_A_TEST = timedelta(minutes=5)


def days_before(now: datetime, moment: datetime) -> int:
    """How many whole days can pass with the moment still to come, however slow the test is."""
    return (moment - TIME_OF_A_TEST - now) // DAY


class CardClub:
    """A `shop` whose product is a plan of one month, and one buyer, `ann`."""

    def __init__(self, shop: CardShop, **terms: Any) -> None:
        self.shop, self.stripe, self.database = shop, shop.stripe, shop.database
        with self.database.transaction() as session:
            seller = session.get_one(Seller, shop.seller_id)
            months: dict[str, Any] = {"unit": "months", "count": 1}
            plan = make_members.plan(session, shop=seller, prices={"card": [PRICE]}, **(months | terms))
            self.plan_id = id_of(plan)
            self.ann_id = id_of(make.user(session, name="Ann", language="en"))

    @property
    def now(self) -> datetime:
        """The moment by Stripe's clock."""
        return datetime.fromtimestamp(self.stripe.book.now(), UTC)

    def subscribe(self, how: str = "ok", *, trial: bool = False) -> Order:
        """A web order that is paid at Checkout, or begins with a free `trial`; its events wait."""
        with self.database.transaction() as session:
            order = place(
                session,
                product_id=self.plan_id,
                rail="card",
                currency=PRICE.currency,
                entry="web",
                buyer=None,
                language="en",
                policy=POLICY,
                order_ttl=3600,
                now=self.now,
                idempotency_key=f"key-{time.time_ns():040d}",
                trial=trial,
            ).order
            session.expunge_all()
        order_id = id_of(order)
        with self.database.transaction() as session:
            wanted = wanted_checkout(session, order_id, public_url="https://shop.example", now=self.now)
        assert wanted is not None
        key = wanted.key(order_id, 1)
        opened = self.api.post(NewSession, SESSIONS, wanted.fields, key=key, account=wanted.account)
        with self.database.transaction() as session:
            record_checkout(session, order_id, wanted, opened, now=self.now)
        self.stripe.perform("pays", {"session": opened.id, "how": how})
        return order

    def join(self, *, trial: bool = False) -> Order:
        """Ann subscribes, or begins a free `trial`, and claims what she has paid."""
        order = self.subscribe(trial=trial)
        self.hand_over()
        self.claim(order)
        return order

    def join_for_ever(self) -> Order:
        """The same channel is sold for ever as well: Ann buys that."""
        with self.database.transaction() as session:
            (room,) = channels_of_plan(session, self.plan_id)
            plan = make_members.plan(session, room, prices={"card": [PRICE]}, unit="lifetime", count=0)
            self.plan_id = id_of(plan)
        return self.join()

    def claim(self, order: Order) -> Refused | None:
        """Ann opens the claim of an order in the bot; why it was not given to her, if it was not."""
        with self.database.transaction() as session:
            order = session.get_one(Order, order.id)
            token = issue_claim(session, order, life=DAY, now=self.now)
            return redeem(session, token, session.get_one(User, self.ann_id), self.now).refused

    def hand_over(self, events: Sequence[dict[str, Any]] | None = None) -> int:
        """Have events taken in and applied by Stripe's clock; how many were kept."""
        taken = [self.shop.take_in(event) for event in (self.shop.waiting() if events is None else events)]
        self.apply_events()
        return sum(taken)

    def apply_events(self) -> None:
        """Apply every event that was kept."""
        with self.database.transaction() as session:
            received = select(PaymentEvent.id).where(PaymentEvent.state == "received")
            ids = session.exec(received.order_by(col(PaymentEvent.received_at))).all()
        for event_id in ids:
            with self.database.transaction() as session:
                reading = read_event(session, event_id)
            assert reading is not None
            event = reading[1].event
            sight = look_at_event(self.api, event, at=self.now)
            with self.database.transaction() as session:
                handle_event(session, event_id, report=CardReport(event, sight), now=self.now)

    def pass_days(self, days: int) -> None:
        """Let days pass, one by one: what Stripe does, what it tells, our clocks, and what we ask of it."""
        for _ in range(days):
            self.leap(1)

    def leap(self, days: int) -> None:
        """Let days pass at once, in which nothing is to be asked of Stripe."""
        self.stripe.perform("advance", {"seconds": days * int(DAY.total_seconds())})
        self.hand_over()
        self.strike()
        self.ask_stripe()

    def renew(self) -> None:
        """Let the time pass until the next charge has been made, or has failed, and was told."""
        self.stripe.perform("advance_to", {"moment": int(self.subscription.until.timestamp()) + 7200})
        self.hand_over()
        self.strike()

    def pass_end(self, days: int) -> datetime:
        """Let the paid time end, and less than so many days more pass; when it ended."""
        end = self.membership.ends_at
        assert end is not None
        self.pass_days(days_before(self.now, end) + days)
        return end

    def ask_stripe(self) -> None:
        """Do what we want of Stripe, and apply what it tells of that."""
        self.shop.worker.do_all("set_card_renewal", "end_surplus")
        self.hand_over()

    def strike(self) -> None:
        """Do what the clocks of memberships say that have struck."""
        with self.database.transaction() as session:
            due = expiry.due(session, now=self.now)
        for membership_id, turn in due:
            with self.database.transaction() as session:
                row = card_members.unseen(session, membership_id, turn, now=self.now)
            if row is not None:
                look_again(self.database, self.api, row, now=self.now)
            with self.database.transaction() as session:
                expiry.strike(session, membership_id, turn, now=self.now)

    @property
    def api(self) -> Any:
        """Our client of Stripe."""
        return self.shop.worker.services.stripe

    @property
    def membership(self) -> Membership:
        """Ann's first membership as it is now."""
        rows: list[Membership] = self.shop.rows(Membership)
        return min(rows, key=lambda row: row.id or 0)

    def state(self) -> str:
        """The state of her membership now."""
        return self.membership.state

    @property
    def subscription(self) -> CardSubscription:
        """The newest subscription as it is written down."""
        rows: list[CardSubscription] = self.shop.rows(CardSubscription)
        return max(rows, key=lambda row: row.id or 0)

    @property
    def customer(self) -> str:
        """Who pays, as Stripe names them."""
        return self.subscription.customer_id

    def orders(self) -> list[Order]:
        """All orders, oldest first."""
        return sorted(self.shop.rows(Order), key=lambda order: order.id or 0)

    def periods(self) -> list[MembershipPeriod]:
        """All that was given, oldest first."""
        return sorted(self.shop.rows(MembershipPeriod), key=lambda period: period.id or 0)

    def told(self) -> list[str]:
        """The texts that Ann was told."""
        with self.database.transaction() as session:
            return make.sent_texts(session, session.get_one(User, self.ann_id))

    def act(self, rule: Any) -> None:
        """Ann does something with her membership; what it asks of Stripe is asked."""
        with self.database.transaction() as session:
            rule(session, session.get_one(User, self.ann_id), self.membership.id, now=self.now)
        self.ask_stripe()

    def portal(self, visit: str = "1") -> str:
        """The address of Stripe's page for her, opened anew for each visit."""
        return open_portal(
            self.api,
            self.subscription,
            shop=self.shop.name,
            visit=visit,
            back="https://t.me/sandbox_bot",
            language="en",
        )

    def at_stripe(self) -> dict[str, Any]:
        """The subscription as Stripe has it."""
        return dict(
            self.stripe.book.get(self.shop.account, "subscription", self.subscription.subscription_id)
        )
