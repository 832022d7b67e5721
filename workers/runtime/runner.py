"""Does jobs: claims one by its message, runs its actor, and records the outcome in the ledger."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
from dramatiq.middleware import Interrupt, Shutdown
from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from core.jobs import claims
from core.jobs.claims import LEASE, Claim, LostFence
from core.jobs.request_reply import ANSWER_TTL, write_refusal, write_reply
from core.jobs.retries import Verdict, describe, judge, spread
from core.kit import correlation
from core.kit.errors import Permanent, Refused
from core.process.tracing import report, span
from schemas.contracts import EphemeralContract, JobContract
from workers.instrumentation import Outcome
from workers.registry import Act, Answer
from workers.run import Cancelled, Run
from workers.runtime.leases import Leases
from workers.runtime.prefetch_claim import PrefetchQueue, current
from workers.services import Services

T = TypeVar("T")
DatabaseAway = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

# Its record could not be written, or its thread was interrupted: its lease ends by itself.
OUT_OF_HAND: Outcome = "lost"
OUTCOMES: dict[str, Outcome] = {"queued": "retried", "dead": "dead", "cancelled": "cancelled"}

log = logging.getLogger(__name__)


class Runner:
    """Does the jobs of one process, on any of its threads."""

    def __init__(self, services: Services, worker: str, lease: float = LEASE) -> None:
        self.services = services
        self.worker = worker
        # One statement is one transaction and one round trip.
        self.engine = services.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.leases = Leases(self.engine, lease)
        self.stopping = threading.Event()
        self._one_isolated = threading.Lock()

    def perform(
        self, contract: type[JobContract], act: Act[Any], job_id: UUID, *, isolated: bool = False
    ) -> None:
        """Do a durable job if it can be claimed; an `isolated` one, whose worker died, runs alone."""
        if not isolated:
            self._perform(contract, act, job_id, isolated=False)
            return
        while not self._one_isolated.acquire(timeout=0.5):
            if self.stopping.is_set():
                return
        try:
            self._perform(contract, act, job_id, isolated=True)
        finally:
            self._one_isolated.release()

    def answer(
        self, contract: type[EphemeralContract], give: Answer[Any], payload: dict[str, Any], answer_to: str
    ) -> None:
        """Answer a request of the API into the Redis list where it waits."""
        started = time.monotonic()
        try:
            answer = write_reply(give(self.services, contract.decode(payload)))
        except Refused as error:
            answer = write_refusal(error)
        except Exception:  # the asker must not wait in vain
            log.exception("%s could not be answered", contract.actor)
            answer = write_refusal(None)
        with self.services.redis.pipeline(transaction=True) as pipeline:
            pipeline.lpush(answer_to, answer)
            pipeline.expire(answer_to, ANSWER_TTL)
            pipeline.execute()
        self.services.meter.answer(contract.actor, time.monotonic() - started)

    def give_back(self, claim: Claim) -> None:
        """Queue a claimed job again, without counting the attempt."""
        with self.engine.connect() as connection:
            claims.give_back(connection, claim)

    def _perform(self, contract: type[JobContract], act: Act[Any], job_id: UUID, *, isolated: bool) -> None:
        prefetch: PrefetchQueue | None = getattr(current, "prefetch", None)
        claim = prefetch.take_claim(job_id) if prefetch else None
        claim = claim or self._claim(job_id, isolated)
        if claim is None:
            return
        run = self._make_run(claim, prefetch)
        tokens = (correlation.correlation.set(claim.correlation_id), correlation.parent_job.set(claim.id))
        self.leases.add(run, contract.time_limit)
        started, outcome = time.monotonic(), OUT_OF_HAND
        try:
            with span(contract.actor, job=str(claim.id), attempt=claim.attempt):
                outcome = self._run(run, contract, act)
        finally:
            self.services.meter.job(contract.actor, outcome, time.monotonic() - started)
            self.leases.remove(run)
            correlation.correlation.reset(tokens[0])
            correlation.parent_job.reset(tokens[1])

    def _claim(self, job_id: UUID, isolated: bool) -> Claim | None:
        def statement(connection: Connection) -> Claim | None:
            return claims.claim(connection, job_id, self.worker, isolated=isolated, lease=self.leases.lease)

        try:
            return self._keep_trying(statement, seconds=1)
        except DatabaseAway as error:
            log.warning("job %s waits in the ledger: the database is away (%s)", job_id, error)
            return None

    def _make_run(self, claim: Claim, prefetch: PrefetchQueue | None) -> Run:
        next_claims: list[Claim | None] = []

        def finish(connection: Connection) -> None:
            next_id = prefetch.next_job() if prefetch and not self.stopping.is_set() else None
            if next_id is None:
                claims.finish(connection, claim)
                return
            lease = self.leases.lease
            next_claims[:] = [claims.finish_and_claim(connection, claim, next_id, self.worker, lease=lease)]

        def committed() -> None:
            if prefetch and next_claims:
                prefetch.claim = next_claims[0]

        return Run(self.services, claim, finish, committed)

    def _run(self, run: Run, contract: type[JobContract], act: Act[Any]) -> Outcome:
        try:
            act(run, _decode(contract, run.claim.args))
            if not run.finished:
                with self.engine.connect() as connection:
                    run.end(connection)
            return "done"
        except LostFence as error:
            log.warning("%s", error)
            return "lost"
        except Shutdown:
            self._keep_trying(lambda connection: claims.give_back(connection, run.claim))
            log.info("job %s given back at shutdown", run.job_id)
            return "given_back"
        except (Exception, Interrupt) as error:  # noqa: BLE001 - recorded in the ledger, whatever it is
            return self._record(run, contract, error)

    def _record(self, run: Run, contract: type[JobContract], error: BaseException) -> Outcome:
        if isinstance(error, Cancelled):
            verdict = Verdict("cancelled", 0, "cancelled", False)
        else:
            verdict = judge(error, run.claim.failures, contract.retry, jitter=spread())
        fault = describe(error)
        was_held = self._keep_trying(lambda connection: claims.fail(connection, run.claim, verdict, fault))
        if not was_held:
            log.info("job %s had ended when %s came", run.job_id, fault.error_class)
            return "lost"
        log.warning(
            "%s %s attempt %d: %s: %s; now %s%s",
            contract.actor,
            run.job_id,
            run.attempt,
            fault.error_class,
            fault.message,
            verdict.state,
            f", again in {verdict.delay:.1f} s" if verdict.state == "queued" else "",
        )
        if verdict.state == "dead":
            report(error, actor=contract.actor, job=str(run.job_id))
        return OUTCOMES[verdict.state]

    def _keep_trying(self, statement: Callable[[Connection], T], seconds: float = LEASE / 2) -> T:
        """Run one statement; while the database is away, try again for so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with self.engine.connect() as connection:
                    return statement(connection)
            except DatabaseAway:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def _decode(contract: type[JobContract], args: dict[str, Any]) -> JobContract:
    try:
        return contract.decode(args)
    except msgspec.ValidationError as error:
        raise Permanent(f"{contract.actor} does not understand its arguments: {error}") from error
