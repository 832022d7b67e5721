"""What an operator does to all jobs that match a filter: counted first, then done in chunks on the server.

An act fixes its jobs when it begins, so a job that fails again meanwhile is not acted on twice. Each chunk
is one statement and one transaction, looks at the state of each job once more, and leaves alone what a
worker holds just now. A command that dies on its way has done so many as its row of `queue_act` says;
given again, it does the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, func, not_, or_, select, text
from sqlmodel import Session, col, update

from core.audit.record import record
from core.jobs.admin.filter_language import Filter
from core.jobs.admin.filter_sql import indexed
from core.jobs.admin.trash import throw_away
from core.kit.db import Database
from core.kit.errors import Refused
from schemas.contracts import TOGETHER, Queue
from schemas.jobs import CONTRACTS
from schemas.queue import Job, QueueAct, Verb

CHUNK = 2000
ACTS_ON = {
    "retry": "dead and cancelled jobs",
    "cancel": "waiting jobs, and running ones, which are asked to stop",
    "delete": "all but running jobs",
    "move": "jobs that wait, are dead or cancelled, in a queue of the same workers",
    "edit": "dead, cancelled and waiting jobs",
    "run": "waiting jobs that are due later",
}


@dataclass(frozen=True)
class Options:
    """`rate`: jobs a second that a retry lets begin, 0 for all at once. `to`: the queue of a move.

    `changes`: arguments that an edit sets.
    """

    rate: float = 0
    to: Queue | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Those that say something, for the act's row and the audit log."""
        return {name: value for name, value in msgspec.to_builtins(self).items() if value}


@dataclass(frozen=True)
class Plan:
    """An act that is about to happen, and how many jobs it would change."""

    verb: Verb
    filter: Filter
    options: Options
    count: int

    @property
    def confirmation(self) -> str:
        """What a person types to let it happen."""
        return f"{self.verb} {self.count}"


def plan(session: Session, verb: Verb, jobs: Filter, options: Options, *, now: datetime) -> Plan:
    """Count what an act would change; nothing is changed. Raises `Refused` when it makes no sense."""
    _check(verb, jobs, options)
    count = session.execute(select(func.count()).select_from(Job).where(*_chosen(verb, jobs, options, now)))
    return Plan(verb, jobs, options, int(count.scalar_one()))


def perform(database: Database, planned: Plan, *, actor: str, now: datetime) -> Iterator[tuple[int, int]]:
    """Do it; after each chunk, the act's number and how many jobs it has changed.

    Raises `Refused` when more jobs match than were confirmed, or when edited arguments break a contract.
    """
    verb, jobs, options = planned.verb, planned.filter, planned.options
    with database.transaction() as session:
        _check(verb, jobs, options)
        ids = _identify(session, planned, now)
        chosen = options.as_json()
        act = QueueAct(
            verb=verb, filter=jobs.text, actor=actor, options=chosen, matched=len(ids), begun_at=now
        )
        session.add(act)
        session.flush()
        assert act.id is not None, "it has been flushed"
        record(session, actor, f"queue.{verb}", f"act:{act.id}", matched=len(ids))
    changed = 0
    for start in range(0, len(ids), CHUNK):
        with database.transaction() as session:
            chunk = ids[start : start + CHUNK]
            changed += _change(session, act.id, verb, options, chunk, start)
            _note(session, act.id, changed)
        yield act.id, changed
    with database.transaction() as session:
        session.execute(
            update(QueueAct).where(col(QueueAct.id) == act.id).values(ended_at=func.clock_timestamp())
        )
        record(session, actor, f"queue.{verb}.ended", f"act:{act.id}", count=changed)
    yield act.id, changed


def recent_acts(session: Session, limit: int = 50) -> list[QueueAct]:
    """What was done last, newest first."""
    acts = session.execute(select(QueueAct).order_by(col(QueueAct.id).desc()).limit(limit))
    return list(acts.scalars())


def _identify(session: Session, planned: Plan, now: datetime) -> list[UUID]:
    order = func.coalesce(col(Job.finished_at), col(Job.due_at))
    matching = _chosen(planned.verb, planned.filter, planned.options, now)
    rows = session.execute(
        select(col(Job.id), col(Job.actor), col(Job.args)).where(*matching).order_by(order)
    ).all()
    if len(rows) > planned.count:
        raise Refused("act-grew", {"confirmed": planned.count, "now": len(rows)})
    if planned.verb == "edit":
        for row in rows:
            _check_edit(row.id, row.actor, row.args | planned.options.changes)
    return [row.id for row in rows]


