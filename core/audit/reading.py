"""Entries of the audit log as they stand in the database, also those that no code of ours wrote.

The application's role may add entries, so one can have a time that Python has no value for, details that are
no object, or be of any size. Everything is read as text, within a bound, and understood one by one: a bad
entry is named, and hides no other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlmodel import Session

from core.audit.head import Broken

SMALL = (
    "octet_length(actor) + octet_length(action) + octet_length(subject) + octet_length(correlation_id)"
    " + pg_column_size(details) <= 16000"  # bytes, of details as they are stored, often compressed
)
COLUMNS = f"""
    id, place, actor, action, subject, correlation_id, details::text AS details,
    created_at::text AS created_at,
    CASE WHEN octet_length(digest) = 32 THEN digest END AS digest
    FROM audit_entry WHERE {SMALL}
"""
ODD_PLACE = text("SELECT id, place FROM audit_entry WHERE place < 1 ORDER BY place LIMIT 1")
ODD_SEAL = text(
    """
    SELECT last_place FROM audit_seal
    WHERE last_place < 1 OR octet_length(digest) <> 32 OR octet_length(signature) > 32
        OR octet_length(signed_by) > 100 OR sealed_at NOT BETWEEN '1970-01-01' AND '9000-01-01'
        OR pruned_at NOT BETWEEN '1970-01-01' AND '9000-01-01'
    ORDER BY last_place LIMIT 1
    """
)
UNFIT = (ValueError, TypeError, ArithmeticError, RecursionError, msgspec.MsgspecError)
"""What text raises that is no time or no JSON, or that no digest can be made of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an entry says: its time, its details, and the bytes that its digest is made of."""

    created_at: datetime
    details: dict[str, Any]
    content: bytes


def read_entry(row: "Row[Any]") -> Reading:
    """What a row of `COLUMNS` says. Raises `Broken` (unreadable), with the row's place and id."""
    try:
        created_at = datetime.fromisoformat(row.created_at).astimezone(UTC)
        details = msgspec.json.decode(row.details, type=dict[str, Any])
        who_what = (row.actor, row.action, row.subject, row.correlation_id)
        content = content_of(row.id, *who_what, details, created_at)
    except UNFIT:
        raise Broken("unreadable", row.place, row.id) from None
    return Reading(created_at, details, content)


def content_of(
    number: int,
    actor: str,
    action: str,
    subject: str,
    correlation_id: str,
    details: dict[str, Any],
    created_at: datetime,
) -> bytes:
    """What the digest of an entry is made of; its time is in UTC."""
    head = [number, actor, action, subject, correlation_id]
    return msgspec.json.encode([*head, sorted(details.items()), created_at.isoformat()])


def check_rows(session: Session) -> None:
    """Raise `Broken` where a seal cannot be read (seal-forged), or an entry has a place that no entry can
    have (seal-missing). None of these would be read otherwise."""
    seal = session.connection().execute(ODD_SEAL).first()
    if seal is not None:
        raise Broken("seal-forged", seal.last_place)
    entry = session.connection().execute(ODD_PLACE).first()
    if entry is not None:
        raise Broken("seal-missing", entry.place, entry.id)


def entry_at(session: Session, place: int) -> int | None:
    """The id of the entry that has this place, whatever it says."""
    stands = text("SELECT id FROM audit_entry WHERE place = :place")
    entry: int | None = session.connection().execute(stands, {"place": place}).scalar()
    return entry


def large_entry(session: Session) -> int | None:
    """The id of the first entry without a place that is larger than any that is read."""
    stands = text(f"SELECT min(id) FROM audit_entry WHERE place IS NULL AND NOT ({SMALL})")  # noqa: S608
    entry: int | None = session.connection().execute(stands).scalar()
    return entry
