"""Jobs of all kinds at once, and what has to come of each of them, once.

A batch is people who bought and are owed their file, owners who ask for their links again, questions to
staff, notices, web orders that want an invoice, sellers' files to verify and to preview, and upkeep. Two
kinds come while it is worked off, as they do in life: payments that NOWPayments tells of over HTTP, again
until it is answered 2xx, and people who pay the bot in Stars.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from pyrogram.types import LabeledPrice
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from core.ledger import enqueue, pause, resume
from core.payments import invoice_payload
from core.people import set_role
from core.products import create_product
from core.rows import key, must_get
from core.support import ask
from core.uploads.opening import Fingerprint, Wish, open_upload, rules_of
from core.uploads.parts import complete
from schemas import jobs
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.contracts import QUEUES, JobContract
from schemas.people import Seller, User
from schemas.sales import Order
from scripts.bench.arrivals import pay, post, spread
from scripts.bench.load import Request
from scripts.bench.shop import PRICES, TITLE, Shop, object_path
from scripts.bench.webhooks import notices_of, place_on_web
from scripts.sandbox.telegram.driver import Person
from workers.telegram.client import Connection

SHARES = {
    "send_links": 0.10,
    "notify": 0.20,
    "relay_support": 0.05,
    "open_invoice": 0.10,
    "verify_upload": 0.02,  # each of them asks for a preview
    "upkeep": 0.03,
    "notices": 0.10,
    "payers": 0.02,
}
"""Of a batch; the rest are deliveries."""
UPKEEP: tuple[type[JobContract], ...] = (
    jobs.ExpireOrders,
    jobs.RetryUndelivered,
    jobs.PollInvoices,
    jobs.SweepUploads,
)
SHORT = TITLE.partition(",")[0]  # a heading of an invoice has at most 32 characters
NOTICE_TEXT = "renew-not"  # any text with one free word in it
AT_ONCE = 16  # notices and payments under way
CALL = 10.0  # seconds for one call to Telegram
PAYLOAD = 20_000  # bytes in a file to verify

UNDONE = text(
    "SELECT count(*) FROM job WHERE created_at >= :since AND state IN ('queued', 'running') "
    "AND due_at < clock_timestamp() + interval '1 day'"
)
STATES = text(
    "SELECT actor, state, count(*) FROM job WHERE created_at >= :since AND actor <> 'poison' GROUP BY 1, 2"
)
INVOICES = text(
    "SELECT order_id, count(*) FROM payment WHERE order_id = ANY (:orders) AND provider_id LIKE 'invoice:%' "
    "GROUP BY 1"
)
PAID = text("SELECT count(*) FROM purchase WHERE id = ANY (:orders) AND paid_at IS NOT NULL")
PREVIEWS = text(
    "SELECT count(*) FROM upload JOIN asset_preview USING (asset_id) "
    "WHERE upload.id = ANY (:uploads) AND outcome = 'made'"
)


@dataclass
class Batch:
    """What was asked for, and by whom. `readers` by how many messages with the title they are to get."""

    label: str
    since: Any
    readers: dict[int, int] = field(default_factory=dict)
    told: list[Person] = field(default_factory=list)
    questions: int = 0
    web_orders: list[int] = field(default_factory=list)
    uploads: list[UUID] = field(default_factory=list)
    notices: list[Request] = field(default_factory=list)
    noticed: list[int] = field(default_factory=list)
    invoices: list[tuple[Person, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """How many effects are missing and how many came twice, by kind; only what is not zero."""

    lost: dict[str, int]
    twice: dict[str, int]


class Works:
    """A shop with what all kinds of job need; makes batches of them and judges what came of them."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.telegram = Connection(shop.stack.settings, shop.database)
        self.staff = shop.telegram.remote.crowd(["Staff"])[0]
        self._repeated = 0
        self._batches = 0
        self._numbers = count(1)  # of messages that people write
        with shop.database.transaction() as session:
            set_role(session, self.staff.id, "support", actor="bench")
            self._drawer = _drawer(session, shop)

    def close(self) -> None:
        """Log out of Telegram."""
        self.telegram.close()

    def hold(self) -> None:
        """Let all queues wait."""
        with self.shop.database.transaction() as session:
            for queue in QUEUES:
                pause(session, queue, "bench")

    def release(self) -> None:
        """Let them work."""
        with self.shop.database.transaction() as session:
            for queue in QUEUES:
                resume(session, queue)

    def seed(self, number: int) -> Batch:
        """So many jobs, waiting: all queues are held until `release`."""
        self._batches += 1
        self._repeated = len(self.shop.telegram.remote.duplicates())
        size = {kind: max(1, round(number * share)) for kind, share in SHARES.items()}
        people = self.shop.crowd(max(number - sum(size.values()), size["send_links"]))
        asking, payers = self.shop.crowd(size["notify"]), self.shop.crowd(size["payers"])
        batch = Batch(f"Batch {self._batches}-", utc_now())
        batch.noticed = place_on_web(self.shop, size["notices"])
        batch.notices = notices_of(self.shop, batch.noticed)
        batch.invoices = self._invoices(payers)
        self.hold()
        sold = self.shop.sell(people)
        batch.readers = {person.id: 1 for person in (*people, *payers)}
        again = people[: size["send_links"]]
        self._ask_again(sold[: len(again)])
        batch.readers |= {person.id: 2 for person in again}
        batch.told, batch.questions = asking, size["relay_support"]
        self._write_to([person.id for person in asking], batch.label, batch.questions)
        batch.web_orders = place_on_web(self.shop, size["open_invoice"])
        with self.shop.database.transaction() as session:
            batch.uploads = [self._upload(session) for _ in range(size["verify_upload"])]
            for number in range(size["upkeep"]):
                enqueue(session, UPKEEP[number % len(UPKEEP)]())
        return batch

    def live(self, batch: Batch, pool: ThreadPoolExecutor, seconds: float) -> Callable[[], None]:
        """Let notices and payments come within so many seconds; what it returns waits for their end. One
        that is never taken is missed by `judge`."""
        notices = spread(pool, batch.notices, seconds, partial(post, self.shop.stack.url))
        payments = spread(pool, batch.invoices, seconds, pay)

        def wait() -> None:
            for done in (*notices, *payments):
                done.result()

        return wait

    def undone(self, batch: Batch) -> int:
        """How many jobs of this batch, and what they led to, have not ended; all, while nobody can say."""
        try:
            with self.shop.database.engine.connect() as connection:
                return int(connection.execute(UNDONE, {"since": batch.since}).scalar_one())
        except OperationalError:
            return len(batch.readers)

    def judge(self, batch: Batch) -> Verdict:
        """Compare what is there with what was asked for."""
        reached, lost, twice = self.shop.telegram.remote.reached, {}, {}
        letters, asked = reached(TITLE), reached(f"{batch.label}question")
        wanted = [
            ("messages with the file", batch.readers, letters),
            ("notices", {person.id: 1 for person in batch.told}, reached(f"{batch.label}notice")),
            ("questions", {self.staff.id: batch.questions}, asked),
        ]
        with self.shop.database.engine.connect() as connection:
            states = connection.execute(STATES, {"since": batch.since}).all()
            rows = connection.execute(INVOICES, {"orders": batch.web_orders})
            invoices = {int(order): int(times) for order, times in rows}
            paid = connection.execute(PAID, {"orders": batch.noticed}).scalar_one()
            previews = connection.execute(PREVIEWS, {"uploads": batch.uploads}).scalar_one()
        wanted.append(("invoices", dict.fromkeys(batch.web_orders, 1), invoices))
        for what, owed, had in wanted:
            lost[what] = sum(max(0, times - had.get(who, 0)) for who, times in owed.items())
            twice[what] = sum(max(0, had.get(who, 0) - times) for who, times in owed.items())
        lost["payments"] = len(batch.noticed) - paid
        lost["previews"] = len(batch.uploads) - previews
        for actor, state, times in states:
            if state != "done":
                lost[f"{actor} {state}"] = times
        twice["same message"] = len(self.shop.telegram.remote.duplicates()) - self._repeated
        return Verdict(_found(lost), _found(twice))

    def kinds(self, batch: Batch) -> dict[str, int]:
        """How many jobs of each kind there were."""
        kinds: dict[str, int] = {}
        with self.shop.database.engine.connect() as connection:
            for actor, _, times in connection.execute(STATES, {"since": batch.since}):
                kinds[actor] = kinds.get(actor, 0) + times
        return dict(sorted(kinds.items()))

    def _invoices(self, payers: Sequence[Person]) -> list[tuple[Person, str]]:
        orders = self.shop.place(payers, "stars")
        with self.shop.database.transaction() as session:
            payloads = [invoice_payload(must_get(session, Order, order, "order-unknown")) for order in orders]
        return [(person, self._invoice(item)) for person, item in zip(payers, payloads, strict=True)]

    def _invoice(self, payload: str) -> str:
        async def work(client: Any) -> str:
            price = [LabeledPrice(SHORT, PRICES["stars"].amount)]
            return str(await client.create_invoice_link(SHORT, TITLE, payload, "XTR", price))

        return self.telegram.call(work, CALL)

    def work_second(
        self, people: Sequence[int], *, sold: int, linked: int, asked: int, invoiced: int, label: str
    ) -> None:
        """A second's work of a steady day: sales, links again, questions, web orders, and a notice to each of
        `people`, by Telegram id."""
        orders = self.shop.sell(self.shop.crowd(sold))
        self._ask_again(orders[:linked])
        place_on_web(self.shop, invoiced)
        self._write_to(people, label, asked)

    def _ask_again(self, orders: Sequence[int]) -> None:
        with self.shop.database.transaction() as session:
            grants = session.exec(select(Grant.id).where(col(Grant.order_id).in_(orders))).all()
            for grant in grants:
                enqueue(session, jobs.SendLinks(grant_id=grant or 0, occasion="library"))

    def _write_to(self, people: Sequence[int], label: str, questions: int) -> None:
        with self.shop.database.transaction() as session:
            users = session.exec(select(User).where(col(User.telegram_id).in_(people))).all()
            for user in users:
                params: dict[str, str | int] = {"title": f"{label}notice"}
                enqueue(session, jobs.Notify(user_id=key(user), text=NOTICE_TEXT, params=params))
            for number in range(questions):
                words = f"{label}question {number}"
                ask(session, users[0], words, about="support", order_id=None, message_id=next(self._numbers))

    def _upload(self, session: Session) -> UUID:
        """A file of the seller's whose bytes are at the store and whose multipart upload has ended there, as
        after a first try that did not live to say so."""
        product = must_get(session, Product, self._drawer, "product-unknown")
        seller = must_get(session, Seller, product.seller_id, "seller-unknown")
        owner = must_get(session, User, seller.user_id, "person-unknown")
        content = _archive()
        mark = Fingerprint(len(content), 0, [uuid4().hex])
        name = f"plates-{mark.slices[0]}.zip"  # so that no two notices about files are the same
        wish = Wish(self._drawer, name, len(content), "application/zip", mark)
        upload, _ = open_upload(session, owner, wish, rules_of(self.shop.stack.settings), now=utc_now())
        upload.store_upload_id = uuid4().hex
        path = object_path(self.shop.stack, upload.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return complete(session, upload.id, [uuid4().hex], now=utc_now()).id


def _drawer(session: Session, shop: Shop) -> int:
    """A product that is not on sale, for files that nobody gets."""
    product = must_get(session, Product, shop.product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "seller-unknown")
    drawer = create_product(
        session, seller, title="Plates", description="Scans.", prices=PRICES, now=utc_now()
    )
    return key(drawer)


def _archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("plate.txt", uuid4().hex * (PAYLOAD // 32))
    return held.getvalue()


def _found(counts: dict[str, int]) -> dict[str, int]:
    return {what: count for what, count in counts.items() if count}
