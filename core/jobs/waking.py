"""Jobs that wait out a back-off because the store was away, and their waking once it answers again.

A back-off grows to an hour; whoever waits for a file should not wait longer than the store was away.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session

from schemas.contracts import QUEUES

# As `core.jobs.retries.name_of` has them; the second is a kind of the first that core does not know.
STORE_ERRORS = ("core.kit.errors.StoreUnavailable", "workers.store_errors.StoreRefused")

# Only what is not yet due: behind a backlog of thousands the index leads to a few.
WAITING = """
    state = 'queued' AND queue = ANY (CAST(:queues AS text[])) AND due_at > clock_timestamp()
    AND error_class = ANY (CAST(:errors AS text[]))
"""
ANY_WAIT = text(f"SELECT EXISTS (SELECT FROM job WHERE {WAITING})")  # noqa: S608 - constants only
COUNT = text(f"SELECT count(*) FROM job WHERE {WAITING} AND created_at < :before")  # noqa: S608
WAKE = text(
    f"""
    UPDATE job SET due_at = clock_timestamp() WHERE id IN (
        SELECT id FROM job WHERE {WAITING} FOR UPDATE SKIP LOCKED
    )
    """  # noqa: S608 - constants only
)
VALUES = {"queues": list(QUEUES), "errors": list(STORE_ERRORS)}


def any_wait_for_store(engine: Engine) -> bool:
    """Whether jobs wait to be tried again because the store was away."""
    with engine.connect() as connection:
        return bool(connection.execute(ANY_WAIT, VALUES).scalar_one())


def wake(engine: Engine) -> int:
    """Make what waits for the store due at once; how many jobs."""
    with engine.begin() as connection:
        return connection.execute(WAKE, VALUES).rowcount


def waiting_for_store(session: Session, longer: timedelta, *, now: datetime) -> int:
    """How many jobs that are older than that wait because the store was away."""
    return int(session.connection().execute(COUNT, VALUES | {"before": now - longer}).scalar_one())
