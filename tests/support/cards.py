"""A shop that takes cards: a seller with an account at the loopback Stripe, and a worker for its jobs."""

import json
import time
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, select

from core.catalogue.catalogue import prices_of
from core.jobs.single_statement import run
from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.placing import Placed, place
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.inbox import follow, is_of_account, keep, take
from core.payments.rails.stripe.objects import NewSession
from core.payments.rails.stripe.platform import mark, note_key, shop_name
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import Seller
from schemas.queue import Job
from schemas.sales import Order, Payment, PaymentEvent
from scripts.sandbox.stripe.sandbox import StripeSandbox
from scripts.sandbox.stripe.sender import sign
from tests.support import make
from tests.support.worker import Worker
from workers.services import Services

PRICE = Money(999, "EUR")
POLICY = {"web": ("card",)}
JOBS = ("open_checkout", "look_at_checkout", "handle_payment_event", "refund_card", "check_stripe_account")
NOBODY = "http://127.0.0.1:9/webhooks/stripe"  # events are handed over by the tests


class CardShop:
    """The seller's `account`, and what happens to it; events wait until they are handed over."""

    def __init__(self, services: Services, stripe: StripeSandbox) -> None:
        self.database: Database = services.database
        self.stripe = stripe
        self.worker = Worker(services)
        self.account = stripe.add_seller()
        self.secret = stripe.listen(NOBODY, connect=True)
        stripe.break_things(withhold=True)
        with self.database.transaction() as session:
            note_key(session, services.settings.stripe_secret_key)
            self.seller_id = self.open_shop(session, self.account)
        self.product_id = self.add_product()

    def open_shop(self, session: Session, account: str) -> int:
        """A shop that is paid on an account; its seller's id."""
        seller = make.seller(session)
        seller.rails = [*seller.rails, "card"]
        row = begin(session, id_of(seller), now=utc_now())
        row.account_id, row.state = account, "active"
        session.flush()
        return id_of(seller)

    def add_product(self, price: Money = PRICE) -> int:
        """A product of the shop at a price by card."""
        with self.database.transaction() as session:
            seller = session.get_one(Seller, self.seller_id)
            return id_of(make.product(session, seller, prices={"card": [price]}))

    def order(self, product_id: int | None = None, *, ttl: int = 3600) -> Placed:
        """A web order whose page of Checkout is open."""
        with self.database.transaction() as session:
            number = product_id or self.product_id
            placed = place(
                session,
                product_id=number,
                rail="card",
                currency=prices_of(session, [number])[number]["card"][0].currency,
                entry="web",
                buyer=None,
                language="en",
                policy=POLICY,
                order_ttl=ttl,
                now=utc_now(),
                idempotency_key=f"key-{time.time_ns():040d}",
            )
            session.expunge_all()
        self.work()
        return placed

    @property
    def name(self) -> str:
        """The name of the shop at Stripe."""
        with self.database.transaction() as session:
            return shop_name(session)

    def mark(self, order: Order) -> str:
        """What marks what is made at Stripe for an order."""
        return mark(self.name, order.created_at)

    def second_page(self, order: Order, *, shop: str | None = None) -> str:
        """Another page of Checkout for an order, or for that of this number of another shop, of which no row
        was written; its id."""
        number = order_number(order)
        price = {"currency": "eur", "unit_amount": order.amount, "product_data": {"name": "Course"}}
        fields: dict[str, Any] = {
            "mode": "payment",
            "client_reference_id": number,
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": {"order": number, "shop": shop or self.mark(order)},
            "expires_at": self.stripe.book.now() + 1860,
            "success_url": "https://shop.example/o/again",
        }
        api = self.worker.services.stripe
        return api.post(NewSession, SESSIONS, fields, key=f"again:{number}", account=self.account).id

    def work(self) -> None:
        """Do all jobs about cards that are due."""
        self.worker.do_all(*JOBS)

    def session_of(self, order: Order) -> str:
        """The id of an order's page of Checkout."""
        return next(name for name in self.payments(order) if name.startswith("cs_"))

    def on_two_pages(self) -> tuple[Order, tuple[str, str]]:
        """An order of a known buyer, and the two pages on which it can be paid."""
        order = self.order().order
        again = self.second_page(order)
        with self.database.transaction() as session:
            session.get_one(Order, order.id).buyer_id = id_of(make.user(session))
        return order, (self.session_of(order), again)

    def pay_twice(self) -> Order:
        """An order that a known buyer paid on two pages."""
        order, pages = self.on_two_pages()
        for page in pages:
            self.stripe.perform("pays", {"session": page})
            self.hand_over()
        return order

    def has_access(self) -> bool:
        """Whether the one thing that was bought can still be used."""
        with self.database.transaction() as session:
            return session.exec(select(Grant.revoked_at)).one() is None

    def payments(self, order: Order) -> dict[str, Payment]:
        """The payments of an order as they are now, by Stripe's id."""
        with self.database.transaction() as session:
            rows = session.exec(select(Payment).where(Payment.order_id == order.id)).all()
            session.expunge_all()
        return {row.provider_id: row for row in rows}

    def status(self, order: Order) -> str:
        """The status of an order now."""
        with self.database.transaction() as session:
            return session.exec(select(Order.status).where(Order.id == order.id)).one()

    def waiting(self) -> list[dict[str, Any]]:
        """The events that Stripe is about to send, taken out of its hands."""
        sent, self.stripe.sender.withheld = self.stripe.sender.withheld, []
        return [one.event for one in sent]

    def hand_over(self, events: Sequence[dict[str, Any]] | None = None) -> int:
        """Have events taken in as the webhook does, and applied; how many were kept."""
        kept = [self.take_in(event) for event in (self.waiting() if events is None else events)]
        self.work()
        return sum(kept)

    def take_in(self, event: dict[str, Any]) -> bool:
        """Have one event taken in as the webhook does; whether it is kept."""
        body, header = self.signed(event)
        taken = take(self.secret, body, header, now=utc_now())
        if taken is None:
            return False
        with self.database.transaction() as session:
            if is_of_account(taken):
                return follow(session, taken, now=utc_now())
            return run(session, keep(taken, body, now=utc_now())) is not None

    def signed(self, event: dict[str, Any], *, at: float | None = None) -> tuple[bytes, str]:
        """The body of an event, and the header that signs it; `at` in seconds since 1970."""
        body = json.dumps(event, indent=2).encode()
        return body, sign([self.secret], body, int(time.time() if at is None else at))

    def all_payments(self) -> list[str]:
        """Stripe's ids of all payments that are written down."""
        return [row.provider_id for row in self.rows(Payment)]

    def jobs(self, actor: str) -> list[Job]:
        """The jobs of an actor as they are now."""
        return [job for job in self.rows(Job) if job.actor == actor]

    def outcomes(self) -> dict[str, tuple[str, str]]:
        """By the events' names: their state, and what was decided."""
        with self.database.transaction() as session:
            rows = session.exec(select(PaymentEvent)).all()
            return {row.event_id: (row.state, row.outcome) for row in rows}

    def rows(self, table: type[Any]) -> list[Any]:
        """All rows of a table as they are now."""
        with self.database.transaction() as session:
            rows = list(session.exec(select(table)).all())
            session.expunge_all()
        return rows

    def product(self) -> Product:
        """The product."""
        with self.database.transaction() as session:
            product = session.get_one(Product, self.product_id)
            session.expunge_all()
        return product
