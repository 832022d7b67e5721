"""The demo tells of jobs when they have ended, however late they are."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import update
from sqlmodel import Session, select

from core.jobs.ledger import enqueue
from core.kit.db import Database
from schemas.base import utc_now
from schemas.jobs import Deliver
from schemas.queue import Job
from scripts.demonstration.jobs import finished_jobs
from tests.support.waiting import wait_until

ASKED = """
    select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
    and query like '%select exists(select from job%'
"""


def looks(database: Database) -> int:
    """How many connections have asked what is left undone."""
    with Session(database.engine) as session:
        return int(session.connection().exec_driver_sql(ASKED.replace("%", "%%")).scalar_one())


def test_a_job_that_still_runs_is_waited_for(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        enqueue(session, Deliver(order_id=1))
        session.execute(update(Job).values(state="running", started_at=utc_now()))
    with ThreadPoolExecutor() as pool:
        told = pool.submit(finished_jobs, database_url)
        wait_until(lambda: looks(database) == 1)
        with database.transaction() as session:
            session.execute(update(Job).values(state="done", finished_at=utc_now()))
        assert [(job["actor"], job["state"]) for job in told.result(timeout=60)] == [("deliver", "done")]


def test_what_is_due_later_is_not_waited_for(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        enqueue(session, Deliver(order_id=1), due_at=utc_now().replace(year=2100))
    assert [job["state"] for job in finished_jobs(database_url)] == ["queued"]
    with Session(database.engine) as session:
        assert session.exec(select(Job.state)).all() == ["queued"]
