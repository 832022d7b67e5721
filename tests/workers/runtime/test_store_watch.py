"""Jobs that failed because the store was away go on as soon as it is back, however long they would wait."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from core.jobs.ledger import enqueue
from core.jobs.retries import name_of
from core.jobs.waking import STORE_ERRORS
from core.kit.db import Database
from core.kit.errors import StoreUnavailable
from core.monitoring.disk import Disk
from schemas.base import utc_now
from schemas.queue import Job
from schemas.upkeep_jobs import SealAudit
from scripts.embedded.ports import free_port
from scripts.embedded.store import Store
from tests.support.stored import reaching
from workers.runtime.store_watch import PAUSE, StoreWatch
from workers.store import S3Store
from workers.store_errors import StoreRefused


def waits(database: Database) -> None:
    """A job that failed because the store was away, and would be tried again in an hour."""
    with database.transaction() as session:
        job_id = enqueue(session, SealAudit(), due_at=utc_now() + timedelta(hours=1))
        job = session.exec(select(Job).where(Job.id == job_id)).one()
        job.failures, job.error_class = 9, name_of(StoreUnavailable)
        session.add(job)


def due(database: Database) -> int:
    with database.transaction() as session:
        return len(session.exec(select(Job).where(Job.due_at <= utc_now())).all())


def test_the_ledger_knows_the_store_errors_by_their_names() -> None:
    assert (name_of(StoreUnavailable), name_of(StoreRefused)) == STORE_ERRORS


def test_a_lone_job_is_woken_when_the_store_answers_again(database: Database, store: Store) -> None:
    nowhere = S3Store(replace(reaching(store), s3_endpoint=f"http://127.0.0.1:{free_port()}"))
    waits(database)
    watch = StoreWatch(database.engine, nowhere, None)
    assert watch.look() == PAUSE
    assert due(database) == 0

    watch._store = S3Store(reaching(store))
    watch.look()

    assert due(database) == 1


@pytest.mark.parametrize(("free", "woken"), [(420 << 20, 0), (1 << 30, 1)])
def test_a_full_disk_that_still_takes_a_byte_wakes_nobody(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch, free: int, woken: int
) -> None:
    monkeypatch.setattr("workers.runtime.store_watch.disk_of", lambda folder: Disk(20 << 30, free))
    waits(database)

    StoreWatch(database.engine, S3Store(reaching(store)), Path("/store")).look()

    assert due(database) == woken


def test_what_fails_again_while_the_store_answers_is_not_woken_again(
    database: Database, store: Store
) -> None:
    waits(database)
    watch = StoreWatch(database.engine, S3Store(reaching(store)), None)
    watch.look()
    assert due(database) == 1
    waits(database)  # it was refused for a reason of its own

    watch.look()

    assert due(database) == 1
