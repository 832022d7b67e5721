"""What waits for the store is woken, and nothing else is."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.jobs.ledger import enqueue
from core.jobs.waking import STORE_ERRORS, any_wait_for_store, waiting_for_store, wake
from core.kit.db import Database
from schemas.base import utc_now
from schemas.jobs import ReclaimUpload
from schemas.queue import Job
from schemas.upkeep_jobs import SealAudit

HOUR = timedelta(hours=1)


def add(database: Database, error: str | None, **changes: object) -> None:
    with database.transaction() as session:
        job_id = enqueue(session, SealAudit(), due_at=utc_now() + HOUR)
        job = session.exec(select(Job).where(Job.id == job_id)).one()
        for name, value in ({"error_class": error} | changes).items():
            setattr(job, name, value)
        session.add(job)


def due(database: Database) -> int:
    with database.transaction() as session:
        return len(session.exec(select(Job).where(Job.due_at <= utc_now())).all())


@pytest.mark.parametrize("error", STORE_ERRORS)
@pytest.mark.parametrize("queue", [SealAudit.queue, ReclaimUpload.queue, "media", "fetch"])
def test_a_job_that_waits_for_the_store_is_woken_once(database: Database, error: str, queue: str) -> None:
    add(database, error, queue=queue)
    assert any_wait_for_store(database.engine)
    assert wake(database.engine) == 1
    assert due(database) == 1
    assert not any_wait_for_store(database.engine)
    assert wake(database.engine) == 0


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        (None, {}),
        ("core.kit.errors.ProviderUnavailable", {}),
        (STORE_ERRORS[0], {"state": "dead"}),
        (STORE_ERRORS[0], {"state": "running"}),
    ],
)
def test_what_waits_for_something_else_is_left_alone(
    database: Database, error: str | None, changes: dict[str, object]
) -> None:
    add(database, error, **changes)
    assert not any_wait_for_store(database.engine)
    assert wake(database.engine) == 0
    assert due(database) == 0


def test_only_what_has_waited_long_is_counted(database: Database) -> None:
    add(database, STORE_ERRORS[0])
    add(database, None)
    with database.transaction() as session:
        now = utc_now()
        assert waiting_for_store(session, timedelta(minutes=5), now=now) == 0
        assert waiting_for_store(session, timedelta(minutes=5), now=now + timedelta(minutes=6)) == 1
