"""Writing to the audit log, in the transaction of the act itself. Only this module writes entries."""

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


def entries_sql(source: str, *, actor: str, action: str, subject: str, details: str = "'{}'") -> str:
    """SQL that adds one entry for each row of `source`: for acts that are one statement, to be quick.

    All of them are SQL. The statement's parameters are to have the `correlation_id`, and as `now` the moment.
    """
    return f"""
        INSERT INTO audit_entry (actor, action, subject, correlation_id, details, created_at)
        SELECT {actor}, {action}, {subject}, %(correlation_id)s, {details}, %(now)s FROM {source}
    """  # noqa: S608 - of constants
