"""A worker in the test's own process."""

from typing import Any, cast
from uuid import UUID

from sqlmodel import Session, col, func, select

from core.jobs.ledger import enqueue
from schemas.contracts import JobContract
from schemas.ephemeral_jobs import EPHEMERAL
from schemas.jobs import CONTRACTS
from schemas.queue import Job
from tests.support.questions import Answering
from workers.main import load_actors
from workers.runtime.runner import Runner
from workers.services import Services

PUBLIC = "https://shop.example"


class Worker:
    """Does durable jobs one at a time, where the test asks for it."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.database = services.database
        self._registry = load_actors()
        self._runner = Runner(services, "test:1")

    def do(self, job: JobContract) -> Job:
        """Enqueue a job, do it, and return its row."""
        with self.database.transaction() as session:
            job_id = enqueue(session, job)
        return self.perform(job_id)

    def perform(self, job_id: UUID) -> Job:
        """Do a job of the ledger, if it may be claimed."""
        contract = CONTRACTS[self.job(job_id).actor]
        self._runner.perform(contract, self._registry.actors[contract], job_id)
        return self.job(job_id)

    def repeat(self, job_id: UUID) -> Job:
        """Do a job once more: its time has come, or the note that it is done was lost."""
        again = "UPDATE job SET state = 'queued', due_at = now() WHERE id = %s"
        with self.database.transaction() as session:
            session.connection().exec_driver_sql(again, (job_id,))
        return self.perform(job_id)

    def do_all(self, *actors: str) -> list[Job]:
        """Do all due jobs of these actors, and those that come of them."""
        done: list[Job] = []
        while (job_id := self._next(actors)) is not None:
            done.append(self.perform(job_id))
        return done

    def answer_questions(self) -> Answering:
        """Answer questions of the interactive queue, by the real answers, until it is stopped."""
        return Answering(self.services.settings.redis_url, "interactive", self._answer)

    def job(self, job_id: UUID) -> Job:
        """The row as it is now."""
        return cast(Job, self.row(Job, job_id))

    def row(self, table: type[Any], identity: object) -> Any:
        """Any row as it is now."""
        with Session(self.database.engine) as session:
            return session.get_one(table, identity)

    def _answer(self, message: dict[str, Any]) -> None:
        (contract,) = (kind for kind in EPHEMERAL if kind.actor == message["actor_name"])
        question = message["kwargs"]
        self._runner.answer(
            contract, self._registry.answers[contract], question["payload"], question["answer_to"]
        )

    def _next(self, actors: tuple[str, ...]) -> UUID | None:
        with Session(self.database.engine) as session:
            due = select(Job.id).where(
                Job.state == "queued", col(Job.due_at) <= func.now(), col(Job.actor).in_(actors)
            )
            return session.exec(due.order_by(col(Job.created_at)).limit(1)).first()
