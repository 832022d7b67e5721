"""What happens behind the API: durable jobs are done as workers do them, and somebody plays Telegram."""

from uuid import UUID

from sqlmodel import Session, col, select

from core.memberships.admission import keep_link, prepare
from schemas.base import utc_now
from schemas.queue import Job
from scripts.bench.sampler import Lookout
from tests.support.worker import Worker

CARDS = ("open_checkout", "look_at_checkout", "handle_payment_event")
PAUSE = 0.05  # seconds between two looks for jobs


class Performer(Lookout):
    """Verifies uploads, has cards paid and makes links into channels, in a thread, until closed."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(PAUSE)
        self._worker = worker
        self._database = worker.database
        self._linked: set[UUID] = set()

    def _look(self) -> None:
        self._worker.do_all("verify_upload", "check_stripe_account", "leave_stripe", *CARDS)
        for job_id, membership_id in self._admissions():
            self._make_links(membership_id)
            self._linked.add(job_id)

    def _admissions(self) -> list[tuple[UUID, int]]:
        """New jobs by which somebody asked in the Mini App for the way in; the membership of each."""
        queued = select(Job.id, Job.args).where(
            Job.state == "queued", Job.actor == "admit", col(Job.id).not_in(self._linked)
        )
        with Session(self._database.engine) as session:
            rows = session.exec(queued).all()
        return [(job_id, args["membership_id"]) for job_id, args in rows if args["occasion"] == "reissued"]

    def _make_links(self, membership_id: int) -> None:
        """Links as Telegram would make them."""
        with self._database.transaction() as session:
            admission = prepare(session, membership_id, now=utc_now())
            for place in admission.places if admission else ():
                if place.invite is not None and place.invite.url is None:
                    keep_link(session, place.invite.id, f"https://t.me/+way-in-{membership_id}")
