"""The job that verifies an upload: assembles it, reads it once, has it checked, and decides."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from core.kit.rows import must_get
from core.kit.texts import Param
from core.ports import UploadLost
from core.uploads.moderation import Classifier, Subject, Words
from core.uploads.opening import PICTURE_TYPES, rules_of
from core.uploads.parts import mark_lost
from core.uploads.verdicts import record_verified, refuse
from schemas import jobs
from schemas.catalogue import Product
from schemas.uploads import Upload
from workers.archives import ArchiveScan
from workers.registry import actor
from workers.run import Run
from workers.services import Services
from workers.sniff import HEAD, Sniffed, sniff


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


@actor(jobs.VerifyUpload)
def verify_upload(run: Run, job: jobs.VerifyUpload) -> None:
    """Assemble the object, read it once in bounded memory, then decide; repeated, it is found assembled."""
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
    except _Unacceptable as fault:
        with run.effect() as session:
            locked = must_get(session, Upload, upload.id, "upload-unknown", lock=True)
            refuse(session, locked, fault.reason, fault.params, now=run.now())
    else:
        _decide(run, upload.id, examined, findings)


def _load(run: Run, upload_id: UUID) -> tuple[Upload, str]:
    with run.services.database.transaction() as session:
        upload = must_get(session, Upload, upload_id, "upload-unknown")
        return upload, must_get(session, Product, upload.product_id, "product-unknown").title


def _assemble(services: Services, upload: Upload) -> None:
    store = services.store
    try:
        store.multipart.complete(upload.key, upload.store_upload_id or "", upload.etags or [])
    except UploadLost:
        stored = store.head(upload.key)
        if stored is None or stored.size != upload.size:
            raise
        return  # an earlier attempt assembled it and did not live to say so
    stored = store.head(upload.key)
    if stored is None or stored.size != upload.size:
        raise _Unacceptable("size-differs", found=stored.size if stored else 0)


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
