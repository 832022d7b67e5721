"""Jobs about uploads: signing parts, assembling, verifying, taking back room."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from core.kit.errors import NotFound, Refused
from core.kit.rows import must_get
from core.kit.texts import Param
from core.orders.download_links import issue_link
from core.people.sessions import forget_sessions
from core.ports import UploadLost
from core.uploads.moderation import Classifier, Subject, Words
from core.uploads.opening import PICTURE_TYPES, rules_of
from core.uploads.parts import begin_sending, keep_store_id, mark_lost
from core.uploads.sweep import leave_to_reclaim, record_reclaimed, sweep
from core.uploads.verdicts import record_verified, refuse
from schemas import ephemeral_jobs, jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.uploads import Upload
from workers.archives import ArchiveScan
from workers.registry import actor, answers
from workers.run import Run
from workers.send_delivery import link_options
from workers.services import Services
from workers.sniff import HEAD, UNTYPED, Sniffed, sniff

PART_URL_LIFE = 3600  # seconds (A60); a slow line asks again
PICTURE_URL_LIFE = 3600


class _Unacceptable(Exception):
    """The bytes are not what was announced; `reason` names the text."""

    def __init__(self, reason: str, **params: Param) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


@dataclass(frozen=True)
class _Examined:
    sha256: str
    sniffed: Sniffed


@answers(ephemeral_jobs.PresignParts)
def presign_parts(services: Services, job: ephemeral_jobs.PresignParts) -> dict[str, Any]:
    """Sign the addresses of parts; the first time, open the upload at the store."""
    rules = rules_of(services.settings)
    with services.database.transaction() as session:
        upload = begin_sending(session, job.upload_id, job.numbers, rules, now=utc_now())
    store_id = upload.store_upload_id or begin_at_store(services, upload)
    sign = services.store.sign_part
    urls = {str(n): sign(upload.key, store_id, n, expires=PART_URL_LIFE) for n in job.numbers}
    return {"urls": urls, "expires_in": PART_URL_LIFE}


@answers(ephemeral_jobs.ListParts)
def list_parts(services: Services, job: ephemeral_jobs.ListParts) -> dict[str, Any]:
    """What the store holds of an upload; one that it forgot is marked as lost."""
    with services.database.transaction() as session:
        upload = must_get(session, Upload, job.upload_id, "upload-unknown")
    if upload.state != "open" or upload.store_upload_id is None:
        return {"parts": [], "lost": False}
    try:
        held = services.store.multipart.held(upload.key, upload.store_upload_id)
    except UploadLost:
        with services.database.transaction() as session:
            mark_lost(session, upload.id)
        return {"parts": [], "lost": True}
    parts = [[part.part_number, part.etag, part.size or 0] for part in held.values()]
    return {"parts": sorted(parts), "lost": False}


@answers(ephemeral_jobs.IssueLink)
def issue_one_link(services: Services, job: ephemeral_jobs.IssueLink) -> dict[str, Any]:
    """A link for somebody who waits for it; the API has checked whose the grant is."""
    how = link_options(services.settings)
    with services.database.transaction() as session:
        link, token = issue_link(
            session,
            grant_id=job.grant_id,
            asset_id=job.asset_id,
            identity=uuid4(),
            secret=how.secret,
            ttl=how.ttl,
            max_downloads=how.max_downloads,
            now=utc_now(),
        )
    return {"token": token, "expires_at": link.expires_at.isoformat()}


@answers(ephemeral_jobs.PresignPicture)
def presign_picture(services: Services, job: ephemeral_jobs.PresignPicture) -> dict[str, Any]:
    """Sign the address of a product's picture, which anybody may see."""
    with services.database.transaction() as session:
        upload = must_get(session, Upload, job.upload_id, "upload-unknown")
    if upload.state != "accepted" or upload.purpose != "picture":
        raise NotFound("upload-unknown")
    kind = upload.found_type or UNTYPED
    url = services.store.sign_download(
        upload.key, file_name=upload.name, content_type=kind, expires=PICTURE_URL_LIFE
    )
    return {"url": url}


