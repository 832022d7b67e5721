"""The parts of an upload: which may be sent, which are there, and that all of them are before the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, update

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import Explained, Refused
from core.kit.rows import must_get
from core.uploads.opening import UploadRules, touch
from core.uploads.part_plan import UploadPlan
from core.uploads.states import COMPLETED, GIVEN_UP, UNFINISHED
from core.uploads.sweep import reclaim_later
from schemas import jobs
from schemas.uploads import Upload

BATCH = 32  # parts signed at once


@dataclass(frozen=True)
class HeldPart:
    """A part that the store has; `size` in bytes."""

    number: int
    etag: str
    size: int


def plan_of(upload: Upload) -> UploadPlan:
    """How the file is cut."""
    return UploadPlan(upload.size, upload.part_size)


def is_completed(upload: Upload) -> bool:
    """Whether all bytes were sent, so that completing again changes nothing."""
    return upload.state in COMPLETED or upload.completed_at is not None


def check_sendable(upload: Upload, numbers: Sequence[int] = ()) -> None:
    """Raise `Explained` upload-unpaid, or `Refused`: upload-closed, part-unknown, parts-too-many."""
    if upload.state == "awaiting_payment":
        raise Explained("upload-unpaid")
    if upload.state != "open":
        raise Refused("upload-closed", {"state": upload.state})
    if len(numbers) > BATCH:
        raise Refused("parts-too-many", {"limit": BATCH})
    count = plan_of(upload).count
    for number in numbers:
        if not 1 <= number <= count:
            raise Refused("part-unknown", {"number": number, "count": count})


def begin_sending(
    session: Session, upload_id: UUID, numbers: Sequence[int], rules: UploadRules, *, now: datetime
) -> Upload:
    """An upload whose parts are about to be signed; using it keeps it. Raises as `check_sendable` does."""
    upload = must_get(session, Upload, upload_id, "upload-unknown")
    check_sendable(upload, numbers)
    return touch(session, upload, rules, now=now)


def keep_store_id(session: Session, upload_id: UUID, store_upload_id: str) -> bool:
    """Remember the store's multipart upload; False when somebody else began one first, or it is over."""
    first = session.execute(
        update(Upload)
        .where(
            col(Upload.id) == upload_id, col(Upload.store_upload_id).is_(None), col(Upload.state) == "open"
        )
        .values(store_upload_id=store_upload_id)
        .returning(col(Upload.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    return first is not None


def check_parts(upload: Upload, sent: Mapping[int, str], stored: Mapping[int, HeldPart]) -> list[str]:
    """The ETags of all parts in order, when the sender and the store agree on every one of them.

    Raises `Explained` parts-missing with the numbers of those that lack, have a wrong size or are others.
    """
    missing, etags = [], []
    for part in plan_of(upload).parts():
        there = stored.get(part.number)
        etag = sent.get(part.number, "").strip().removeprefix("W/").strip('"')
        if there is None or there.size != part.size or etag != there.etag:
            missing.append(part.number)
        else:
            etags.append(there.etag)
    if missing:
        raise Explained("parts-missing", {"count": len(missing)}, missing=missing)
    return etags


def complete(session: Session, upload_id: UUID, etags: list[str], *, now: datetime) -> Upload:
    """All parts are there: the workers assemble and verify the file. A second time changes nothing."""
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    if is_completed(upload):
        return upload
    check_sendable(upload)
    upload.state, upload.etags, upload.completed_at = "verifying", etags, now
    session.add(upload)
    record(session, f"user:{upload.user_id}", "upload.completed", f"upload:{upload_id}", parts=len(etags))
    session.flush()
    enqueue(session, jobs.VerifyUpload(upload_id=upload_id).of_completion(now))
    return upload


def reopen(session: Session, upload_id: UUID, rules: UploadRules, *, now: datetime) -> None:
    """The store holds other parts than were checked: whoever sends looks again, and sends what differs."""
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    if upload.state != "verifying":
        return
    if upload.telegram_file_id is not None:  # nobody is there who could send it again
        mark_lost(session, upload_id)
        return
    upload.state, upload.etags, upload.completed_at = "open", None, None
    upload.expires_at = max(upload.expires_at, now + rules.life)
    session.add(upload)
    record(session, "system", "upload.reopened", f"upload:{upload_id}")


def abort(session: Session, upload: Upload) -> None:
    """Give an upload up and have its bytes removed. Raises `Refused` once it is being checked or kept."""
    if upload.state in GIVEN_UP:
        return
    if upload.state not in UNFINISHED:
        raise Refused("upload-closed", {"state": upload.state})
    upload.state = "aborted"
    session.add(upload)
    record(session, f"user:{upload.user_id}", "upload.aborted", f"upload:{upload.id}")
    session.flush()
    reclaim_later(session, upload.id)


def mark_lost(session: Session, upload_id: UUID) -> None:
    """The store has forgotten the parts: the file has to be sent again, as a new upload."""
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    if upload.state not in ("open", "verifying"):
        return
    upload.state = "lost"
    session.add(upload)
    record(session, "system", "upload.lost", f"upload:{upload_id}")
    session.flush()
    reclaim_later(session, upload_id)
