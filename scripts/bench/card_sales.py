"""Orders paid by card, their pages at the loopback Stripe, and the events of their payment, signed."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import Session, select

from core.catalogue.products import set_rail_prices
from core.kit.money import Money
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.payments.placing import place
from core.payments.rails.stripe.protocol import API_VERSION
from core.people.people import find_user
from schemas.base import utc_now
from schemas.people import Seller, User
from scripts.bench.load import Request
from scripts.bench.running_stack import BATCH, UNHURRIED, RunningStack, running_stack
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.process import wait_until
from scripts.embedded.stripe import WEBHOOK, StripeServer, take_cards
from scripts.sandbox.stripe.sender import sign
from scripts.sandbox.telegram.driver import Person

PRICE = Money(999, "EUR")
POLICY = "bot:stars;web:card"
COMPLETED = "checkout.session.completed"
OPENING = 300.0  # seconds for all pages of Checkout


@dataclass
class CardStack:
    """A running shop whose seller is paid on `account` of a loopback Stripe in a process of its own."""

    shop: RunningStack
    stripe: StripeServer
    account: str

    def order(self, count: int) -> dict[int, str]:
        """Place so many web orders of nobody; the pages of Checkout by order."""
        return self._pages([self._place(count - start) for start in range(0, count, BATCH)])

    def order_for(self, buyers: Sequence[Person]) -> dict[int, str]:
        """Place a web order for each of these people, as one who has claimed it; the pages by order."""
        with self.shop.database.transaction() as session:
            users = [find_user(session, buyer.id) for buyer in buyers]
            placed = [self._write(session, user) for user in users]
        return self._pages([placed])

    def completed(self, sessions: Sequence[str]) -> list[dict[str, Any]]:
        """The events that these pages are paid, as the API lists them."""
        wanted, found, cursor = set(sessions), list[dict[str, Any]](), dict[str, str]()
        key = self.stripe.environment["STRIPE_SECRET_KEY"]
        headers = {"authorization": f"Bearer {key}", "stripe-account": self.account}
        with httpx.Client(trust_env=False, timeout=60, headers=headers, base_url=self.stripe.url) as client:
            has_more = True
            while has_more:
                query = {"type": COMPLETED, "limit": "100", **cursor}
                page = client.get("/v1/events", params=query).raise_for_status().json()
                found += [event for event in page["data"] if event["data"]["object"]["id"] in wanted]
                has_more, cursor = page["has_more"], {"starting_after": page["data"][-1]["id"]}
        return found

    def webhook(self, event: dict[str, Any]) -> Request:
        """An event as it comes to the shop, signed now."""
        secret = self.stripe.environment["STRIPE_WEBHOOK_SECRETS"].rpartition(",")[2]  # that of Connect
        body = json.dumps(event, indent=2)
        signature = sign([secret], body.encode(), int(time.time()))
        headers = {"content-type": "application/json; charset=utf-8", "stripe-signature": signature}
        return Request("POST", WEBHOOK, headers, body)

    def count(self, query: str) -> int:
        """The figure that a statement finds in the shop's database."""
        with self.shop.database.engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def told_at(self, order: int) -> float:
        """When the first event of an order came, in Unix seconds."""
        query = text("SELECT min(received_at) FROM payment_event WHERE order_id = :order")
        with self.shop.database.engine.connect() as connection:
            received: datetime = connection.execute(query, {"order": order}).scalar_one()
        return received.timestamp()

    def _place(self, count: int) -> list[int]:
        with self.shop.database.transaction() as session:
            return [self._write(session, None) for _ in range(min(BATCH, count))]

    def _write(self, session: Session, buyer: User | None) -> int:
        placed = place(
            session,
            product_id=self.shop.product_id,
            rail="card",
            currency=PRICE.currency,
            entry="web",
            buyer=None,
            language="en",
            policy=parse_policy(POLICY),
            order_ttl=self.shop.stack.settings.order_ttl,
            now=utc_now(),
            idempotency_key=secrets.token_urlsafe(32),
        )
        placed.order.buyer_id = id_of(buyer) if buyer else None
        return id_of(placed.order)

    def _pages(self, placed: Sequence[Sequence[int]]) -> dict[int, str]:
        orders = [order for some in placed for order in some]

        def pages() -> dict[int, str]:
            query = text(
                "SELECT order_id, provider_id FROM payment "
                "WHERE order_id = ANY (:orders) AND provider_id LIKE 'cs_%'"
            )
            with self.shop.database.engine.connect() as connection:
                return {
                    int(order): str(page) for order, page in connection.execute(query, {"orders": orders})
                }

        wait_until(lambda: len(pages()) == len(orders), OPENING, "not all pages of Checkout were opened")
        return pages()


@contextmanager
def card_stack() -> Iterator[CardStack]:
    """Start a shop beside a loopback Stripe that tells it of what happens; the seller takes cards."""
    port = free_port()
    with TemporaryDirectory(prefix="comptoir-bench-") as name:
        folder = Path(name)
        stripe = StripeServer(folder / "stripe", folder / "stripe.log", f"http://{LOOPBACK}:{port}")
        stripe.start()
        try:
            settings = {**UNHURRIED, **stripe.environment, "RAIL_POLICY": POLICY, "API_PORT": str(port)}
            settings["DISPUTE_ACCESS"] = "keep"
            with running_stack(settings, folder=folder) as shop:
                account = stripe.ask("add_seller")
                with shop.database.transaction() as session:
                    take_cards(session, session.exec(select(Seller)).one(), account)
                    set_rail_prices(session, shop.product_id, "card", [PRICE])
                yield CardStack(shop, stripe, account)
        finally:
            stripe.stop()


def stranger(event: dict[str, Any], number: int) -> dict[str, Any]:
    """The same thing told of another shop's sale on the seller's account, which the event's type cannot tell
    from ours. Its API version is the one that endpoints have."""
    sold = event["data"]["object"] | {
        "id": f"cs_test_elsewhere{number}",
        "payment_intent": f"pi_elsewhere{number}",
        "client_reference_id": f"their-order-{number}",
        "metadata": {"order": f"W-{number}"},
    }
    return event | {"id": f"evt_elsewhere{number}", "api_version": API_VERSION, "data": {"object": sold}}
