"""The kinds of job that benchmarks enqueue, and the effects that each owes, once."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session, col, select

from core.catalogue.products import create_product
from core.jobs.ledger import enqueue
from core.kit.rows import id_of, must_get
from core.people.people import set_role
from core.people.support import ask
from core.uploads.opening import Fingerprint, Wish, open_upload, rules_of
from core.uploads.parts import complete
from schemas import jobs
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import Seller, User
from scripts.bench.running_stack import RunningStack
from scripts.bench.sales import PRICES, TITLE
from scripts.bench.webhooks import place_on_web
from scripts.sandbox.telegram.driver import Person
from workers.store import S3Store

NOTICE_TEXT = "renew-not"  # any text with one free word in it
PAYLOAD = 20_000  # bytes in a seller's file

INVOICES = (
    "SELECT order_id, count(*) FROM payment WHERE order_id = ANY (:those) AND provider_id LIKE 'invoice:%' "
    "GROUP BY 1"
)
PAID = "SELECT id, 1 FROM purchase WHERE id = ANY (:those) AND paid_at IS NOT NULL"
PREVIEWS = (
    "SELECT upload.id, count(*) FROM upload JOIN asset_preview USING (asset_id) "
    "WHERE upload.id = ANY (:those) AND outcome = 'made' GROUP BY 1"
)
TAKEN = "SELECT name, count(*) FROM asset WHERE name = ANY (:those) GROUP BY 1"

_numbers = count(1)  # of messages that people write


@dataclass(frozen=True)
class Owed:
    """The effects that some jobs owe: how many of each (`each`), and how many came (`had` reads that)."""

    what: str
    each: Mapping[Any, int]
    had: Callable[[], Mapping[Any, int]]

    def compare(self) -> tuple[int, int]:
        """How many effects are missing, and how many came too often."""
        had = self.had()
        gaps = [had.get(one, 0) - times for one, times in self.each.items()]
        return sum(max(0, -gap) for gap in gaps), sum(max(0, gap) for gap in gaps)


def once(things: Iterable[Any]) -> dict[Any, int]:
    """Each of these effects, owed one time."""
    return dict.fromkeys(things, 1)


def counted(system: RunningStack, query: str, those: Sequence[Any]) -> Callable[[], dict[Any, int]]:
    """A reader of how often each of `those` stands in the database, by a query of two columns."""

    def read() -> dict[Any, int]:
        with system.database.engine.connect() as connection:
            return {one: int(times) for one, times in connection.execute(text(query), {"those": list(those)})}

    return read


def deliveries(
    system: RunningStack, buyers: Sequence[Person], asking: int, payers: Sequence[Person] = ()
) -> Owed:
    """Orders of `buyers`, all paid, and of `payers`, yet to pay; `asking` buyers want their links again."""
    sold = system.sell(buyers)
    ask_again(system, sold[:asking])
    each = once(person.id for person in (*buyers, *payers))
    each |= {person.id: 2 for person in buyers[:asking]}
    return Owed("messages with the file", each, lambda: system.telegram.remote.reached(TITLE))


def ask_again(system: RunningStack, orders: Sequence[int]) -> None:
    """Enqueue that the owners of these orders get their links again."""
    with system.database.transaction() as session:
        grants = session.exec(select(Grant.id).where(col(Grant.order_id).in_(orders))).all()
        for grant in grants:
            enqueue(session, jobs.SendLinks(grant_id=grant or 0, occasion="library"))


def hire(system: RunningStack) -> Person:
    """Add a staff member who answers questions; their account."""
    staff = system.telegram.remote.crowd(["Staff"])[0]
    with system.database.transaction() as session:
        set_role(session, staff.id, "support", actor="bench")
    return staff


def letters(system: RunningStack, people: Sequence[int], label: str) -> Owed:
    """A notification for each of these people, by Telegram id."""
    with system.database.transaction() as session:
        for user in _users(session, people):
            params: dict[str, str | int] = {"title": f"{label}notice"}
            enqueue(session, jobs.Notify(user_id=id_of(user), text=NOTICE_TEXT, params=params))
    return Owed("notices", once(people), lambda: system.telegram.remote.reached(f"{label}notice"))


def questions(system: RunningStack, staff: Person, askers: Sequence[int], number: int, label: str) -> Owed:
    """So many questions of these people, by Telegram id, to staff, in turn: each may have few open ones."""
    with system.database.transaction() as session:
        users = _users(session, askers)
        for place in range(number):
            user = users[place % len(users)]
            words = f"{label}question {place}"
            key = f"bench:{next(_numbers)}"
            ask(session, user, words, about="support", order_id=None, key=key, now=utc_now())
    return Owed("questions", {staff.id: number}, lambda: system.telegram.remote.reached(f"{label}question"))


def invoices(system: RunningStack, number: int) -> Owed:
    """So many web orders whose invoice has to be opened."""
    orders = place_on_web(system, number)
    return Owed("invoices", once(orders), counted(system, INVOICES, orders))


def payments(system: RunningStack, orders: Sequence[int]) -> Owed:
    """Web orders whose payment notices will come over HTTP."""
    return Owed("payments", once(orders), counted(system, PAID, orders))


def previews(system: RunningStack, drawer: int, number: int) -> Owed:
    """So many files of the seller's to verify and to preview, all of the product `drawer`."""
    with system.database.transaction() as session:
        uploads = [_upload(system, session, drawer) for _ in range(number)]
    return Owed("previews", once(uploads), counted(system, PREVIEWS, uploads))


def sent_files(system: RunningStack, label: str, number: int) -> Owed:
    """Files, by name, that the seller is going to send to the bot."""
    names = [f"{label}{place}.zip".replace(" ", "-") for place in range(number)]
    return Owed("files sent to the bot", once(names), counted(system, TAKEN, names))


def make_drawer(system: RunningStack) -> int:
    """Create a product that is not on sale, for files that nobody gets; its id."""
    with system.database.transaction() as session:
        product = must_get(session, Product, system.product_id, "product-unknown")
        seller = must_get(session, Seller, product.seller_id, "seller-unknown")
        drawer = create_product(
            session, seller, title="Plates", description="Scans.", prices=PRICES, now=utc_now()
        )
        return id_of(drawer)


def archive() -> bytes:
    """A small ZIP file with random content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("plate.txt", uuid4().hex * (PAYLOAD // 32))
    return buffer.getvalue()


def _users(session: Session, people: Sequence[int]) -> Sequence[User]:
    return session.exec(select(User).where(col(User.telegram_id).in_(people))).all()


def _upload(system: RunningStack, session: Session, drawer: int) -> UUID:
    """Its bytes are at the store and its multipart upload has ended there, as after a first try that did
    not live to say so."""
    product = must_get(session, Product, drawer, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "seller-unknown")
    owner = must_get(session, User, seller.user_id, "person-unknown")
    content = archive()
    mark = Fingerprint(len(content), 0, [uuid4().hex])
    name = f"plates-{mark.slices[0]}.zip"  # so that no two notices about files are the same
    wish = Wish(drawer, name, len(content), "application/zip", mark)
    upload, _ = open_upload(session, owner, wish, rules_of(system.stack.settings), now=utc_now())
    upload.store_upload_id = uuid4().hex
    S3Store(system.stack.settings).upload(upload.key, io.BytesIO(content), len(content), "application/zip")
    return complete(session, upload.id, [uuid4().hex], now=utc_now()).id
