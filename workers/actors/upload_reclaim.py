"""Jobs that free the room of uploads that were refused, replaced or left unfinished."""

from contextlib import suppress

from core.people.sessions import forget_sessions
from core.ports import UploadLost
from core.uploads.sweep import Reclaimable, leave_to_reclaim, record_reclaimed, sweep
from schemas import jobs
from workers.registry import actor
from workers.run import Run
from workers.services import Services


@actor(jobs.ReclaimUpload)
def reclaim_upload(run: Run, job: jobs.ReclaimUpload) -> None:
    """Remove one object and its unfinished parts, once its row allows it."""
    with run.services.database.transaction() as session:
        leftover = leave_to_reclaim(session, job.upload_id, now=run.now())
    if leftover is None:
        return
    size = _remove(run.services, leftover)
    with run.effect() as session:
        record_reclaimed(session, job.upload_id, size, now=run.now())


@actor(jobs.SweepUploads)
def sweep_uploads(run: Run, job: jobs.SweepUploads) -> None:
    """Find the uploads that may be reclaimed, and forget web sessions that have ended."""
    with run.effect() as session:
        sweep(session, now=run.now())
        forget_sessions(session, now=run.now())


def _remove(services: Services, leftover: Reclaimable) -> int:
    """Remove the object and its parts from the store; the bytes that were freed."""
    store = services.store
    stored = store.head(leftover.key)
    size = stored.size if stored else 0
    if leftover.store_upload_id:
        with suppress(UploadLost):
            parts = store.multipart.list_parts(leftover.key, leftover.store_upload_id)
            size += sum(part.size or 0 for part in parts.values())
        store.multipart.abort(leftover.key, leftover.store_upload_id)
    store.delete(leftover.key)
    return size
