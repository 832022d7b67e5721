"""A shop that takes cards, beside the loopback Stripe by whose clock everything happens, and who hears of it.

One world for many tellings: each has a new account of the seller's, new buyers, and the time of today.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random

from sqlmodel import Session, delete, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.placing import place
from core.payments.rails.stripe.accounts import RAIL, begin
from core.payments.rails.stripe.platform import note_key
from core.payments.rails.stripe.subscription_rows import ENDED
from core.people.sellers import open_shop
from schemas.base import utc_now
from schemas.queue import Job
from schemas.sales import Payment
from schemas.stripe import StripeAccount
from scripts.bench.card_hands import Hands, Postman
from scripts.bench.story_goods import MONTH, new_file, new_person, new_plan
from scripts.sandbox.stripe.book import Thing
from scripts.sandbox.stripe.sandbox import StripeSandbox

POLICY = {"web": ("card",)}
PRICES = (Money(999, "EUR"), Money(1500, "JPY"), Money(2500, "EUR"))
PLAN = 2  # the place of the product that is paid by the month
TRIAL = 3  # of the same, where a card may try it for nothing first
AGAIN = (PLAN, TRIAL)  # what a card is charged for again and again
FEE_RATE = 1000  # hundredths of a percent


@dataclass
class Sold:
    """An order of the story. `pages` are its pages of Checkout; the first one is that which we opened."""

    id: int
    buyer: int
    product: int
    pages: list[str] = field(default_factory=list)

    @property
    def is_double(self) -> bool:
        """Whether it has two pages."""
        return len(self.pages) > 1


class CardWorld:
    """One shop with a file in euros, one in yen, a plan of a month, and one that can be tried."""

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

    @property
    def is_tidy(self) -> bool:
        """Whether all goes as it should."""
        return self._chance is None

    def close(self) -> None:
        """Close all connections."""
        self.hands.close()

    def begin(self, seed: int | None) -> None:
        """A new telling; with a seed all goes wrong that may."""
        chance = None if seed is None else Random(seed)  # noqa: S311 (a seed gives the same again)
        self._chance = self.hands.chance = self.postman.chance = chance
        self.orders = []
        self.postman.forget()
        self._forget()
        self.account = self.stripe.add_seller()
        with self.database.transaction() as session:
            session.execute(delete(Job))  # none is done any more, and a long table makes each look longer
            for row in session.exec(select(StripeAccount).where(StripeAccount.state != "disconnected")):
                row.state = "disconnected"
                session.add(row)
            session.flush()
            row = begin(session, self._seller_id, now=utc_now())
            row.account_id, row.state = self.account, "active"

    def hear(self, *, all_jobs: bool = False) -> None:
        """Some of what has happened becomes known, and some of what is to be done is done."""
        self.postman.bring()
        self.hands.work(self._chance.randint(0, 4) if self._chance and not all_jobs else None)

    def catch_up(self) -> None:
        """All is known: what was not brought is read from Stripe, and once more, as an hour later."""
        self.postman.bring_all()
        self.hands.work()
        for _ in range(1 if self.is_tidy else 2):
            self.hands.reconcile()

    def order(self, which: int, buyer: int | None = None, *, trial: bool = False) -> Sold:
        """Somebody new, or this buyer, orders a product, or tries it; its page of Checkout is open."""
        with self.database.transaction() as session:
            if buyer is None:
                self._people += 1
                buyer = id_of(new_person(session, f"Buyer {self._people}", now=utc_now()))
            placed = place(
                session,
                product_id=self._products[which],
                rail=RAIL,
                currency=PRICES[PLAN if which == TRIAL else which].currency,
                entry="web",
                buyer=None,
                language="en",
                policy=POLICY,
                order_ttl=7200,
                now=utc_now(),
                idempotency_key=secrets.token_urlsafe(32),
                trial=trial,
            )
            placed.order.buyer_id = buyer  # as one who has claimed it
            sold = Sold(id_of(placed.order), buyer, which)
        self.hands.work()
        with self.database.transaction() as session:
            pages = select(Payment.provider_id).where(Payment.order_id == sold.id)
            sold.pages = list(session.exec(pages))
        self.orders.append(sold)
        return sold

    def now(self) -> datetime:
        """The present moment, by Stripe's clock."""
        return datetime.fromtimestamp(self.stripe.book.now(), UTC)

    def new_key(self) -> str:
        """An idempotency key of something that is not asked again."""
        return f"story:{secrets.token_hex(8)}"

    def subscription_of(self, sold: Sold) -> Thing | None:
        """What began at Stripe with an order, and goes on if anything does; None: it was paid once."""
        book = self.stripe.book
        pages = [book.get(self.account, "checkout.session", page) for page in sold.pages]
        begun = [
            book.get(self.account, "subscription", page["subscription"])
            for page in pages
            if page["subscription"]
        ]
        return next((each for each in begun if each["status"] not in ENDED), begun[0] if begun else None)

    def is_raced(self, sold: Sold) -> bool:
        """Whether what we do ourselves hangs on which of two payments is known first: of two subscriptions
        the second is ended and goes back, and an appeal wants to know what a dispute had put aside."""
        of_order = {charge["id"] for charge in self.charges(sold)} if sold.is_double else set()
        disputes = self.stripe.book.all(self.account, "dispute")
        return bool(of_order) and (
            sold.product in AGAIN or any(each["charge"] in of_order for each in disputes)
        )

    def charges(self, sold: Sold) -> list[Thing]:
        """The charges of an order, and of all that followed it by itself, that were paid; the one with most
        left first."""
        book = self.stripe.book
        sessions = [book.get(self.account, "checkout.session", page) for page in sold.pages]
        intents = {session["payment_intent"] for session in sessions} - {None}
        names = {session["subscription"] for session in sessions} - {None}
        for invoice in book.all(self.account, "invoice") if names else ():
            if invoice["parent"]["subscription_details"]["subscription"] in names:
                intents.add(book.note(invoice["id"]).get("intent"))
        charges = [
            charge
            for charge in book.all(self.account, "charge")
            if charge["payment_intent"] in intents and charge["status"] == "succeeded"
        ]
        return sorted(charges, key=lambda charge: charge["amount_refunded"] - charge["amount"])

    def _forget(self) -> None:
        """Nothing of earlier tellings is looked at again: neither what has happened nor their time."""
        book = self.stripe.book
        with book.working():
            book.shift = 0
            book.events.clear()
            for account in [account for account in book.things if account is not None]:
                del book.things[account]

    def _open(self, session: Session) -> tuple[int, list[int]]:
        now = utc_now()
        note_key(session, self.stripe.key)
        owner = new_person(session, "Seller", now=now)
        shop = open_shop(
            session, owner, name="Studio", rails=["manual"], accept_terms=True, approve_at_once=True, now=now
        )
        shop.rails, shop.card_fee_rate = ["card"], FEE_RATE
        euros, yen, month = ({"card": [price]} for price in PRICES)
        goods = [
            new_file(session, shop, owner, "Course", euros, now=now),
            new_file(session, shop, owner, "Workshop", yen, now=now),
            new_plan(session, shop, owner, "Month", month, now=now),
            new_plan(session, shop, owner, "Tried", month, replace(MONTH, trial_days=14), now=now),
        ]
        return id_of(shop), [id_of(product) for product in goods]
