"""Writing to the audit log, in the transaction of the act itself."""

from sqlmodel import Session

from core.kit.correlation import correlation
from schemas.audit import AuditEntry


def record(
    session: Session, actor: str, action: str, subject: str, **details: str | int | bool | None
) -> None:
    """Add one entry. `actor` is user:ID, token:NAME, cli or system; `subject` is like order:12."""
    session.add(
        AuditEntry(
            actor=actor, action=action, subject=subject, correlation_id=correlation.get(), details=details
        )
    )
