"""Pausing and resuming a queue, as an operator does it: by name, and written down."""

from sqlmodel import Session

from core.audit.record import record
from core.jobs.ledger import pause, resume
from core.kit.errors import NotFound
from schemas.contracts import QUEUES


def set_paused(session: Session, queue: str, *, actor: str, paused: bool) -> None:
    """Stop pushing and claiming jobs of a queue, or go on. Raises `NotFound`."""
    if queue not in QUEUES:
        raise NotFound("queue-unknown", {"queue": queue, "queues": ", ".join(QUEUES)})
    if paused:
        pause(session, queue, actor)
    else:
        resume(session, queue)
    record(session, actor, "queue.paused" if paused else "queue.resumed", f"queue:{queue}")
