"""A membership by card from its web page to the end of its grace, in both sandboxes, with the clock moved."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from core.catalogue.products import set_rail_prices
from core.kit.db import Database
from core.kit.money import Money
from core.orders.orders import PAID
from core.payments.rails.stripe.platform import note_key
from core.process.settings import Settings
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.people import Seller
from schemas.sales import Order, Payment
from scripts.embedded.stripe import take_cards
from scripts.sandbox.stripe.sandbox import StripeSandbox
from scripts.sandbox.stripe.sender import sign
from tests.support.month_simulation import DAY, MonthSimulation, Simulate
from tests.support.stripe_sandbox import judged_stripe
from tests.support.web import Client, serving

KEY = re.compile(r'name="key" value="([^"]+-card)"')
NOBODY = "http://127.0.0.1:9/webhooks/stripe"  # what Stripe sends is handed over by the test


@dataclass
class CardMonth:
    """A channel that is paid by card, the web of its shop, and Stripe, whose clock is that of the month."""

    month: MonthSimulation
    web: Client
    stripe: StripeSandbox
    secret: str

    def told(self) -> None:
        """Stripe tells the shop what has happened, and the shop does what is to be done."""
        sent, self.stripe.sender.withheld = self.stripe.sender.withheld, []
        for body in [json.dumps(each.event).encode() for each in sent]:
            headers = {"stripe-signature": sign([self.secret], body, self.stripe.book.now())}
            assert self.web.post("/webhooks/stripe", content=body, headers=headers).status_code == 200
        self.month.work()

    def pass_time(self, time: timedelta) -> None:
        """Let time pass at Stripe and here; what that brings is told."""
        self.stripe.perform("advance", {"seconds": int(time.total_seconds())})
        self.told()
        self.month.pass_days(time / DAY)
        self.told()

    def pass_charge(self) -> None:
        """Let the time pass until the next charge was tried, an hour after the period's end."""
        self.pass_time(self.subscription().until + DAY / 12 - self.month.clock.now())

    def next_card(self, how: str) -> None:
        """What comes of the buyer's card from now on."""
        self.stripe.perform("next_card", {"customer": self.subscription().customer_id, "how": how})

    def subscription(self) -> CardSubscription:
        """The subscription as it was last seen at Stripe."""
        row: CardSubscription = self.month.read(lambda session: session.exec(select(CardSubscription)).one())
        return row

    def order(self) -> str:
        """Order the plan on its page; the path of the order's page."""
        plan_id = self.month.channel.plan_id
        slug = self.month.read(lambda session: session.get_one(Product, plan_id).slug)
        form = KEY.search(self.web.get(f"/p/{slug}").text)
        assert form is not None
        ordered = self.web.post(f"/p/{slug}", data={"rail": "card", "currency": "EUR", "key": form[1]})
        self.month.work()
        return httpx.URL(ordered.headers["location"]).path

    def orders(self) -> list[str]:
        """How all orders stand."""
        statuses: list[str] = self.month.read(lambda session: list(session.exec(select(Order.status))))
        return statuses

    def pay(self) -> None:
        """Pay on the page of Checkout that was opened."""
        page = self.month.read(lambda session: session.exec(select(Payment.provider_id)).one())
        self.stripe.perform("pays", {"session": page})
        self.told()


@pytest.fixture
def card_month(simulate: Simulate, bot_settings: Callable[..., Settings]) -> Iterator[CardMonth]:
    with ExitStack() as parts:
        stripe = parts.enter_context(judged_stripe())
        secret = stripe.listen(NOBODY, connect=True)
        stripe.break_things(withhold=True)
        cards = {"stripe_secret_key": stripe.key, "stripe_address": stripe.url}
        month = simulate(cards, unit="months", count=1, trial_days=0)
        month.read(lambda session: offer_by_card(session, month.channel.plan_id, stripe))
        settings = bot_settings(**cards, stripe_webhook_secrets=secret, rail_policy="bot:stars;web:card")
        database = Database(settings.database_url)
        parts.callback(database.dispose)
        yield CardMonth(month, parts.enter_context(serving(settings, database)), stripe, secret)


def offer_by_card(session: Session, plan_id: int, stripe: StripeSandbox) -> None:
    note_key(session, stripe.key)
    seller = session.exec(select(Seller)).one()
    take_cards(session, seller, stripe.add_seller())
    set_rail_prices(session, plan_id, "card", [Money(999, "EUR")])


def test_a_card_opens_a_channel_renews_and_lets_go_when_its_grace_is_over(card_month: CardMonth) -> None:
    month, bob = card_month.month, card_month.month.channel.reader("Bob")
    path = card_month.order()
    card_month.pay()
    claim = card_month.web.post(f"{path}/claim").headers["location"]
    bob.starts(claim)
    bob.wait_for("is now yours")
    month.enters(bob)
    bob.wait_for("You are in VIP")

    card_month.pass_charge()
    assert len(card_month.orders()) == 2
    assert month.inside(bob)
    assert month.ends_at(bob) - month.clock.now() > 27 * DAY

    card_month.next_card("decline")
    card_month.pass_charge()
    declined = bob.wait_for("The card for Club was declined")
    assert "/invoice/in_" in declined.text
    assert month.inside(bob)

    card_month.pass_time(6 * DAY)
    month.until(lambda: month.outside(bob))
    bob.wait_for("You have left the channel")
    assert set(card_month.orders()) <= set(PAID)
    assert len(card_month.orders()) == 2
    assert card_month.subscription().status == "canceled"
