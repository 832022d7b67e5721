"""An upload that its seller begins and never ends: the sweep has to leave nothing of it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from core.jobs.ledger import enqueue
from core.ports import UploadLost
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.jobs import SweepUploads
from schemas.uploads import Upload
from scripts.bench.browser import Closed, Page, open_page
from scripts.bench.report import Report
from scripts.bench.running_stack import RunningStack
from scripts.bench.sales import draft
from scripts.embedded.process import wait_until
from workers.store import S3Store


def abandoned(report: Report, system: RunningStack, path: Path) -> None:
    """Send a part, never come back, let the upload's seven days end: nothing is left of it."""
    page = open_page(system)
    upload = page.open(path, draft(system.database), "abandoned.bin")
    with suppress(Closed, httpx.HTTPError, RuntimeError):
        page.send(upload, path, closing(page, 8))
    with system.database.transaction() as session:
        row = session.get_one(Upload, upload["id"])
        row.expires_at = utc_now()
        session.add(row)
    with system.database.transaction() as session:
        enqueue(session, SweepUploads())
    wait_until(lambda: reclaimed(system, upload) is not None, 60, "the sweep did not take the upload")
    store = S3Store(Settings.from_environment(system.stack.settings.environment_for("workers")))
    leftover = store.head(row.key)
    report.equal("bytes left of an abandoned upload", 0, leftover.size if leftover else 0)
    report.equal("unfinished multiparts left of it", 0, int(is_open(store, row)))
    report.facts["bytes reclaimed of it"] = reclaimed(system, upload)


def is_open(store: S3Store, upload: Upload) -> bool:
    """Whether the store still has the unfinished multipart upload."""
    try:
        store.multipart.list_parts(upload.key, upload.store_upload_id or "")
    except UploadLost:
        return False
    return True


def closing(page: Page, at: int) -> Any:
    """A function that closes the page once so many parts were begun."""

    def look(done: int) -> None:
        if done >= at:
            page.close()
            raise Closed

    return look


def reclaimed(system: RunningStack, upload: dict[str, Any]) -> int | None:
    """How many bytes a sweep took back from an upload; None until it has done so."""
    statement = text("SELECT reclaimed_bytes FROM upload WHERE id = :id AND reclaimed_at IS NOT NULL")
    with system.database.engine.connect() as connection:
        return connection.execute(statement, {"id": upload["id"]}).scalar_one_or_none()
