"""What a sale in Stars and a click cost the database: SQL statements, reads and commits of each step.

The rules are called in one process, each step as the process that takes it calls them, and every statement
that psycopg sends is counted. What a worker adds to claim and finish a job is not in it.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import uuid4

import psycopg
from sqlmodel import Session

from core.catalogue.products import add_asset, create_product
from core.jobs.single_statement import Statement, run
from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.delivery import mark_delivered
from core.orders.delivery_contents import DeliveryContents, LinkOptions, pack_order
from core.orders.download_links import count_click, open_link
from core.orders.presigning import leave_to_sign
from core.orders.publication import publish
from core.payments.payment_events import handle_event
from core.payments.placing import place
from core.payments.rails.stars.events import StarsEvent, keep, keep_question, note_answer
from core.payments.rails.stars.invoices import stars_invoice
from core.payments.rails.stars.payments import precheck
from core.people.people import upsert_person, user_of
from core.people.sellers import open_shop
from core.ports import StarsInvoice
from core.process.migrate import upgrade
from core.wiring import connect
from schemas.base import utc_now
from schemas.people import User
from scripts.bench.report import Report
from scripts.embedded.postgres import Postgres

POLICY = {"bot": ("stars",)}
PRICE = {"stars": [Money(500, "XTR")]}
SECRET = "00" * 32
LINKS = LinkOptions(secret=SECRET, ttl=86_400, max_downloads=0, direct=False)

BUYER = 7  # Telegram id

T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """What one step sent to the database."""

    statements: int
    reads: int
    commits: int


@dataclass
class Counter:
    """Counts what psycopg sends while a step runs."""

    costs: dict[str, Cost] = field(default_factory=dict)
    _sent: list[str] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look at every statement and commit of this process until the block ends."""
        execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

        def counted_execute(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
            self._sent.append(str(query).split(maxsplit=1)[0].upper())
            return execute(cursor, query, *arguments, **options)

        def counted_commit(connection: Any) -> None:
            self._sent.append("COMMIT")
            commit(connection)

        with (
            patch.object(psycopg.Cursor, "execute", counted_execute),
            patch.object(psycopg.Connection, "commit", counted_commit),
        ):
            yield

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Do a step, and keep what it cost."""
        self._sent.clear()
        outcome = work()
        commits = self._sent.count("COMMIT")
        self.costs[name] = Cost(len(self._sent) - commits, self._sent.count("SELECT"), commits)
        return outcome


def measure() -> Report:
    """Sell one file for Stars, deliver it, and follow its link once."""
    connect()
    report, counter = Report("statements"), Counter()
    with scratch_database() as database, counter.watching():
        _click(counter, database, _sale(counter, database))
    for name, cost in counter.costs.items():
        report.facts[name] = {"statements": cost.statements, "reads": cost.reads, "commits": cost.commits}
    total = sum(cost.statements for cost in counter.costs.values())
    report.at_most("a sale in Stars and a click: SQL statements", 47, total, "")
    return report


def _sale(counter: Counter, database: Database) -> str:
    """Up to the message with the links; the token of the first."""
    product_id, buyer_id = _in(database, _seed)
    order_id, invoice = counter.step(
        "buy is pressed", lambda: _in(database, lambda session: _order(session, product_id, buyer_id))
    )
    counter.step("the question is kept", lambda: _in(database, _keep_question))
    counter.step("the question is answered", lambda: _in(database, lambda s: _answer(s, buyer_id, invoice)))
    event = StarsEvent(
        telegram_id=BUYER,
        payload=invoice.payload,
        charge_id="charge",
        amount=invoice.stars,
        currency="XTR",
        name="Buyer",
    )
    stored = counter.step(
        "the payment is kept", lambda: _in(database, lambda s: keep(s, event, event.event_id, now=utc_now()))
    )
    assert stored is not None, "it is the first"
    counter.step(
        "the payment is applied", lambda: _in(database, lambda s: handle_event(s, stored, now=utc_now()))
    )
    contents = counter.step("links are made", lambda: _pack(database, order_id))
    assert contents is not None, "the order is paid"
    counter.step(
        "the order is delivered", lambda: _in(database, lambda s: mark_delivered(s, order_id, now=utc_now()))
    )
    return contents.files[0].token


def _click(counter: Counter, database: Database, token: str) -> None:
    link = counter.step("the link is opened", lambda: _one(database, open_link(token, now=utc_now())))
    leave = leave_to_sign(link.link_id, correlation_id="", now=utc_now())
    counter.step("leave to sign is given", lambda: _one(database, leave))
    count = count_click(link.link_id, client="bench", now=utc_now())
    counter.step("the click is counted", lambda: _one(database, count))


def _seed(session: Session) -> tuple[int, int]:
    """A product on sale, and somebody who may buy it."""
    now = utc_now()
    owner = _person(session, 6, "Seller")
    seller = open_shop(
        session, owner, name="Studio", rails=["stars"], accept_terms=True, approve_at_once=True, now=now
    )
    product = create_product(session, seller, title="Course", description="", prices=PRICE, now=now)
    add_asset(
        session,
        product,
        key="uploads/1/course.zip",
        name="course.zip",
        size=1,
        content_type="application/zip",
        sha256=None,
        now=now,
    )
    publish(session, id_of(product), actor_user=owner, now=now)
    return id_of(product), id_of(_person(session, BUYER, "Buyer"))


def _person(session: Session, telegram_id: int, name: str) -> User:
    return upsert_person(
        session, telegram_id=telegram_id, name=name, username=None, language_code="en", now=utc_now()
    )


def _order(session: Session, product_id: int, buyer_id: int) -> tuple[int, StarsInvoice]:
    order = place(
        session,
        product_id=product_id,
        rail="stars",
        currency="XTR",
        entry="bot",
        buyer=user_of(session, buyer_id),
        language="en",
        policy=POLICY,
        order_ttl=3600,
        now=utc_now(),
    ).order
    return id_of(order), stars_invoice(session, order, "en")


def _keep_question(session: Session) -> None:
    keep_question(session, "query", b"{}", BUYER, now=utc_now())


def _answer(session: Session, buyer_id: int, invoice: StarsInvoice) -> None:
    buyer = user_of(session, buyer_id)
    precheck(
        session, payload=invoice.payload, user=buyer, amount=invoice.stars, currency="XTR", now=utc_now()
    )
    note_answer(session, "query", "agreed", now=utc_now())


def _pack(database: Database, order_id: int) -> DeliveryContents | None:
    with database.statements() as session:
        return pack_order(session, order_id, identity=uuid4(), options=LINKS, now=utc_now())


def _in(database: Database, work: Callable[[Session], T]) -> T:
    with database.transaction() as session:
        return work(session)


def _one(database: Database, statement: Statement[T]) -> T:
    with database.statements() as session:
        return run(session, statement)


@contextmanager
def scratch_database() -> Iterator[Database]:
    """A database with all tables on a server of its own, gone at the end of the block."""
    with scratch_address() as url:
        database = Database(url)
        yield database
        database.dispose()


@contextmanager
def scratch_address() -> Iterator[str]:
    """The address of such a database."""
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        server = Postgres(Path(name) / "data", Path(name) / "log", fsync=False)
        try:
            server.start()
            upgrade(server.url)
            yield server.url
        finally:
            server.stop()
