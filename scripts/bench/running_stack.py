"""A whole shop for a benchmark: real processes, a real file in the store, many buyers at once."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlmodel import Session, select

from core.jobs.push import Pusher
from core.kit.db import Database
from core.kit.rows import id_of
from core.process.limits import LIMITS, OPEN
from core.wiring import connect
from schemas.catalogue import Product
from scripts.bench.sales import POLICY, meet, pay_order, place_order, put_on_sale
from scripts.embedded.nowpayments import NowPaymentsServer
from scripts.embedded.process import wait_until
from scripts.embedded.stack import Stack
from scripts.embedded.store_cluster import StoreCluster
from scripts.embedded.telegram import TelegramSandbox
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message

MIB = 1 << 20
GIB = 1 << 30
UNLIMITED = ";".join(f"{limit.name}=off" for limit in LIMITS if limit is not OPEN)
"""What a benchmark sets: all its people come from one address, and do in a minute what people do in a day."""
UNHURRIED = {"TELEGRAM_RATE": "100000", "TELEGRAM_CHAT_RATE": "100000"}
"""Settings that lift our own pace of messages above anything that the machine can send."""
BATCH = 50  # rows written in one transaction
READY = 30.0  # seconds for the first delivery, with all logins in it

T = TypeVar("T")


@dataclass
class RunningStack:
    """A running stack with one seller, one product on sale, and what drives the people in it.

    `beside` holds the servers that a fault has started; they end before the stack does.
    """

    stack: Stack
    telegram: TelegramSandbox
    nowpayments: NowPaymentsServer
    database: Database
    seller: Person
    product_id: int
    beside: ExitStack

    def crowd(self, count: int) -> list[Person]:
        """Add so many people who have met the bot and stand in the database."""
        people = self.telegram.remote.crowd([f"Buyer {number}" for number in range(count)])
        self._each(people, meet)
        return people

    def sell(self, buyers: Sequence[Person]) -> list[int]:
        """Let each buyer order the product and pay in Stars; the orders' ids."""
        return self._each(buyers, self._buy)

    def place(self, buyers: Sequence[Person], rail: str) -> list[int]:
        """Let each buyer order the product in the bot, unpaid; the orders' ids."""
        return self._each(buyers, lambda session, person: self._order(session, person, rail))

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

    def _order(self, session: Session, person: Person, rail: str) -> int:
        ttl = self.stack.settings.order_ttl
        return id_of(place_order(session, self.product_id, person, rail, ttl))

    def _buy(self, session: Session, person: Person) -> int:
        order = place_order(session, self.product_id, person, "stars", self.stack.settings.order_ttl)
        pay_order(session, order, person)
        return id_of(order)


@contextmanager
def running_stack(
    environment: Mapping[str, str],
    *,
    size: int = MIB,
    folder: Path | None = None,
    fsync: bool = True,
    control_group: Path | None = None,
    store: StoreCluster | None = None,
) -> Iterator[RunningStack]:
    """Start a stack that sells a file of `size` bytes. Its data go when the block ends.

    `store` takes the place of the stack's own. Servers and roles join `control_group`; the stand-ins for
    Telegram and NOWPayments do not.
    """
    connect()  # this process places orders itself, so many at once
    with ExitStack() as resources:
        if folder is None:
            folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="comptoir-bench-")))
        telegram = TelegramSandbox(folder / "telegram", folder / "telegram.log")
        nowpayments = NowPaymentsServer(folder / "nowpayments", folder / "nowpayments.log")
        settings = {
            "SELLERS_OPEN": "yes",
            "RAIL_POLICY": POLICY,
            "LOG_LEVEL": "warning",
            "LIMITS": UNLIMITED,
            "API_CONNECTIONS": "8192",
            "API_CONNECTIONS_PER_ADDRESS": "0",
            # One child for all queues, as on a small host, where whoever measures asks for it.
            "WORKER_GROUPS": os.environ.get("WORKER_GROUPS", ""),
            **(store.environment if store else {}),
            **environment,
        }
        stack = resources.enter_context(
            Stack(
                folder / "var",
                settings,
                extras=[telegram, nowpayments, *([store] if store else [])],
                fsync=fsync,
                control_group=control_group,
            )
        )
        database = Database(stack.settings.database_url, pool_size=2)
        resources.callback(database.dispose)
        pusher = Pusher(stack.settings.redis_url)
        resources.callback(pusher.close)
        database.after_commit = pusher.flush
        seller = telegram.remote.crowd(["Alice"])[0]
        with database.transaction() as session:
            on_sale = session.exec(select(Product.id)).first()
            product_id = on_sale or put_on_sale(session, stack, seller, size)
        beside = resources.enter_context(ExitStack())
        yield RunningStack(stack, telegram, nowpayments, database, seller, product_id, beside)


def links_in(message: Message) -> list[str]:
    """The download links that a message shows."""
    links = [*message.links, *(button.value for button in message.buttons if button.kind == "url")]
    return [link for link in links if "/d/" in link]
