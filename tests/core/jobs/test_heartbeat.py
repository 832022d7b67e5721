"""What worker processes say of themselves, and how they are asked to begin nothing more."""

import pytest
from sqlmodel import Session, select

from core.jobs.heartbeat import Self, beat, drain, end
from core.kit.errors import NotFound
from schemas.audit import AuditEntry
from schemas.queue import WorkerBeat

ME = Self("host:1:a", "delivery", ["delivery", "routine"], threads=8)


def row(session: Session) -> WorkerBeat:
    session.expire_all()
    return session.exec(select(WorkerBeat)).one()


def test_the_first_beat_says_all_and_each_next_one_the_memory(session: Session) -> None:
    assert beat(session.connection(), ME, 100) is False
    first = row(session)
    assert (first.name, first.queue_group, first.queues) == ("host:1:a", "delivery", ["delivery", "routine"])
    assert (first.threads, first.memory) == (8, 100)
    started, beaten = first.started_at, first.beat_at
    beat(session.connection(), ME, 200)
    later = row(session)
    assert (later.memory, later.started_at) == (200, started)
    assert later.beat_at > beaten


def test_a_worker_learns_at_its_next_beat_that_it_is_to_drain(session: Session) -> None:
    beat(session.connection(), ME, 100)
    drain(session, ME.name, actor="cli")
    assert beat(session.connection(), ME, 100) is True
    drain(session, ME.name, actor="cli", draining=False)
    assert beat(session.connection(), ME, 100) is False
    actions = session.exec(select(AuditEntry.action).where(AuditEntry.subject == f"worker:{ME.name}")).all()
    assert actions == ["worker.drained", "worker.resumed"]


def test_who_has_stopped_is_not_there_to_be_asked(session: Session) -> None:
    beat(session.connection(), ME, 100)
    end(session.connection(), ME.name)
    with pytest.raises(NotFound, match="worker-unknown"):
        drain(session, ME.name, actor="cli")
