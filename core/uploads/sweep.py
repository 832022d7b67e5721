"""Taking back the room of what nobody keeps: decided by row, one object at a time, never by prefix."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.rows import must_get
from core.notifications.notify import notify
from core.uploads.states import GIVEN_UP, UNFINISHED
from schemas import jobs
from schemas.catalogue import Asset, Product
from schemas.uploads import Upload

MOST = 1000  # at one look; the next one takes the rest


@dataclass(frozen=True)
class Reclaimable:
    """An object that may go, and the multipart upload that may have left parts of it."""

    key: str
    store_upload_id: str | None


def sweep(session: Session, *, now: datetime) -> list[UUID]:
    """Have removed what was given up, or not used until its time was over; the uploads concerned."""
    given_up = col(Upload.state).in_(GIVEN_UP)
    abandoned = and_(col(Upload.state).in_(UNFINISHED), col(Upload.expires_at) <= now)
    statement = select(Upload.id).where(col(Upload.reclaimed_at).is_(None), or_(given_up, abandoned))
    due = list(session.exec(statement.order_by(col(Upload.expires_at)).limit(MOST)))
    each(session, "uploads", due, lambda upload_id: reclaim_later(session, upload_id), now=now)
    return due


def reclaim_later(session: Session, upload_id: UUID) -> None:
    """Have a worker remove what an upload left in the store; asked for twice, done once."""
    enqueue(session, jobs.ReclaimUpload(upload_id=upload_id).once())


def leave_to_reclaim(session: Session, upload_id: UUID, *, now: datetime) -> Reclaimable | None:
    """What may be removed now; None when nothing may. An abandoned upload is closed by asking.

    Whatever the upload's own row says, an object that a product names is never given.
    """
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    if upload.reclaimed_at is not None:
        return None
    if upload.state in UNFINISHED and upload.expires_at <= now:
        upload.state = "aborted"
        session.add(upload)
        record(session, "system", "upload.abandoned", f"upload:{upload_id}")
        params: dict[str, str | int] = {"name": upload.name, "size": upload.size}
        notify(session, upload.user_id, "upload-abandoned", params, once=str(upload_id))
    if upload.state not in GIVEN_UP:
        return None
    if _is_needed(session, upload.key):
        record(session, "system", "upload.needed", f"upload:{upload_id}")
        return None
    return Reclaimable(upload.key, upload.store_upload_id)


def record_reclaimed(session: Session, upload_id: UUID, size: int, *, now: datetime) -> None:
    """The room is free again: `size` bytes of it."""
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    upload.reclaimed_at, upload.reclaimed_bytes = now, size
    session.add(upload)
    record(session, "system", "upload.reclaimed", f"upload:{upload_id}", size=size)


def _is_needed(session: Session, key: str) -> bool:
    file = select(Asset.id).where(or_(col(Asset.key) == key, col(Asset.sample_key) == key)).limit(1)
    picture = select(Product.id).where(Product.picture_key == key)
    return session.exec(file).first() is not None or session.exec(picture.limit(1)).first() is not None
