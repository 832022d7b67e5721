"""Writing to the audit log, in the transaction of the act itself. Only this module writes entries."""

from collections.abc import Mapping

from sqlmodel import Session

from core.audit.details import Detail, checked
from core.audit.notes import keep_note
from core.kit.correlation import correlation
from schemas.audit import AuditEntry


def record(
    session: Session, actor: str, action: str, subject: str, words: str = "", /, **details: Detail
) -> None:
    """Add one entry. `actor` is user:ID, token:ID, cli or system; `subject` is like order:12.

    `details` are fields of `core.audit.details`; whoever acted says why in `words`, which are kept beside the
    log as a note. Raises `FreeText` for anything else.
    """
    note = keep_note(session, actor, subject, words)
    if note is not None:
        details["note"] = note
    session.add(
        AuditEntry(
            actor=actor,
            action=action,
            subject=subject,
            correlation_id=correlation.get(),
            details=checked(details),
        )
    )


def entries_sql(
    source: str, *, actor: str, action: str, subject: str, details: Mapping[str, str] | None = None
) -> str:
    """SQL that adds one entry for each row of `source`: for acts that are one statement, to be quick.

    All of them are SQL, as are the values of `details`, which are to be numbers or ids of the row. The
    statement's parameters are to have the `correlation_id`, and as `now` the moment.
    """
    fields = ", ".join(f"'{name}', {column}" for name, column in (details or {}).items())
    return f"""
        INSERT INTO audit_entry (actor, action, subject, correlation_id, details, created_at)
        SELECT {actor}, {action}, {subject}, %(correlation_id)s, jsonb_build_object({fields}), %(now)s
        FROM {source}
    """  # noqa: S608 - of constants