@actor(jobs.VerifyUpload)
def verify_upload(run: Run, job: jobs.VerifyUpload) -> None:
    """Assemble, read once in bounded memory, then decide. Repeated, it finds the object assembled."""
    upload, title = _load(run, job.upload_id)
    if upload.state != "verifying":
        return
    try:
        _assemble(run.services, upload)
        examined = _examine(run, upload)
        findings = _classify(run.services, upload, title, examined)
    except UploadLost:
        with run.effect() as session:
            mark_lost(session, upload.id)
    except _Unacceptable as wrong:
        with run.effect() as session:
            locked = must_get(session, Upload, upload.id, "upload-unknown", lock=True)
            refuse(session, locked, wrong.reason, wrong.params, now=run.now())
    else:
        _decide(run, upload.id, examined, findings)


@actor(jobs.ReclaimUpload)
def reclaim_upload(run: Run, job: jobs.ReclaimUpload) -> None:
    """Remove one object and its unfinished parts, once its row allows it."""
    with run.services.database.transaction() as session:
        what = leave_to_reclaim(session, job.upload_id, now=run.now())
    if what is None:
        return
    store = run.services.store
    found = store.head(what.key)
    size = found.size if found else 0
    if what.store_upload_id:
        with suppress(UploadLost):
            size += sum(
                part.size or 0 for part in store.multipart.held(what.key, what.store_upload_id).values()
            )
        store.multipart.abort(what.key, what.store_upload_id)
    store.delete(what.key)
    with run.effect() as session:
        record_reclaimed(session, job.upload_id, size, now=run.now())


@actor(jobs.SweepUploads)
def sweep_uploads(run: Run, job: jobs.SweepUploads) -> None:
    """Find what may be reclaimed, row by row."""
    with run.effect() as session:
        sweep(session, now=run.now())
        forget_sessions(session, now=run.now())


def begin_at_store(services: Services, upload: Upload) -> str:
    """Open the multipart upload of a row, once: who comes second takes the first one's."""
    multipart = services.store.multipart
    # What a browser would make of the object itself is decided when a download is signed.
    begun = multipart.begin(upload.key, UNTYPED)
    with services.database.transaction() as session:
        if keep_store_id(session, upload.id, begun):
            return begun
        now_there = must_get(session, Upload, upload.id, "upload-unknown", lock=True)
    multipart.abort(upload.key, begun)
    if now_there.state != "open" or now_there.store_upload_id is None:
        raise Refused("upload-closed", {"state": now_there.state})
    return now_there.store_upload_id


def _load(run: Run, upload_id: UUID) -> tuple[Upload, str]:
    with run.services.database.transaction() as session:
        upload = must_get(session, Upload, upload_id, "upload-unknown")
        return upload, must_get(session, Product, upload.product_id, "product-unknown").title


def _assemble(services: Services, upload: Upload) -> None:
    store = services.store
    try:
        store.multipart.complete(upload.key, upload.store_upload_id or "", upload.etags or [])
    except UploadLost:
        found = store.head(upload.key)
        if found is None or found.size != upload.size:
            raise
        return  # an earlier attempt assembled it and did not live to say so
    found = store.head(upload.key)
    if found is None or found.size != upload.size:
        raise _Unacceptable("size-differs", found=found.size if found else 0)


def _examine(run: Run, upload: Upload) -> _Examined:
    """Read the object once, a block at a time."""
    digest, head, total = hashlib.sha256(), b"", 0
    for block in run.services.store.chunks(upload.key):
        run.stop_if_cancelled()
        digest.update(block)
        total += len(block)
        if len(head) < HEAD:
            head += block[: HEAD - len(head)]
    if total != upload.size:
        raise _Unacceptable("size-differs", found=total)
    sniffed = sniff(head, upload.name)
    if not sniffed.honest:
        raise _Unacceptable("type-differs", found=sniffed.label)
    if upload.purpose == "picture" and sniffed.content_type not in PICTURE_TYPES:
        raise _Unacceptable("not-a-picture", found=sniffed.label)
    return _Examined(digest.hexdigest(), sniffed)


def _classify(services: Services, upload: Upload, title: str, examined: _Examined) -> list[str]:
    kind = examined.sniffed.content_type
    subject = Subject(title, upload.name, upload.size, kind, examined.sha256, upload.key)
    checks: list[Classifier] = [Words(services.settings.moderation_words), ArchiveScan(services.store)]
    return [finding for check in checks for finding in check.findings(subject)]


def _decide(run: Run, upload_id: UUID, examined: _Examined, findings: list[str]) -> None:
    settings = run.services.settings
    with run.effect() as session:
        record_verified(
            session,
            upload_id,
            sha256=examined.sha256,
            found_type=examined.sniffed.content_type,
            findings=findings,
            moderation=settings.moderation,
            rules=rules_of(settings),
            now=run.now(),
        )
