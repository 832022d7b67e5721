"""A shop that takes cards, what people do there and at Stripe, and how it stands in the end.

What happens at Stripe does not ask what we know of it: so two tellings of a story differ in how events came,
and in nothing else.
"""

import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.grants import grant_of
from core.orders.orders import order_number
from core.payments.books import compare_books
from core.payments.checkout import look_again
from core.payments.placing import place
from core.payments.rails.stripe.accounts import RAIL, begin
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.objects import Found, NewSession
from core.payments.rails.stripe.platform import note_key
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.refunds import request_refund
from core.people.sellers import open_shop
from schemas.base import utc_now
from schemas.membership import MembershipPeriod
from schemas.sales import Order, Payment, Refund
from schemas.stripe import StripeAccount
from scripts.bench.card_hands import Hands, Postman
from scripts.bench.story_goods import new_file, new_person, new_plan
from scripts.sandbox.stripe.book import Thing
from scripts.sandbox.stripe.errors import StripeError
from scripts.sandbox.stripe.sandbox import StripeSandbox

POLICY = {"web": ("card",)}
PRICES = (Money(999, "EUR"), Money(1500, "JPY"), Money(2500, "EUR"))
FEE_RATE = 1000  # hundredths of a percent
LATER = timedelta(hours=2)  # when nothing of now is under way any more

State = dict[str, Any]


@dataclass
class Sold:
    """An order of the story. `pages` are its pages of Checkout; the first one is that which we opened."""

    id: int
    amount: int
    currency: str
    pages: list[str] = field(default_factory=list)

    @property
    def is_double(self) -> bool:
        """Whether it has two pages, so that which payment pays it hangs on what comes first."""
        return len(self.pages) > 1


