"""A worker that is killed between any two steps, and a postman that shuffles, doubles and loses events.

A step is a call of Stripe's API, before it and after it, and a commit, before it and after it. A worker that
dies leaves its job running, as one does whose machine has lost its power; the job is queued again.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from random import Random
from typing import Any, cast
from uuid import UUID

import httpx
from sqlmodel import Session, col, or_, select

from core.jobs.ledger import enqueue
from core.jobs.single_statement import run
from core.kit.db import Database
from core.payments.rails.stripe.inbox import is_of_account, keep, take
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.card_jobs import ReconcileCards
from schemas.jobs import CONTRACTS
from schemas.queue import Job
from scripts.sandbox.stripe.book import Thing
from scripts.sandbox.stripe.sandbox import StripeSandbox
from scripts.sandbox.stripe.sender import sign
from workers.main import load_actors
from workers.runtime.runner import Runner
from workers.services import Services
from workers.stripe import Addresses, Stripe

TIMED = "expire_member"  # the only one that waits for its moment
JOBS = (
    "open_checkout",
    "look_at_checkout",
    "handle_payment_event",
    "refund_card",
    "reconcile_cards",
    "set_card_renewal",
    "end_surplus",
    TIMED,
)
UNENDED = ("queued", "running")
NOBODY = "http://127.0.0.1:9/webhooks/stripe"  # events are handed over by the postman
AGAIN = "UPDATE job SET state = 'queued', due_at = now(), lease_until = NULL WHERE id = %s"
TRIES = 40  # starts of one job, killed or failed, before something is wrong
LONGEST_LIFE = 30  # steps between two deaths
FAULTY = 0.1  # the share of starts in which Stripe is busy, fails, or does not answer, once
NO_FAULTS = {"busy": 0, "fail_after": 0, "cut_after": 0}


class Killed(BaseException):
    """The process ends here: nothing catches it, nothing is written any more."""


class Death:
    """Counts steps, and kills at the one that is due. `None`: nobody dies."""

    def __init__(self) -> None:
        self.count = 0
        self._left: int | None = None

    def due_in(self, steps: int | None) -> None:
        """Kill after so many more steps."""
        self._left = steps

    def step(self) -> None:
        """One step; raises `Killed` where it is the last."""
        if self._left is None:
            return
        self._left -= 1
        if self._left < 0:
            self._left, self.count = None, self.count + 1
            raise Killed


class MortalDatabase(Database):
    """The database of a process that may die before a commit, and after it."""

    def __init__(self, url: str, death: Death) -> None:
        super().__init__(url)
        self._death = death
        self.after_commit = lambda _: death.step()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """As `Database.transaction`."""
        with super().transaction() as session:
            yield session
            self._death.step()


class MortalStripe(Stripe):
    """Stripe's client in a process that may die before a request, and after its answer."""

    def __init__(self, sandbox: StripeSandbox, death: Death) -> None:
        super().__init__(sandbox.key, Addresses(sandbox.url, sandbox.url, sandbox.url))
        self._death = death

    def _ask(self, verb: str, path: str, **more: Any) -> httpx.Response:
        self._death.step()
        answer = super()._ask(verb, path, **more)
        self._death.step()
        return answer


class Hands:
    """Does the jobs about cards. `chance` None: in their order, and nobody dies."""

    def __init__(self, database_url: str, stripe: StripeSandbox) -> None:
        self.death, self._stripe = Death(), stripe
        self.database = database = MortalDatabase(database_url, self.death)
        self.chance: Random | None = None
        nothing = cast(Any, None)  # none of these jobs talks to Redis, Telegram or the store
        settings = Settings(
            database_url="", redis_url="", stripe_secret_key=stripe.key, public_url="https://shop.example"
        )
        self.api = MortalStripe(stripe, self.death)
        self.services = Services(settings, database, nothing, nothing, nothing, nothing, stripe=self.api)
        self._registry, self._runner = load_actors(), Runner(self.services, "stories:1")

    def close(self) -> None:
        """Close all connections."""
        self.api.close()
        self.database.dispose()

    def work(self, most: int | None = None) -> None:
        """Do the jobs that have not ended, at most so many starts."""
        starts = 0
        while (most is None or starts < most) and (waiting := self._waiting()):
            job_id, actor, attempt = self.chance.choice(waiting) if self.chance else waiting[0]
            assert attempt < TRIES, f"{actor} does not come to an end"
            self._start(job_id, actor)
            starts += 1

    def reconcile(self) -> None:
        """Read what no webhook brought, and do what comes of it."""
        with self.database.transaction() as session:
            enqueue(session, ReconcileCards())
        self.work()

    def _start(self, job_id: UUID, actor: str) -> None:
        with self.database.transaction() as session:
            session.connection().exec_driver_sql(AGAIN, (job_id,))
        contract = CONTRACTS[actor]
        if self.chance is not None:
            self.death.due_in(self.chance.randint(0, LONGEST_LIFE))
            if self.chance.random() < FAULTY:
                self._stripe.break_things(**{self.chance.choice(tuple(NO_FAULTS)): 1})
        with suppress(Killed):
            self._runner.perform(contract, self._registry.actors[contract], job_id)
        self.death.due_in(None)
        self._stripe.break_things(**NO_FAULTS)

    def _waiting(self) -> Sequence[tuple[UUID, str, int]]:
        with Session(self.database.engine) as session:
            rows = select(Job.id, Job.actor, Job.attempt).where(
                col(Job.state).in_(UNENDED),
                col(Job.actor).in_(JOBS),
                or_(Job.actor != TIMED, col(Job.due_at) <= utc_now()),
            )
            return session.exec(rows.order_by(col(Job.created_at))).all()


class Postman:
    """Brings Stripe's events to the shop as the webhook takes them in. `chance` None: each once, in order."""

    def __init__(self, database: Database, stripe: StripeSandbox) -> None:
        self.chance: Random | None = None
        self.lost = 0
        self._database, self._stripe = database, stripe
        self._secret = stripe.listen(NOBODY, connect=True)
        stripe.break_things(withhold=True)
        self._held: list[Thing] = []
        self._brought: list[Thing] = []

    def bring(self) -> None:
        """Bring what there is; by chance some later, some twice, some never."""
        sender = self._stripe.sender
        self._held += [sent.event for sent in sender.withheld]
        sender.withheld = []
        if self.chance is None:
            self.bring_all()
            return
        self.chance.shuffle(self._held)
        held, self._held = self._held, []
        for each in held:
            fate = self.chance.random()
            if fate < 0.25:
                self._held.append(each)
            elif fate < 0.45:
                self.lost += 1
            else:
                for _ in range(1 if fate < 0.8 else 2):
                    self._hand_over(each)
        if self._brought and self.chance.random() < 0.5:
            self._hand_over(self.chance.choice(self._brought))

    def bring_all(self) -> None:
        """Bring all that is not lost."""
        sender = self._stripe.sender
        for each in [*self._held, *(sent.event for sent in sender.withheld)]:
            self._hand_over(each)
        self._held, sender.withheld = [], []

    def forget(self) -> None:
        """Another story begins."""
        self._held, self._brought, self._stripe.sender.withheld = [], [], []

    def _hand_over(self, told: Thing) -> None:
        self._brought.append(told)
        body, now = json.dumps(told, indent=2).encode(), utc_now()
        signed = sign([self._secret], body, int(now.timestamp()))
        taken = take(self._secret, body, signed, now=now)
        if taken is None or is_of_account(taken):
            return
        with self._database.transaction() as session:
            run(session, keep(taken, body, now=now))
