"""Answers about the parts of an upload: addresses to send them to, and what the store has already."""

from typing import Any

from core.kit.errors import Refused
from core.kit.rows import must_get
from core.ports import UploadLost
from core.uploads.file_types import UNTYPED
from core.uploads.opening import rules_of
from core.uploads.parts import begin_sending, keep_store_id, mark_lost, plan_of
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.uploads import Upload
from workers.registry import answers
from workers.services import Services

PART_URL_LIFE = 3600  # seconds (A60); a slow line asks again


@answers(ephemeral_jobs.PresignParts)
def presign_parts(services: Services, job: ephemeral_jobs.PresignParts) -> dict[str, Any]:
    """Sign the addresses of some parts; the first time, open the upload at the store."""
    rules = rules_of(services.settings)
    with services.database.transaction() as session:
        upload = begin_sending(session, job.upload_id, job.numbers, rules, now=utc_now())
    store_id = upload.store_upload_id or begin_at_store(services, upload)
    urls = {
        str(part.number): services.store.sign_part(
            upload.key, store_id, part.number, length=part.size, expires=PART_URL_LIFE
        )
        for part in map(plan_of(upload).part, job.numbers)
    }
    return {"urls": urls, "expires_in": PART_URL_LIFE}


@answers(ephemeral_jobs.ListParts)
def list_parts(services: Services, job: ephemeral_jobs.ListParts) -> dict[str, Any]:
    """List the parts that the store has of an upload; one that it forgot is marked as lost."""
    with services.database.transaction() as session:
        upload = must_get(session, Upload, job.upload_id, "upload-unknown")
    if upload.state != "open" or upload.store_upload_id is None:
        return {"parts": [], "lost": False}
    try:
        stored = services.store.multipart.list_parts(upload.key, upload.store_upload_id)
    except UploadLost:
        with services.database.transaction() as session:
            mark_lost(session, upload.id)
        return {"parts": [], "lost": True}
    parts = [[part.part_number, part.etag, part.size or 0] for part in stored.values()]
    return {"parts": sorted(parts), "lost": False}


def begin_at_store(services: Services, upload: Upload) -> str:
    """Open the multipart upload of a row at the store and return its id there.

    Of two callers at once the second takes the first one's. Raises `Refused` when the upload was closed.
    """
    multipart = services.store.multipart
    # What a browser would make of the object itself is decided when a download is signed.
    store_id = multipart.begin(upload.key, UNTYPED)
    with services.database.transaction() as session:
        if keep_store_id(session, upload.id, store_id):
            return store_id
        current = must_get(session, Upload, upload.id, "upload-unknown", lock=True)
    multipart.abort(upload.key, store_id)
    if current.state != "open" or current.store_upload_id is None:
        raise Refused("upload-closed", {"state": current.state})
    return current.store_upload_id
