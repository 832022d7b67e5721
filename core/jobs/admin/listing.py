"""The list of jobs, and one job with all that is known of it: within a fifth of a second on a large ledger.

Without a term that an index of its own answers, the list is put together from one short walk for each state
and queue, each along an index in its order, so a million finished jobs cost what a thousand do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, Text, case, cast, func, literal, select, text, true, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from core.jobs.admin.filter_language import STATES, Filter
from core.jobs.admin.filter_sql import conditions, indexed, selective
from core.kit.errors import NotFound, Refused
from schemas.contracts import QUEUES, Queue
from schemas.queue import Job, JobAttempt, JobState

MOST = 10_000  # jobs that an index may answer with before the newest are chosen
SIBLINGS = 100
PATIENCE = "3s"  # of the database with one list; a filter that needs more is refused with advice
ENDED = 2
RANKS: dict[JobState, int] = {"running": 0, "queued": 1, "dead": ENDED, "done": ENDED, "cancelled": ENDED}
EXACT = ("state", "queue", "actor", "fingerprint")  # what a walk is chosen by


@dataclass(frozen=True)
class Line:
    """One job in a list. `at`: when it is due, began, or ended, as its state has it."""

    id: UUID
    state: JobState
    queue: Queue
    actor: str
    args: dict[str, Any]
    attempt: int
    failures: int
    created_at: datetime
    at: datetime
    worker: str | None
    error_class: str | None
    error_message: str | None
    correlation_id: str


@dataclass(frozen=True)
class Detail:
    """One job, its attempts that did not end well, what enqueued it, and the jobs of its correlation id."""

    job: Job
    attempts: list[JobAttempt]
    parent: Line | None
    siblings: list[Line]


def list_jobs(session: Session, jobs: Filter, *, now: datetime, limit: int = 200) -> list[Line]:
    """What runs, what waits in the order it is due, what ended with the newest first; at most `limit`.

    Raises `Refused` when the filter would read too much.
    """
    if any(jobs.contradicts(field) for field in EXACT):
        return []
    session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    try:
        read = _by_index if selective(jobs) else _by_walks
        return [Line(**row._mapping) for row in read(session, jobs, now, limit)]
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != "57014":  # query_canceled
            raise
        session.rollback()
        raise Refused("filter-too-wide", {"filter": jobs.text}) from None


def show_job(session: Session, job_id: UUID) -> Detail:
    """All about a job. Raises `NotFound`."""
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise NotFound("job-unknown", {"job": str(job_id)})
    attempts = session.execute(
        select(JobAttempt).where(col(JobAttempt.job_id) == job_id).order_by(col(JobAttempt.attempt))
    )
    related = select(*_COLUMNS, _moment_of(None).label("at")).order_by(col(Job.created_at)).limit(SIBLINGS)
    parents = session.execute(related.where(col(Job.id) == job.parent_id))
    siblings = session.execute(
        related.where(col(Job.correlation_id) == job.correlation_id, col(Job.id) != job_id)
        if job.correlation_id
        else related.where(literal(False))
    )
    return Detail(
        job,
        list(attempts.scalars()),
        next((Line(**row._mapping) for row in parents), None),
        [Line(**row._mapping) for row in siblings],
    )


def workers_and_errors(session: Session) -> dict[str, list[str]]:
    """What completion offers: the workers that live, the error classes of dead jobs."""
    return {
        "worker": list(session.execute(text("SELECT name FROM worker_beat ORDER BY name")).scalars()),
        "error": list(session.execute(text(_ERROR_CLASSES)).scalars()),
    }


# One row for each fingerprint of the dead jobs, by leaps through their index.
_ERROR_CLASSES = """
    WITH RECURSIVE leap AS (
        (SELECT fingerprint FROM job WHERE state = 'dead' ORDER BY fingerprint LIMIT 1)
        UNION ALL
        SELECT (SELECT fingerprint FROM job WHERE state = 'dead' AND fingerprint > leap.fingerprint
                ORDER BY fingerprint LIMIT 1) FROM leap WHERE leap.fingerprint IS NOT NULL
    )
    SELECT DISTINCT error_class FROM leap, LATERAL (
        SELECT error_class FROM job WHERE state = 'dead' AND job.fingerprint = leap.fingerprint LIMIT 1
    ) AS one WHERE error_class IS NOT NULL ORDER BY 1 LIMIT 50
