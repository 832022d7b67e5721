"""Minutes that are kept, finished jobs that are pruned, beats."""

import os
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from core.jobs.admin import history
from core.jobs.admin.history import prune, sample
from core.jobs.heartbeat import Self, beat, drain, end
from core.kit.db import Database
from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.monitoring.memory import resident_bytes
from schemas.contracts import QUEUES
from schemas.queue import Job, JobTrash, QueueAct, QueueMinute, WorkerBeat
from tests.core.jobs.admin.rows import MINUTE, job, minute
from tests.support.make import NOW
from workers.runtime.heartbeat import Heartbeat

DAY = timedelta(days=1)
ME = Self("shop:1", "delivery", ("delivery",), 8)


def test_a_minute_is_counted_once_with_what_is_held_and_what_ended_in_it(database: Database) -> None:
    with database.transaction() as session:
        for state, ago in (
            ("queued", 1),
            ("queued", -5),
            ("running", 1),
            ("done", 0.5),
            ("done", 1.1),
        ):
            job(session, state, ago=ago * MINUTE)
        job(session, "dead", ago=0.9 * MINUTE)
    assert sample(database.engine, now=NOW) == len(QUEUES)
    assert sample(database.engine, now=NOW + timedelta(seconds=59)) == 0
    with database.transaction() as session:
        row = session.exec(select(QueueMinute).where(QueueMinute.queue == "delivery")).one()
    held = {"minute": NOW, "ready": 1, "later": 1, "running": 1}
    assert row.model_dump(exclude={"queue"}) == held | {"done": 1, "dead": 1, "cancelled": 0}


def test_minutes_that_a_stopped_scheduler_left_out_are_added(database: Database) -> None:
    with database.transaction() as session:
        minute(session, 30)
        minute(session, 3)
        job(session, "done", ago=1.5 * MINUTE)
    sample(database.engine, now=NOW)
    with database.transaction() as session:
        rows = session.exec(
            select(QueueMinute)
            .where(QueueMinute.queue == "delivery")
            .order_by(col(QueueMinute.minute).desc())
        ).all()
    assert [(NOW - row.minute) / MINUTE for row in rows] == [0, 1, 2, 3, 30]
    assert [row.done for row in rows] == [0, 1, 0, 0, 0]


def test_finished_jobs_are_pruned_after_their_days_and_dead_ones_stay(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 2)
    with database.transaction() as session:
        for _ in range(5):
            job(session, "done", ago=31 * DAY)
        job(session, "cancelled", ago=31 * DAY)
        kept = {
            job(session, state, ago=ago * DAY).id
            for state, ago in (("dead", 99), ("done", 29), ("queued", 99))
        }
    assert prune(database.engine, now=NOW, days=30) == 6
    with database.transaction() as session:
        assert set(session.exec(select(Job.id)).all()) == kept


def test_the_trash_empties_after_a_week_and_old_rows_go(database: Database) -> None:
    with database.transaction() as session:
        for ago in (6, 8):
            row = QueueAct(verb="delete", filter="", actor="cli", matched=1, begun_at=NOW - ago * DAY)
            session.add(row)
            session.flush()
            then, number = row.begun_at, id_of(row)
            session.add(JobTrash(job_id=uuid4(), act_id=number, deleted_at=then, job={}, attempts=[]))
        minute(session, 91 * 24 * 60)
        minute(session, 1)
    prune(database.engine, now=NOW, days=30)
    with database.transaction() as session:
        assert len(session.exec(select(JobTrash)).all()) == 1
        assert len(session.exec(select(QueueMinute)).all()) == 1
        assert len(session.exec(select(QueueAct)).all()) == 2


def test_a_worker_beats_hears_that_it_is_drained_and_ends(database: Database) -> None:
    stopping = threading.Event()
    heart = Heartbeat(database.engine, ME, stopping)
    heart.beat()
    assert not stopping.is_set()
    for draining in (True, False):
        with database.transaction() as session:
            drain(session, ME.name, actor="cli", draining=draining)
        heart.beat()
        assert stopping.is_set() is draining
    with database.transaction() as session:
        row = session.exec(select(WorkerBeat)).one()
        assert (row.queues, row.threads) == (["delivery"], 8)
        assert 10 * 2**20 < row.memory < 2**40
    heart.end()
    with database.transaction() as session:
        assert session.exec(select(WorkerBeat)).all() == []


def test_a_beat_that_nobody_drained_leaves_a_stop_alone(database: Database) -> None:
    stopping = threading.Event()
    stopping.set()
    Heartbeat(database.engine, ME, stopping).beat()
    assert stopping.is_set()
    assert resident_bytes() % os.sysconf("SC_PAGE_SIZE") == 0


def test_an_unknown_worker_cannot_be_drained(session: Session) -> None:
    assert beat(session.connection(), ME, 1) is False
    end(session.connection(), ME.name)
    with pytest.raises(NotFound, match="worker-unknown"):
        drain(session, ME.name, actor="cli")
