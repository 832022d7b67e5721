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


def list_entries(session: Session, criteria: AuditFilter, *, limit: int = 50) -> list[AuditEntry]:
    """The entries that match, newest first."""
    statement = select(AuditEntry).where(*_conditions(criteria))
    return list(session.exec(statement.order_by(col(AuditEntry.id).desc()).limit(limit)))


def _conditions(criteria: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.actor:
        conditions.append(col(AuditEntry.actor) == criteria.actor)
    if criteria.action:
        family = col(AuditEntry.action).startswith(f"{criteria.action}.", autoescape=True)
        conditions.append(or_(col(AuditEntry.action) == criteria.action, family))
    if criteria.subject:
        conditions.append(col(AuditEntry.subject) == criteria.subject)
    if criteria.correlation_id:
        conditions.append(col(AuditEntry.correlation_id) == criteria.correlation_id)
    if criteria.since is not None:
        conditions.append(col(AuditEntry.created_at) >= criteria.since)
    if criteria.until is not None:
        conditions.append(col(AuditEntry.created_at) < criteria.until)
    return conditions
