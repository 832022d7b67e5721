"""Files that checks noticed wait for staff, who approve them or refuse them with a reason."""

from uuid import uuid4

import pytest

from core.catalogue.catalogue import current_assets
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.uploads.moderation import Subject, Words, decide_upload, waiting_uploads
from tests.support import make
from tests.support.make import NOW
from tests.support.uploader import Uploader


def test_what_checks_notice_waits_for_staff_who_approve(uploader: Uploader) -> None:
    staff = make.user(uploader.session, roles=("support",))
    upload = uploader.verify(uploader.send(), "word: pirate")
    assert upload.state == "moderation"
    assert make.sent_texts(uploader.session, staff) == ["staff-upload-waiting"]
    (line,) = waiting_uploads(uploader.session, page=1).items
    assert (line.id, line.findings) == (upload.id, ["word: pirate"])
    for _ in range(2):
        decided = decide_upload(
            uploader.session, upload.id, approved=True, note="", actor="cli", rules=uploader.rules, now=NOW
        )
        assert decided.state == "accepted"
    assert len(current_assets(uploader.session, id_of(uploader.product))) == 1


def test_staff_refuse_with_a_reason(uploader: Uploader) -> None:
    upload = uploader.verify(uploader.send(), moderation="all")
    with pytest.raises(Refused, match="note-empty"):
        decide_upload(
            uploader.session, upload.id, approved=False, note=" ", actor="cli", rules=uploader.rules, now=NOW
        )
    decide_upload(
        uploader.session, upload.id, approved=False, note="No.", actor="cli", rules=uploader.rules, now=NOW
    )
    assert (upload.state, upload.reason, upload.reason_params) == ("refused", "staff", {"note": "No."})
    with pytest.raises(Refused, match="upload-not-waiting"):
        decide_upload(
            uploader.session, upload.id, approved=True, note="", actor="cli", rules=uploader.rules, now=NOW
        )


def test_words_are_found_in_title_and_name_whatever_their_case() -> None:
    subject = Subject("Le PIRATE", "cours.pdf", 1, "", "", "")
    assert Words("pirate, cours ,,autre").findings(subject) == ["word: pirate", "word: cours"]
    assert Words("").findings(subject) == []


def test_an_unknown_upload_cannot_be_decided(uploader: Uploader) -> None:
    with pytest.raises(NotFound, match="upload-unknown"):
        decide_upload(
            uploader.session, uuid4(), approved=True, note="", actor="cli", rules=uploader.rules, now=NOW
        )
