"""Pausing a queue by name, as an operator does it."""

import pytest
from sqlmodel import Session, select

from core.jobs.pauses import set_paused
from core.kit.errors import NotFound
from schemas.audit import AuditEntry
from schemas.queue import QueuePause


def test_an_unknown_queue_cannot_be_paused(session: Session) -> None:
    with pytest.raises(NotFound, match="queue-unknown"):
        set_paused(session, "nothing", actor="cli", paused=True)


def test_a_pause_and_its_end_are_written_down_with_who(session: Session) -> None:
    set_paused(session, "bulk", actor="cli", paused=True)
    assert session.exec(select(QueuePause.paused_by).where(QueuePause.queue == "bulk")).one() == "cli"
    set_paused(session, "bulk", actor="user:7", paused=False)
    assert session.exec(select(QueuePause)).all() == []
    entries = session.exec(select(AuditEntry).where(AuditEntry.subject == "queue:bulk")).all()
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("cli", "queue.paused"),
        ("user:7", "queue.resumed"),
    ]
