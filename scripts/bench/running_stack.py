"""A whole shop for a benchmark: real processes, a file that takes no room on disk, many buyers at once."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session, select

from core.catalogue.products import add_asset, create_product
from core.jobs.push import Pusher
from core.kit.db import Database
from core.kit.money import Money
from core.kit.names import object_key
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.orders.publication import publish
from core.payments.placing import place
from core.payments.rails.stars.payments import Charge, confirm_stars, invoice_payload
from core.people.people import find_user, upsert_person
from core.people.sellers import open_shop as open_seller
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order
from scripts.embedded.nowpayments import NowPaymentsServer
from scripts.embedded.process import StackError, wait_until
from scripts.embedded.stack import Stack
from scripts.embedded.store import Store
from scripts.embedded.telegram import TelegramSandbox
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message

MIB = 1 << 20
GIB = 1 << 30
TITLE = "Analogue photography, the whole course"
FILE = "course.zip"
PRICES = {"stars": Money(500, "XTR"), "crypto": Money(999, "EUR")}
POLICY = "bot:stars,crypto;web:crypto"
"""Crypto in the bot too, so that a paid invoice leads to a message without a claim in between."""
UNHURRIED = {"TELEGRAM_RATE": "100000", "TELEGRAM_CHAT_RATE": "100000"}
"""Settings that lift our own pace of messages above anything that the machine can send."""
BATCH = 50  # rows written in one transaction
READY = 30.0  # seconds for the first delivery, with all logins in it

T = TypeVar("T")


@dataclass
class RunningStack:
    """A running stack with one seller, one product on sale, and what drives the people in it."""

    stack: Stack
    telegram: TelegramSandbox
    nowpayments: NowPaymentsServer
    database: Database
    seller: Person
    product_id: int

    def crowd(self, count: int) -> list[Person]:
        """Add so many people who have met the bot and stand in the database."""
        people = self.telegram.remote.crowd([f"Buyer {number}" for number in range(count)])
        self._each(people, _meet)
        return people

    def sell(self, buyers: Sequence[Person]) -> list[int]:
        """Let each buyer order the product and pay in Stars; the orders' ids."""
        return self._each(buyers, self._buy)

    def place(self, buyers: Sequence[Person], rail: str) -> list[int]:
        """Let each buyer order the product in the bot, unpaid; the orders' ids."""
        return self._each(buyers, lambda session, person: id_of(self._order(session, person, rail)))

    def delivered(self) -> int:
        """How many orders are delivered."""
        return self.statuses().get("delivered", 0)

    def statuses(self) -> dict[str, int]:
        """How many orders are in each state."""
        with self.database.engine.connect() as connection:
            rows = connection.execute(text("SELECT status, count(*) FROM purchase GROUP BY status"))
            return {status: int(count) for status, count in rows}

    def busy(self, *queues: str) -> int:
        """How many jobs of these queues have not ended."""
        query = text(
            "SELECT count(*) FROM job WHERE queue = ANY (:queues) AND state IN ('queued', 'running')"
        )
        with self.database.engine.connect() as connection:
            return int(connection.execute(query, {"queues": list(queues)}).scalar_one())

    def undelivered(self, buyers: Sequence[Person]) -> int:
        """How many orders of these people are not paid or not delivered yet."""
        query = text(
            "SELECT count(*) FROM purchase JOIN person ON person.id = purchase.buyer_id"
            " WHERE person.telegram_id = ANY (:numbers) AND status IN ('created', 'awaiting_payment', 'paid')"
        )
        with self.database.engine.connect() as connection:
            return int(connection.execute(query, {"numbers": [buyer.id for buyer in buyers]}).scalar_one())

    def wait_delivered(self, buyers: Sequence[Person], seconds: float, left: int = 0) -> None:
        """Wait until all but `left` orders of these people are delivered, whatever others buy.

        Raises `StackError` when it takes longer.
        """
        wait_until(lambda: self.undelivered(buyers) <= left, seconds, "orders were not delivered")

    def link(self, person: Person) -> str:
        """The newest download link in a person's chat."""
        return next(link for message in reversed(person.chat) for link in links_in(message))

    def warm(self) -> str:
        """Sell and deliver once, so that all processes are logged in and have imported all; the link."""
        buyer = self.crowd(1)[0]
        self.sell([buyer])
        self.wait_delivered([buyer], READY)
        return self.link(buyer)

    def _each(self, people: Sequence[Person], act: Callable[[Session, Person], T]) -> list[T]:
        done: list[T] = []
        for start in range(0, len(people), BATCH):
            with self.database.transaction() as session:
                done += [act(session, person) for person in people[start : start + BATCH]]
        return done

    def _order(self, session: Session, person: Person, rail: str) -> Order:
        policy, ttl = parse_policy(POLICY), self.stack.settings.order_ttl
        return place(
            session,
            product_id=self.product_id,
            rail=rail,
            entry="bot",
            policy=policy,
            buyer=_known(session, person),
            language="en",
            order_ttl=ttl,
            now=utc_now(),
        ).order

    def _buy(self, session: Session, person: Person) -> int:
        order = self._order(session, person, "stars")
        charge = Charge(
            charge_id=f"charge-{order.id}",
            payload=invoice_payload(order),
            amount=order.amount,
            currency=order.currency,
        )
        confirm_stars(session, charge, _known(session, person), now=utc_now())
        return id_of(order)


