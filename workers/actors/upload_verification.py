"""The job that verifies an upload: assembles it, reads it once, has it checked, and decides."""

import hashlib
import os
from dataclasses import dataclass
from uuid import UUID

from core.kit.errors import StoreUnavailable
from core.kit.rows import must_get
from core.ports import PartsDiffer, UploadLost
from core.uploads.file_types import HEAD, Judgement, Unfit, check_head
from core.uploads.moderation import Classifier, Subject, Words
from core.uploads.opening import rules_of
from core.uploads.parts import mark_lost, reopen
from core.uploads.verdicts import record_verified, refuse
from schemas import jobs
from schemas.catalogue import Product
from schemas.uploads import Upload
from workers.archives import ArchiveScan
from workers.registry import actor
from workers.run import Run
from workers.services import Services


@dataclass(frozen=True)
class _Examined:
    sha256: str
    judgement: Judgement


@actor(jobs.VerifyUpload)
def verify_upload(run: Run, job: jobs.VerifyUpload) -> None:
    """Assemble the object, read it once in bounded memory, then decide; repeated, it is found assembled."""
    upload, title = _load(run, job.upload_id)
    if upload.state != "verifying":
        return
    try:
        _assemble(run.services, upload)
        examined = _examine(run, upload)
        # A store on this machine acknowledges before the disk has it. Accepted is what a power cut spares;
        # until then the seller's own copy is the one that counts.
        os.sync()
        findings = _classify(run.services, upload, title, examined)
    except UploadLost:
        with run.effect() as session:
            mark_lost(session, upload.id)
    except PartsDiffer:
        with run.effect() as session:
            reopen(session, upload.id, rules_of(run.services.settings), now=run.now())
    except Unfit as refused:  # the bytes are not what was announced
        with run.effect() as session:
            locked = must_get(session, Upload, upload.id, "upload-unknown", lock=True)
            refuse(session, locked, refused.code, refused.details, now=run.now())
    else:
        _decide(run, upload.id, examined, findings)


def _load(run: Run, upload_id: UUID) -> tuple[Upload, str]:
    with run.services.database.transaction() as session:
        upload = must_get(session, Upload, upload_id, "upload-unknown")
        return upload, must_get(session, Product, upload.product_id, "product-unknown").title


def _assemble(services: Services, upload: Upload) -> None:
    store, store_id = services.store, upload.store_upload_id or ""
    etags = upload.etags or []
    try:
        # Looked at once more, since a store (rclone) may forget an upload that it cannot complete.
        listed = store.multipart.list_parts(upload.key, store_id)
        if [listed[number].etag for number in sorted(listed)] != etags:
            raise PartsDiffer(f"The store does not hold the parts of {upload.key} that were checked.")
        store.multipart.complete(upload.key, store_id, etags)
    except UploadLost:
        stored = store.head(upload.key)
        if stored is None or stored.size != upload.size:
            raise
        return  # an earlier attempt assembled it and did not live to say so
    stored = store.head(upload.key)
    if stored is None:
        # Some stores show an object late; nothing that may still be there is given up.
        raise StoreUnavailable(f"The store completed {upload.key} and does not show it. It is tried again.")
    if stored.size != upload.size:
        raise Unfit("size-differs", {"found": stored.size})


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
        raise Unfit("size-differs", {"found": total})
    return _Examined(digest.hexdigest(), check_head(head, upload.name, upload.purpose))


def _classify(services: Services, upload: Upload, title: str, examined: _Examined) -> list[str]:
    kind = examined.judgement.content_type
    subject = Subject(title, upload.name, upload.size, kind, examined.sha256, upload.key)
    checks: list[Classifier] = [Words(services.settings.moderation_words), ArchiveScan(services.store)]
    noticed = [finding for check in checks for finding in check.findings(subject)]
    return [*examined.judgement.findings, *noticed]


def _decide(run: Run, upload_id: UUID, examined: _Examined, findings: list[str]) -> None:
    settings = run.services.settings
    with run.effect() as session:
        record_verified(
            session,
            upload_id,
            sha256=examined.sha256,
            found_type=examined.judgement.content_type,
            findings=findings,
            moderation=settings.moderation,
            rules=rules_of(settings),
            now=run.now(),
        )
