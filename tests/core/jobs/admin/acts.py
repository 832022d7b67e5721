"""Jobs that acts are tried on, and the acts, planned and done in one go."""

from typing import Any

from sqlmodel import select

from core.jobs.admin.bulk_actions import Options, Plan, perform, plan
from core.jobs.admin.filter_language import parse
from core.kit.db import Database
from schemas.queue import Job, Verb
from tests.core.jobs.admin.rows import MINUTE, job
from tests.support.make import NOW


def act(database: Database, verb: Verb, typed: str, **options: Any) -> int:
    """Plan it and do it; how many jobs it changed."""
    planned = count(database, verb, typed, **options)
    return list(perform(database, planned, actor="cli", now=NOW))[-1][1]


def count(database: Database, verb: Verb, typed: str, **options: Any) -> Plan:
    """The act as it is to be confirmed."""
    with database.transaction() as session:
        return plan(session, verb, parse(typed), Options(**options), now=NOW)


def add(database: Database, *states: str, **columns: Any) -> list[Job]:
    """A job in each of these states, each a minute older than the one before."""
    with database.transaction() as session:
        return [
            job(session, state, ago=(place + 1) * MINUTE, **columns) for place, state in enumerate(states)
        ]


def jobs(database: Database) -> dict[Any, Job]:
    """All jobs, by id."""
    with database.transaction() as session:
        return {row.id: row for row in session.exec(select(Job)).all()}
