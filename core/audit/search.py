"""Reading the audit log: who did what, to what, when."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, text
from sqlmodel import Session, col, select

from core.audit.head import Broken
from core.audit.notes import words_of
from core.audit.reading import SMALL, read_entry
from schemas.audit import AuditEntry

LINES = text(
    f"""
    SELECT id, place, left(actor, 200) AS actor, left(action, 200) AS action, left(subject, 200) AS subject,
        left(correlation_id, 200) AS correlation_id, created_at::text AS created_at,
        CASE WHEN {SMALL} THEN details::text END AS details
    FROM audit_entry WHERE id = ANY(:ids) ORDER BY id DESC
    """  # noqa: S608 - of constants
)


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


@dataclass(frozen=True)
class AuditLine:
    """An entry as it is shown, with the `words` of its note.

    One that cannot be read (`readable`) has no time and no details here.
    """

    id: int
    created_at: datetime | None
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    words: str
    correlation_id: str
    place: int | None
    readable: bool

    @property
    def note(self) -> int:
        """The number of its note, 0 where it has none."""
        number = self.details.get("note")
        return number if isinstance(number, int) and 0 < number < 2**63 else 0


def list_entries(session: Session, criteria: AuditFilter, *, limit: int = 50) -> list[AuditLine]:
    """The entries that match, newest first."""
    newest = select(AuditEntry.id).where(*_conditions(criteria)).order_by(col(AuditEntry.id).desc())
    ids = session.exec(newest.limit(limit)).all()
    rows = session.connection().execute(LINES, {"ids": ids}).all()
    lines = [_line(row) for row in rows]
    words = words_of(session, [line.note for line in lines])
    return [replace(line, words=words.get(line.note, "")) for line in lines]


def _line(row: "Row[Any]") -> AuditLine:
    try:
        reading = read_entry(row)
    except Broken:
        created_at, details, readable = None, {}, False
    else:
        created_at, details, readable = reading.created_at, reading.details, True
    return AuditLine(
        id=row.id,
        created_at=created_at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        details=details,
        words="",
        correlation_id=row.correlation_id,
        place=row.place,
        readable=readable,
    )


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
