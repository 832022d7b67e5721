"""A sale by card: Carol opens the product's page, pays on Stripe's, and claims her order in Telegram."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from sqlmodel import Session, select

from core.kit.db import Database
from schemas.catalogue import Product
from schemas.people import Seller
from scripts.demonstration.tell import Teller
from scripts.embedded.process import wait_until
from scripts.embedded.stack import Stack
from scripts.embedded.stripe import StripeServer, take_cards
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message

PRICE = "9.99:EUR"
KEY = re.compile(r'name="key" value="([^"]+-card)"')
PAY = re.compile(r'href="([^"]+/pay/cs_[^"]+)"')
PATIENCE = 60.0  # seconds for one thing of Stripe's or ours


def connect(database_url: str, stripe: StripeServer, teller: Teller) -> None:
    """Let the only seller's account at Stripe be connected, as its form does."""
    account = stripe.ask("add_seller")
    teller.say(f"  Alice connects {account} at the loopback Stripe: cards pay her directly")
    with closing_database(database_url) as session:
        take_cards(session, session.exec(select(Seller)).one(), account)


@contextmanager
def closing_database(url: str) -> Iterator[Session]:
    """One transaction, after which no connection stays open."""
    database = Database(url, pool_size=1)
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.dispose()


@dataclass(frozen=True)
class WebOrder:
    """An order on the web; `page` is its address."""

    client: httpx.Client
    page: str

    def stage(self) -> str:
        """How far it is."""
        return str(self.client.get(f"{self.page}/status").json()["stage"])

    def wait_for(self, stage: str) -> None:
        """Wait for a stage. Raises `StackError`."""
        wait_until(lambda: self.stage() == stage, PATIENCE, f"the order by card is not {stage}")


def buy(carol: Person, stack: Stack, teller: Teller) -> None:
    """Let Carol pay on the web by card, claim her order, and get the file. Raises where she does not.

    She goes to the API's own port: pages that pass the counter would count as bytes of the file.
    """
    product_page = f"{stack.url}/p/{_slug(stack)}"
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        teller.person(carol.name, f"follows Alice's link to {product_page}, and chooses the card")
        form = KEY.search(client.get(product_page).text)
        if form is None:
            raise AssertionError("The page of the product does not offer cards.")
        ordered = client.post(product_page, data={"rail": "card", "currency": "EUR", "key": form[1]})
        path = httpx.URL(ordered.headers["location"]).path
        order = WebOrder(client, str(httpx.URL(product_page).join(path)))
        order.wait_for("payable")
        pay = PAY.search(client.get(order.page).text)
        if pay is None:
            raise AssertionError("The order's page does not lead to Stripe.")
        teller.person(carol.name, "pays 9.99 € on Stripe's page")
        client.post(pay[1], data={"act": "ok"})
        order.wait_for("ready")
        teller.say("  Stripe's signed webhook came, and the order is paid")
        claim = client.post(f"{order.page}/claim").headers["location"]
        teller.person(carol.name, "opens her order in Telegram")
        carol.starts(claim)
        message = carol.wait_for(_has_link, timeout=30)
        teller.bot(message)
        order.wait_for("delivered")


def _slug(stack: Stack) -> str:
    with closing_database(stack.settings.database_url) as session:
        return session.exec(select(Product.slug)).one()


def _has_link(message: Message) -> bool:
    links = [*message.links, *(button.value for button in message.buttons if button.kind == "url")]
    return any("/d/" in link for link in links)