def _chosen(verb: Verb, jobs: Filter, options: Options, now: datetime) -> list[ColumnElement[bool]]:
    return [*indexed(jobs, now), _may(verb, options, now)]


def _may(verb: Verb, options: Options, now: datetime) -> ColumnElement[bool]:
    """Which jobs an act can change at all."""
    state = col(Job.state)
    ended_badly = or_(state == "dead", state == "cancelled")
    if verb == "retry":
        return ended_badly
    if verb == "cancel":
        return or_(state == "queued", and_(state == "running", not_(col(Job.cancel_requested))))
    if verb == "delete":
        return state != "running"
    if verb == "run":
        return and_(state == "queued", col(Job.due_at) > now)
    if verb == "move":
        others = [queue for queue in _near(options) if queue != options.to]
        return and_(or_(state == "queued", ended_badly), col(Job.queue).in_(others))
    return or_(state == "queued", ended_badly)


def _check(verb: Verb, jobs: Filter, options: Options) -> None:
    if verb == "move" and not _near(options):
        moves = "; ".join(", ".join(group) for group in TOGETHER)
        raise Refused("move-impossible", {"to": str(options.to), "moves": moves})
    if verb == "edit" and len(jobs.words("actor")) != 1:
        raise Refused("edit-needs-actor")


def _near(options: Options) -> tuple[Queue, ...]:
    """The queues whose jobs the workers of the move's queue can do."""
    return next((group for group in TOGETHER if options.to in group), ())


def _check_edit(job_id: UUID, actor: str, args: dict[str, Any]) -> None:
    try:
        CONTRACTS[actor].decode(args)
    except (KeyError, msgspec.ValidationError) as error:
        raise Refused(
            "edit-breaks-contract", {"job": str(job_id), "actor": actor, "why": str(error)}
        ) from None


def _change(
    session: Session, act_id: int, verb: Verb, options: Options, ids: Sequence[UUID], start: int
) -> int:
    if verb == "delete":
        return throw_away(session, act_id, ids)
    params: dict[str, Any] = {"ids": list(ids)}
    if verb in ("retry", "edit"):
        params |= {"start": start, "pause": 1 / options.rate if options.rate else 0.0}
        params |= {"changes": msgspec.json.encode(options.changes).decode()}
    if verb == "move":
        params |= {"to": options.to}
    return session.connection().execute(CHANGES[verb], params).rowcount


def _note(session: Session, act_id: int, changed: int) -> None:
    session.execute(update(QueueAct).where(col(QueueAct.id) == act_id).values(changed=changed))


def _changing(where: str, values: str) -> Any:
    return text(
        f"""
        WITH chosen AS (
            SELECT id AS chosen_id, place
            FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (wanted_id, place)
            JOIN job ON id = wanted_id AND {where} FOR UPDATE OF job SKIP LOCKED
        )
        UPDATE job SET {values} FROM chosen WHERE id = chosen_id
        """  # noqa: S608 - constants only
    )


# As at its first start, but for `attempt`, the fence, which never falls.
AGAIN = """
    state = 'queued', failures = 0, lost = 0, rerun = false, cancel_requested = false, lease_until = NULL,
    finished_at = NULL, args = args || CAST(:changes AS jsonb),
    due_at = clock_timestamp() + make_interval(secs => (:start + place - 1) * :pause)
"""
CHANGES = {
    "retry": _changing("state IN ('dead', 'cancelled')", AGAIN),
    "edit": _changing("state IN ('dead', 'cancelled', 'queued')", AGAIN),
    "cancel": _changing(
        "state IN ('queued', 'running')",
        """
        state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
        finished_at = CASE state WHEN 'queued' THEN clock_timestamp() END,
        unique_key = CASE WHEN state = 'queued' AND release_key THEN NULL ELSE unique_key END,
        cancel_requested = true
        """,
    ),
    "run": _changing("state = 'queued'", "due_at = clock_timestamp()"),
    "move": _changing("state IN ('queued', 'dead', 'cancelled')", "queue = :to"),
}
