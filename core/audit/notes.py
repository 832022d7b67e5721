"""What staff give as the reason for an act, in their own words: beside the audit log, never in it.

The words may be about a person, and so can be erased; the entry that holds the number of a note stays as it
was sealed.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core.kit.rows import id_of
from schemas.audit import StaffNote

BATCH = 1000  # rows in one transaction


def keep_note(session: Session, actor: str, subject: str, words: str) -> int | None:
    """Write the words down; the note's number, None where there are none."""
    if not words:
        return None
    note = StaffNote(actor=actor, subject=subject, words=words)
    session.add(note)
    session.flush()
    return id_of(note)


def words_of(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """The words of these notes; one that was erased is not among them."""
    rows = session.exec(select(StaffNote.id, StaffNote.words).where(col(StaffNote.id).in_(list(numbers))))
    return {number: words for number, words in rows if number is not None}


def drop_notes(session: Session, *, before: datetime) -> int:
    """Delete up to `BATCH` notes that are older; how many."""
    old = select(StaffNote.id).where(col(StaffNote.created_at) < before).limit(BATCH)
    gone = delete(StaffNote).where(col(StaffNote.id).in_(old)).returning(col(StaffNote.id))
    return len(session.execute(gone).all())
