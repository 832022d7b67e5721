"""Reading the audit log: who did what, to what, when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from schemas.audit import AuditEntry


@dataclass(frozen=True)
class AuditFilter:
    """Which entries; what is empty or None does not narrow. Times are [since, until).

    `action` names one act (order.refunded) or a family of them (order, queue.retry).
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    correlation_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_entries(session: Session, asked: AuditFilter, *, limit: int = 50) -> list[AuditEntry]:
    """The entries that match, newest first."""
    statement = select(AuditEntry).where(*_conditions(asked))
    return list(session.exec(statement.order_by(col(AuditEntry.id).desc()).limit(limit)))


def _conditions(asked: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.actor:
        found.append(col(AuditEntry.actor) == asked.actor)
    if asked.action:
        family = col(AuditEntry.action).startswith(f"{asked.action}.", autoescape=True)
        found.append(or_(col(AuditEntry.action) == asked.action, family))
    if asked.subject:
        found.append(col(AuditEntry.subject) == asked.subject)
    if asked.correlation_id:
        found.append(col(AuditEntry.correlation_id) == asked.correlation_id)
    if asked.since is not None:
        found.append(col(AuditEntry.created_at) >= asked.since)
    if asked.until is not None:
        found.append(col(AuditEntry.created_at) < asked.until)
    return found
