"""Jobs of all kinds at once, and a check that each had its effect exactly once.

A batch is people who bought and are owed their file, owners who ask for their links again, questions to
staff, notices, web orders that want an invoice, sellers' files to verify and to preview, refunds, people who
bought their way into a channel, members whose time is over, and upkeep. Three kinds come while it is worked
off, as they do in life: payments that NOWPayments tells of over HTTP, again until it is answered 2xx, people
who pay the bot in Stars, and files that the seller sends to it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.jobs.ledger import enqueue, pause, resume
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.contracts import QUEUES
from scripts.bench import mixed_kinds as kinds
from scripts.bench import mixed_members as members
from scripts.bench.arrivals import pay, post, spread
from scripts.bench.members_channel import PaidChannel, open_paid_channel
from scripts.bench.mixed_kinds import Owed
from scripts.bench.running_stack import MIB, UNHURRIED, running_stack
from scripts.bench.upkeep import UPKEEP
from scripts.bench.webhooks import notices_of, place_on_web
from scripts.embedded.process import wait_until
from scripts.sandbox.mail import HOST, MailServer, mail_server
from scripts.sandbox.telegram.driver import Person

SHARES = {
    "send_links": 0.10,
    "notify": 0.20,
    "relay_support": 0.05,
    "open_invoice": 0.10,
    "verify_upload": 0.02,  # each of them asks for a preview
    "refund_stars": 0.01,
    "admit": 0.04,
    "expire_member": 0.04,  # each leads to a removal, a notice and a mail
    "upkeep": 0.02,
    "notices": 0.10,
    "payers": 0.02,
    "take_telegram_file": 0.004,
}
"""Of a batch; the rest are deliveries."""
AT_ONCE = 16  # notices, payments and files under way
PAYING = 60.0  # seconds until what is to be refunded has been delivered
MAIL_FROM = "shop@mail.test"

UNDONE = text(
    "SELECT count(*) FROM job WHERE created_at >= :since AND state IN ('queued', 'running') "
    "AND due_at < clock_timestamp() + interval '1 day'"
)
LEFT = text(
    "SELECT actor, state, attempt, failures, lost, extract(epoch FROM due_at - clock_timestamp()) AS due_in, "
    "extract(epoch FROM lease_until - clock_timestamp()) AS lease_left, error_class, error_message FROM job "
    "WHERE created_at >= :since AND state IN ('queued', 'running') "
    "AND due_at < clock_timestamp() + interval '1 day' ORDER BY id LIMIT 20"
)
# What waits for a day far away, as a member's end does, is as it should be.
STATES = text(
    "SELECT actor, state, count(*) FROM job WHERE created_at >= :since AND actor <> 'poison' "
    "AND NOT (state = 'queued' AND due_at > clock_timestamp() + interval '1 day') GROUP BY 1, 2"
)


@dataclass
class Batch:
    """A set of jobs, the effects that they owe, and what else arrives while they run."""

    since: datetime
    repeated: int
    owed: list[Owed] = field(default_factory=list)
    arrivals: list[tuple[Sequence[Any], Callable[[Any], object]]] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """How many effects are missing and how many came twice, by kind; only what is not zero."""

    lost: dict[str, int]
    twice: dict[str, int]


class Workload:
    """A running shop with all that every kind of job needs; makes batches of jobs and judges them."""

    def __init__(self, paid_channel: PaidChannel, mail: MailServer) -> None:
        self.system = paid_channel.system
        self.paid_channel, self.mail = paid_channel, mail
        self.staff, self.drawer = kinds.hire(self.system), kinds.make_drawer(self.system)
        self._batches = 0

    def hold(self) -> None:
        """Pause all queues."""
        with self.system.database.transaction() as session:
            for queue in QUEUES:
                pause(session, queue, "bench")

    def release(self) -> None:
        """Let all queues go on."""
        with self.system.database.transaction() as session:
            for queue in QUEUES:
                resume(session, queue)

    def seed(self, number: int) -> Batch:
        """Enqueue so many jobs of all kinds; the queues are held until `release`."""
        self._batches += 1
        label = f"Batch {self._batches}-"
        size = {kind: max(1, round(number * share)) for kind, share in SHARES.items()}
        system = self.system
        buyers = system.crowd(max(number - sum(size.values()), size["send_links"]))
        asking, payers = system.crowd(size["notify"]), system.crowd(size["payers"])
        batch = Batch(utc_now(), len(system.telegram.remote.duplicates()))
        noticed = place_on_web(system, size["notices"])
        notices = notices_of(system, noticed)
        bills = self.paid_channel.invoices_of(system.place(payers, "stars"))
        charges = self._pay(system.crowd(size["refund_stars"]))
        self.hold()
        files = kinds.sent_files(system, label, size["take_telegram_file"])
        batch.owed = [
            kinds.deliveries(system, buyers, size["send_links"], payers),
            kinds.letters(system, [person.id for person in asking], label),
            kinds.questions(
                system, self.staff, [person.id for person in asking], size["relay_support"], label
            ),
            kinds.invoices(system, size["open_invoice"]),
            kinds.payments(system, noticed),
            kinds.previews(system, self.drawer, size["verify_upload"]),
            self._refund(charges),
            members.bought(self.paid_channel, system.crowd(size["admit"])),
            *members.ending(self.paid_channel, self.mail, size["expire_member"]),
            files,
        ]
        batch.arrivals = [
            (notices, partial(post, system.stack.url)),
            (list(zip(payers, bills, strict=True)), pay),
            (list(files.each), lambda name: system.seller.sends_document(kinds.archive(), name)),
        ]
        self._seed_upkeep(size["upkeep"])
        return batch

    def _seed_upkeep(self, count: int) -> None:
        with self.system.database.transaction() as session:
            for place in range(count):
                enqueue(session, UPKEEP[place % len(UPKEEP)]())

    def live(self, batch: Batch, pool: ThreadPoolExecutor, seconds: float) -> Callable[[], None]:
        """Let the batch's arrivals come within so many seconds; the returned function waits for their end.

        A notice or a payment that is never taken is missed by `judge`.
        """
        arriving = [done for things, act in batch.arrivals for done in spread(pool, things, seconds, act)]

        def wait() -> None:
            for done in arriving:
                done.result()

        return wait

    def undone(self, batch: Batch) -> int:
        """How many jobs of this batch, with those that they led to, have not ended.

        All of them while the database does not answer.
        """
        try:
            with self.system.database.engine.connect() as connection:
                return int(connection.execute(UNDONE, {"since": batch.since}).scalar_one())
        except OperationalError:
            return sum(len(owed.each) for owed in batch.owed)

    def left(self, batch: Batch) -> list[dict[str, Any]]:
        """The first of the jobs that have not ended, and what they wait for."""
        with self.system.database.engine.connect() as connection:
            return [dict(row) for row in connection.execute(LEFT, {"since": batch.since}).mappings()]

    def judge(self, batch: Batch, *, refused: Sequence[str] = ()) -> Verdict:
        """Compare the effects that are there with those that the batch owes; jobs of the actors `refused` may
        have ended without any."""
        lost, twice = {}, {}
        for owed in batch.owed:
            lost[owed.what], twice[owed.what] = owed.compare()
        for (actor, state), times in self._states(batch).items():
            if state != "done" and actor not in refused:
                lost[f"{actor} {state}"] = times
        twice["same message"] = len(self.system.telegram.remote.duplicates()) - batch.repeated
        return Verdict(_found(lost), _found(twice))

    def kinds(self, batch: Batch) -> dict[str, int]:
        """How many jobs of each kind the batch led to."""
        counts: Counter[str] = Counter()
        for (actor, _), times in self._states(batch).items():
            counts[actor] += times
        return dict(sorted(counts.items()))

    def _states(self, batch: Batch) -> dict[tuple[str, str], int]:
        with self.system.database.engine.connect() as connection:
            rows = connection.execute(STATES, {"since": batch.since})
            return {(actor, state): int(times) for actor, state, times in rows}

    def _pay(self, people: Sequence[Person]) -> dict[int, str]:
        """They buy in Stars and get their file; the charge of each order."""
        orders = self.system.place(people, "stars")
        bills = self.paid_channel.invoices_of(orders)
        charges = [person.pays(bill).charge_id or "" for person, bill in zip(people, bills, strict=True)]
        self.system.wait_delivered(people, PAYING)
        wait_until(lambda: not self.system.busy("delivery"), PAYING, "deliveries do not end")
        return dict(zip(orders, charges, strict=True))

    def _refund(self, charges: Mapping[int, str]) -> Owed:
        with self.system.database.transaction() as session:
            for order in charges:
                request_refund(session, order, actor="bench", reason="wrong file", now=utc_now())
        refunded = self.system.telegram.remote
        return Owed("Stars given back", kinds.once(charges.values()), lambda: Counter(refunded.refunds))


@contextmanager
def open_workload() -> Iterator[Workload]:
    """Start a warm shop with a channel, staff and a mail server."""
    with mail_server() as mail:
        post_office = {
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(mail.port),
            "SMTP_ENCRYPTION": "none",
            "MAIL_FROM": MAIL_FROM,
        }
        with (
            running_stack({**UNHURRIED, **post_office}, size=MIB) as system,
            open_paid_channel(system) as paid_channel,
        ):
            system.warm()
            yield Workload(paid_channel, mail)


def _found(counts: dict[str, int]) -> dict[str, int]:
    return {what: count for what, count in counts.items() if count}