@contextmanager
def running_stack(
    environment: Mapping[str, str], *, size: int = 10 * GIB, folder: Path | None = None, fsync: bool = True
) -> Iterator[RunningStack]:
    """Start a stack that sells a sparse file of `size` bytes. Its data go when the block ends."""
    with ExitStack() as resources:
        if folder is None:
            folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="comptoir-bench-")))
        telegram = TelegramSandbox(folder / "telegram", folder / "telegram.log")
        nowpayments = NowPaymentsServer(folder / "nowpayments", folder / "nowpayments.log")
        settings = {"SELLERS_OPEN": "yes", "RAIL_POLICY": POLICY, "LOG_LEVEL": "warning", **environment}
        stack = resources.enter_context(
            Stack(folder / "var", settings, extras=[telegram, nowpayments], fsync=fsync)
        )
        database = Database(stack.settings.database_url, pool_size=2)
        resources.callback(database.dispose)
        pusher = Pusher(stack.settings.redis_url)
        resources.callback(pusher.close)
        database.after_commit = pusher.flush
        seller = telegram.remote.crowd(["Alice"])[0]
        with database.transaction() as session:
            on_sale = session.exec(select(Product.id)).first()
            product_id = on_sale or _put_on_sale(session, stack, seller, size)
        yield RunningStack(stack, telegram, nowpayments, database, seller, product_id)


def links_in(message: Message) -> list[str]:
    """The download links that a message shows."""
    links = [*message.links, *(button.value for button in message.buttons if button.kind == "url")]
    return [link for link in links if "/d/" in link]


def object_path(stack: Stack, object_name: str) -> Path:
    """The path of an object's file in the embedded store's folder."""
    store = stack.parts["store"]
    if not isinstance(store, Store):
        raise StackError("This needs the embedded store. Remove S3_ENDPOINT from the environment.")
    return store.data / store.bucket / object_name


def _put_on_sale(session: Session, stack: Stack, person: Person, size: int) -> int:
    now = utc_now()
    owner = _meet(session, person)
    owner_shop = open_seller(
        session, owner, name="Studio", rails=list(PRICES), accept_terms=True, approve_at_once=True, now=now
    )
    product = create_product(
        session, owner_shop, title=TITLE, description="Twelve lessons.", prices=PRICES, now=now
    )
    name = object_key(id_of(owner_shop), uuid4(), FILE)
    path = object_path(stack, name)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(size)
    add_asset(
        session,
        product,
        key=name,
        name=FILE,
        size=size,
        content_type="application/zip",
        sha256="0" * 64,
        now=now,
    )
    publish(session, id_of(product), actor_user=owner, now=now)
    return id_of(product)


def _meet(session: Session, person: Person) -> User:
    return upsert_person(
        session,
        telegram_id=person.id,
        name=person.name,
        username=None,
        language_code="en",
        now=utc_now(),
    )


def _known(session: Session, person: Person) -> User:
    user = find_user(session, person.id)
    if user is None:
        raise LookupError(f"{person.name} has not met the bot: get people from Shop.crowd")
    return user
