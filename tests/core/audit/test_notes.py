"""What staff wrote is shown with its entry until its time is over or it is erased; the entry stays."""

from datetime import timedelta

import pytest
from sqlmodel import Session, delete, select

from core.audit import notes
from core.audit.notes import drop_notes, keep_note, words_of
from core.audit.record import record
from core.audit.search import AuditFilter, list_entries
from schemas.audit import AuditEntry, StaffNote
from schemas.base import utc_now


def test_a_note_is_shown_with_its_entry_and_can_be_erased(session: Session) -> None:
    record(session, "cli", "person.banned", "user:7", "Ana was rude")
    record(session, "cli", "person.unbanned", "user:7")
    session.flush()
    assert [line.words for line in list_entries(session, AuditFilter())] == ["", "Ana was rude"]
    assert "Ana" not in str(session.exec(select(AuditEntry.details)).all())
    session.execute(delete(StaffNote).where(StaffNote.subject == "user:7"))  # type: ignore[arg-type]
    assert [line.words for line in list_entries(session, AuditFilter())] == ["", ""]


def test_no_words_are_no_note_and_an_unknown_number_has_none(session: Session) -> None:
    assert keep_note(session, "cli", "order:1", "") is None
    assert words_of(session, [0, 7]) == {}


def test_old_notes_go_in_batches(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "BATCH", 2)
    for number in range(3):
        keep_note(session, "cli", f"order:{number}", "why")
    later = utc_now() + timedelta(days=1)
    assert [drop_notes(session, before=later) for _ in range(3)] == [2, 1, 0]