class CardShop:
    """One shop with a file in euros, one in yen and a plan of a month; every telling has a new account."""

    def __init__(self, database_url: str, stripe: StripeSandbox) -> None:
        self.stripe, self.hands = stripe, Hands(database_url, stripe)
        self.database = database = self.hands.database
        self.postman = Postman(database, stripe)
        self.account = ""
        self.orders: list[Sold] = []
        self._chance: Random | None = None
        self._people = 0
        with database.transaction() as session:
            self._seller_id, self._products = self._open(session)

    def close(self) -> None:
        """Close all connections."""
        self.hands.close()

    def begin(self, seed: int | None) -> None:
        """A new telling; with a seed all goes wrong that may."""
        chance = None if seed is None else Random(seed)  # noqa: S311 (a seed gives the same again)
        self._chance = self.hands.chance = self.postman.chance = chance
        self.orders = []
        self.postman.forget()
        self.stripe.book.events.clear()
        self.account = self.stripe.add_seller()
        with self.database.transaction() as session:
            for row in session.exec(select(StripeAccount).where(StripeAccount.state != "disconnected")):
                row.state = "disconnected"
                session.add(row)
            session.flush()
            row = begin(session, self._seller_id, now=utc_now())
            row.account_id, row.state = self.account, "active"

    def do(self, act: str, one: int, other: int) -> None:
        """Let something happen; what Stripe or the rules refuse does not happen. Some of it becomes known."""
        with suppress(StripeError, StripeRefused, Refused):
            if act == "order":
                self._order(one % len(PRICES))
            elif act == "slow":
                self.stripe.set_seller(self.account, refunds=("pending", "succeeded")[other % 2])
            elif self.orders:
                getattr(self, f"_{act}")(self.orders[one % len(self.orders)], other)
        self.postman.bring()
        self.hands.work(self._chance.randint(0, 4) if self._chance else None)

    def catch_up(self) -> None:
        """All is known: what was not brought is read from Stripe."""
        self.postman.bring_all()
        self.hands.work()
        self.hands.reconcile()

    def standing(self) -> list[State]:
        """How each order stands."""
        with self.database.transaction() as session:
            return [self._standing(session, sold) for sold in self.orders]

    def check_books(self) -> None:
        """What the seller's balance at Stripe has of sales, refunds and fees is what we have, to the cent."""
        ours = self._our_sums()
        theirs = Counter[tuple[str, str]]()
        for line in self.stripe.book.all(self.account, "balance_transaction"):
            currency = line["currency"].upper()
            if line["type"] in ("charge", "refund", "refund_failure"):
                theirs["money", currency] += line["amount"]
            theirs["fee", currency] += sum(
                fee["amount"] for fee in line["fee_details"] if fee["type"] == "application_fee"
            )
        assert +theirs == +ours, (dict(theirs), dict(ours))
        compared = compare_books(self.database, self.hands.services, now=utc_now() + LATER)
        (cards,) = (each for each in compared if each.rail == RAIL)
        assert (cards.differences, cards.unread, cards.failure) == ([], [], None), cards

    def _order(self, which: int) -> None:
        with self.database.transaction() as session:
            self._people += 1
            buyer = new_person(session, f"Buyer {self._people}", now=utc_now())
            placed = place(
                session,
                product_id=self._products[which],
                rail=RAIL,
                entry="web",
                buyer=None,
                language="en",
                policy=POLICY,
                order_ttl=7200,
                now=utc_now(),
                idempotency_key=secrets.token_urlsafe(32),
            )
            placed.order.buyer_id = id_of(buyer)  # as one who has claimed it
            sold = Sold(id_of(placed.order), placed.order.amount, placed.order.currency)
        self.hands.work()
        with self.database.transaction() as session:
            pages = select(Payment.provider_id).where(Payment.order_id == sold.id)
            sold.pages = list(session.exec(pages))
        self.orders.append(sold)

    def _pays(self, sold: Sold, other: int) -> None:
        self.stripe.pays(sold.pages[0])

    def _declines(self, sold: Sold, other: int) -> None:
        self.stripe.pays(sold.pages[0], "decline")

    def _pays_later(self, sold: Sold, other: int) -> None:
        self.stripe.pays(sold.pages[0], "later")

    def _settles(self, sold: Sold, other: int) -> None:
        self.stripe.settles(sold.pages[0], good=bool(other % 3))

    def _expires(self, sold: Sold, other: int) -> None:
        key = f"expires:{sold.pages[0]}"
        self.hands.api.post(Found, f"{SESSIONS}/{sold.pages[0]}/expire", {}, key=key, account=self.account)

    def _returns(self, sold: Sold, other: int) -> None:
        with self.database.transaction() as session:
            number = order_number(session.get_one(Order, sold.id))
            look_again(session, number, sold.pages[0])

    def _pays_again(self, sold: Sold, other: int) -> None:
        """On another page, as where the answer to the first was lost and two windows were open."""
        if not sold.is_double:
            sold.pages.append(self._second_page(sold))
        self.stripe.pays(sold.pages[1])

    def _dashboard(self, sold: Sold, other: int) -> None:
        """The seller gives back in Stripe's Dashboard: a part, or all of it."""
        if sold.is_double:
            self.catch_up()
        charges = [charge for charge in self._charges(sold) if charge["amount"] > charge["amount_refunded"]]
        part = other % 2 and not sold.is_double
        if charges:
            left = charges[0]["amount"] - charges[0]["amount_refunded"]
            fields = {"charge": charges[0]["id"], "amount": min(left, 1 + other % 400) if part else left}
            key = f"dashboard:{secrets.token_hex(8)}"
            self.hands.api.post(Found, "/v1/refunds", fields, key=key, account=self.account)

    def _staff(self, sold: Sold, other: int) -> None:
        """Staff give back a part, or all of it. They see what is known here: so all is known before."""
        if sold.is_double:
            return
        self.catch_up()
        with self.database.transaction() as session:
            part = 1 + other % 400 if other % 2 else None
            request_refund(session, sold.id, actor="cli", reason="story", amount=part, now=utc_now())
        self.hands.work()

    def _refund_settles(self, sold: Sold, other: int) -> None:
        """A refund that was pending comes to its end."""
        of_order = {charge["id"] for charge in self._charges(sold)}
        for refund in self.stripe.book.all(self.account, "refund"):
            if refund["charge"] in of_order and refund["status"] == "pending":
                self.stripe.refund_settles(refund["id"], good=bool(other % 3))
                return

    def _charges(self, sold: Sold) -> list[Thing]:
        """The charges of an order that were paid, the one with most left first."""
        sessions = [self.stripe.book.find("checkout.session", page)[1] for page in sold.pages]
        intents = {session["payment_intent"] for session in sessions} - {None}
        charges = [
            charge
            for charge in self.stripe.book.all(self.account, "charge")
            if charge["payment_intent"] in intents and charge["status"] == "succeeded"
        ]
        return sorted(charges, key=lambda charge: charge["amount_refunded"] - charge["amount"])

    def _second_page(self, sold: Sold) -> str:
        kept = self.stripe.book.note(sold.pages[0])["params"]
        key = f"again:{sold.pages[0]}"
        return self.hands.api.post(NewSession, SESSIONS, kept, key=key, account=self.account).id

    def _standing(self, session: Session, sold: Sold) -> State:
        order = session.get_one(Order, sold.id)
        payments = session.exec(select(Payment).where(Payment.order_id == sold.id)).all()
        made = [row for row in payments if row.provider_id.startswith("pi_")]
        ids = [row.id for row in made]
        refunds = session.exec(select(Refund).where(col(Refund.payment_id).in_(ids))).all()
        grant = grant_of(session, sold.id)
        of_order = select(MembershipPeriod).where(MembershipPeriod.order_id == sold.id)
        period = session.exec(of_order).one_or_none()
        return {
            "status": order.status,
            "support": order.needs_support_at is not None,
            "access": None if grant is None else grant.revoked_at is None,
            "membership": None if period is None else period.taken_back_at is None,
            "payments": sorted((row.status, row.received or 0, row.details["fee"]) for row in made),
            "refunds": sorted((row.status, row.amount) for row in refunds),
        }

    def _our_sums(self) -> Counter[tuple[str, str]]:
        sums = Counter[tuple[str, str]]()
        with self.database.transaction() as session:
            ids = [sold.id for sold in self.orders]
            for payment in session.exec(select(Payment).where(col(Payment.order_id).in_(ids))):
                if payment.status in ("confirmed", "refunded"):
                    sums["money", payment.currency] += payment.received or 0
                    sums["fee", payment.currency] += payment.details["fee"]
                refunds = select(Refund).where(Refund.payment_id == payment.id, Refund.status != "failed")
                sums["money", payment.currency] -= sum(row.amount for row in session.exec(refunds))
        return sums

    def _open(self, session: Session) -> tuple[int, list[int]]:
        now = utc_now()
        note_key(session, self.stripe.key)
        owner = new_person(session, "Seller", now=now)
        shop = open_shop(
            session, owner, name="Studio", rails=["manual"], accept_terms=True, approve_at_once=True, now=now
        )
        shop.rails, shop.card_fee_rate = ["card"], FEE_RATE
        euros, yen, month = ({"card": price} for price in PRICES)
        goods = [
            new_file(session, shop, owner, "Course", euros, now=now),
            new_file(session, shop, owner, "Workshop", yen, now=now),
            new_plan(session, shop, owner, "Month", month, now=now),
        ]
        return id_of(shop), [id_of(product) for product in goods]
