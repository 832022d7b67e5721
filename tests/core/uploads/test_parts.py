"""The parts of an upload: which may be sent, and that all of them are there before the end."""

import pytest

from core.kit.errors import Explained, Refused
from core.uploads.parts import (
    BATCH,
    HeldPart,
    abort,
    begin_sending,
    check_parts,
    check_sendable,
    complete,
    is_completed,
    keep_store_id,
    mark_lost,
    plan_of,
    reopen,
)
from schemas.jobs import ReclaimUpload, VerifyUpload
from schemas.uploads import Upload
from tests.support import make
from tests.support.make import NOW
from tests.support.make_members import DAY
from tests.support.uploader import Uploader

MIB = 1 << 20


def three_parts(uploader: Uploader) -> Upload:
    upload = uploader.open(size=40 * MIB)
    assert plan_of(upload).count == 3
    return upload


def stored(upload: Upload) -> dict[int, HeldPart]:
    """What the store would have of it once all parts came."""
    return {
        part.number: HeldPart(part.number, f"e{part.number}", part.size) for part in plan_of(upload).parts()
    }


def test_parts_are_signed_by_their_numbers_and_keep_the_upload(uploader: Uploader) -> None:
    upload = three_parts(uploader)
    begin_sending(uploader.session, upload.id, [1, 3], uploader.rules, now=NOW + DAY)
    assert upload.expires_at == NOW + DAY + uploader.rules.life
    for numbers, code in (
        ([0], "part-unknown"),
        ([4], "part-unknown"),
        ([1] * (BATCH + 1), "parts-too-many"),
    ):
        with pytest.raises(Refused, match=code):
            check_sendable(upload, numbers)


def test_only_the_first_multipart_upload_is_kept(uploader: Uploader) -> None:
    upload = three_parts(uploader)
    assert keep_store_id(uploader.session, upload.id, "first")
    assert not keep_store_id(uploader.session, upload.id, "second")
    uploader.session.refresh(upload)
    assert upload.store_upload_id == "first"


def test_the_etags_come_in_order_when_sender_and_store_agree(uploader: Uploader) -> None:
    upload = three_parts(uploader)
    sent = {3: "e3", 1: '"e1"', 2: "e2"}
    assert check_parts(upload, sent, stored(upload)) == ["e1", "e2", "e3"]


def test_parts_that_lack_or_differ_are_named(uploader: Uploader) -> None:
    upload = three_parts(uploader)
    there = stored(upload)
    there[2] = HeldPart(2, "e2", 1)
    del there[1]
    with pytest.raises(Explained, match="parts-missing") as refused:
        check_parts(upload, {1: "e1", 2: "e2", 3: "other"}, there)
    assert refused.value.facts["missing"] == [1, 2, 3]


def test_completing_again_changes_nothing(uploader: Uploader) -> None:
    upload = three_parts(uploader)
    assert not is_completed(upload)
    for etags in (["a", "b", "c"], ["other"]):
        complete(uploader.session, upload.id, etags, now=NOW)
    assert (upload.state, upload.etags, is_completed(upload)) == ("verifying", ["a", "b", "c"], True)
    assert make.queued(uploader.session, VerifyUpload) == [VerifyUpload(upload_id=upload.id)]


def test_an_upload_whose_parts_differ_is_open_again_and_verified_anew(uploader: Uploader) -> None:
    upload = uploader.send()
    reopen(uploader.session, upload.id, uploader.rules, now=NOW + DAY)
    assert (upload.state, upload.etags, is_completed(upload)) == ("open", None, False)
    assert upload.expires_at == NOW + DAY + uploader.rules.life
    complete(uploader.session, upload.id, ["other"], now=NOW + DAY)
    assert len(make.queued(uploader.session, VerifyUpload)) == 2
    uploader.verify(upload)
    reopen(uploader.session, upload.id, uploader.rules, now=NOW + DAY)
    assert upload.state == "accepted"


def test_a_file_from_telegram_whose_parts_differ_is_lost(uploader: Uploader) -> None:
    upload = uploader.send()
    upload.telegram_file_id = "file"
    reopen(uploader.session, upload.id, uploader.rules, now=NOW)
    assert upload.state == "lost"


def test_an_upload_is_given_up_until_it_is_complete(uploader: Uploader) -> None:
    upload = three_parts(uploader)
    for _ in range(2):
        abort(uploader.session, upload)
    assert upload.state == "aborted"
    assert make.queued(uploader.session, ReclaimUpload) == [ReclaimUpload(upload_id=upload.id)]
    with pytest.raises(Refused, match="upload-closed"):
        check_sendable(upload)
    with pytest.raises(Refused, match="upload-closed"):
        abort(uploader.session, uploader.send("other.pdf"))


def test_what_the_store_forgot_is_lost_unless_it_was_decided(uploader: Uploader) -> None:
    upload, accepted = uploader.open(), uploader.verify(uploader.send("other.pdf"))
    for one in (upload, accepted):
        mark_lost(uploader.session, one.id)
    assert (upload.state, accepted.state) == ("lost", "accepted")
