"""Deleted jobs come back, as long as their time is not over."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.jobs.admin.bulk_actions import recent_acts
from core.jobs.admin.trash import UNDO_DAYS, undo
from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from schemas.queue import JobAttempt, JobTrash
from tests.core.jobs.admin.acts import act, add, jobs
from tests.core.jobs.admin.rows import attempt
from tests.support.make import NOW

HOUR = timedelta(hours=1)


def test_a_deleted_job_comes_back_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.admin.trash.CHUNK", 2)
    before = {row.id: row.model_dump() for row in add(database, "queued", "dead", "done", "running")}
    dead = next(key for key, row in before.items() if row["state"] == "dead")
    with database.transaction() as session:
        attempt(session, dead, 1)
        attempt(session, dead, 2)
    assert act(database, "delete", "") == 3
    assert [row.state for row in jobs(database).values()] == ["running"]
    with database.transaction() as session:
        (deleted,) = recent_acts(session)
        number = deleted.id
    assert number is not None
    assert list(undo(database, number, actor="cli", now=NOW)) == [2, 3]
    assert {key: row.model_dump() for key, row in jobs(database).items()} == before
    with database.transaction() as session:
        assert [row.attempt for row in session.exec(select(JobAttempt).where(JobAttempt.job_id == dead))] == [
            1,
            2,
        ]
        assert session.exec(select(JobTrash)).all() == []
    assert list(undo(database, number, actor="cli", now=NOW)) == []


def test_a_deleted_job_whose_key_was_taken_stays_in_the_trash(database: Database) -> None:
    add(database, "dead", unique_key="k")
    act(database, "delete", "")
    add(database, "queued", unique_key="k")
    with database.transaction() as session:
        number = recent_acts(session)[0].id or 0
    assert list(undo(database, number, actor="cli", now=NOW)) == [0]
    assert [row.state for row in jobs(database).values()] == ["queued"]


def test_an_undo_that_cannot_be_says_why(database: Database) -> None:
    add(database, "dead", "dead")
    act(database, "retry", "state:dead")
    act(database, "delete", "")
    with database.transaction() as session:
        deleted, retried = (row.id or 0 for row in recent_acts(session))
    cases: tuple[tuple[int, type[Refused], str, timedelta], ...] = (
        (retried, Refused, "act-not-undoable", HOUR),
        (deleted, Refused, "undo-too-late", timedelta(days=UNDO_DAYS, hours=1)),
        (999, NotFound, "act-unknown", HOUR),
    )
    for number, kind, code, later in cases:
        with pytest.raises(kind, match=code):
            list(undo(database, number, actor="cli", now=NOW + later))