"""

_COLUMNS = (
    *(col(Job.id), col(Job.state), col(Job.queue), col(Job.actor), col(Job.args), col(Job.attempt)),
    *(col(Job.failures), col(Job.created_at), col(Job.worker), col(Job.error_class)),
    *(col(Job.error_message), col(Job.correlation_id)),
)


def _by_index(session: Session, jobs: Filter, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """The first of what an index finds, of which up to `MOST` are looked at."""
    # The planner cannot know how rare a value is, and would walk through everything in hope.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    newest = select(*_COLUMNS, _moment_of(None).label("at")).where(*indexed(jobs, now)).limit(MOST)
    rows = session.execute(_first(newest.subquery(), limit)).all()
    session.execute(text("SET LOCAL enable_seqscan = on"))
    return rows


def _by_walks(session: Session, jobs: Filter, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Rank by rank, until there are enough: what waits often leaves nothing to ask of what has ended."""
    chosen = jobs.words("state") or STATES
    rows: list[Row[Any]] = []
    for rank in sorted(set(RANKS.values())):
        states = [state for state in STATES if RANKS[state] == rank and state in chosen]
        if states and len(rows) < limit:
            walks = union_all(*(_walk(jobs, now, state, limit) for state in states))
            rows += session.execute(_first(walks.subquery(), limit - len(rows)))
    return rows


def _first(rows: Subquery, limit: int) -> Select[Any]:
    """In the order of the list."""
    rank = case(RANKS, value=rows.c.state)
    seconds = func.extract("epoch", rows.c.at)
    in_order = rank, case((rank == ENDED, -seconds), else_=seconds), rows.c.id
    return select(rows).order_by(*in_order).limit(limit)


def _walk(jobs: Filter, now: datetime, state: JobState, limit: int) -> Select[Any]:
    """Of one state, so many of each queue (or fingerprint, or actor) as the list may need."""
    along, values = _path(jobs, state)
    # One walk for each value in one statement: planning a statement for each takes longer than the walks.
    each = func.unnest(cast(list(values), ARRAY(Text))).table_valued("value").render_derived()
    at = _moment_of(state)
    ended = RANKS[state] == ENDED
    walk = (
        select(*_COLUMNS, at.label("at"))
        .where(col(Job.state) == literal(state, literal_execute=True), along == each.c.value)
        .where(
            *([col(Job.finished_at).is_not(None)] if ended else []),
            *conditions(jobs, now, without=["state"]),
        )
        .order_by(at.desc() if ended else at)
        .limit(limit)
        .lateral()
    )
    return select(walk).join_from(each, walk, true())


def _path(jobs: Filter, state: JobState) -> tuple[Any, Sequence[str]]:
    """The column whose index has the jobs of this state in order, and which of its values to walk along."""
    fingerprints, actors = jobs.words("fingerprint"), jobs.words("actor")
    if state == "dead" and fingerprints:
        return col(Job.fingerprint), fingerprints
    if state == "done" and actors:
        return col(Job.actor), actors
    return col(Job.queue), jobs.words("queue") or QUEUES


def _moment_of(state: JobState | None) -> Any:
    """What a list is ordered by: when a job that waits is due, one that runs began, one that ended did."""
    if state is None:
        times = {"queued": col(Job.due_at), "running": col(Job.started_at)}
        return func.coalesce(case(times, value=col(Job.state), else_=col(Job.finished_at)), col(Job.due_at))
    return {"queued": col(Job.due_at), "running": col(Job.started_at)}.get(state, col(Job.finished_at))
