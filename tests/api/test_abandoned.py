"""A listing fee that nobody pays: seven days later the store holds nothing of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.db import Database
from core.ports import UploadLost
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.jobs import SweepUploads
from schemas.uploads import Upload
from tests.api.seller import PDF, Seller
from tests.support.web import Client, serving
from tests.support.worker import Worker


@pytest.fixture(params=["on_confirm", "after_payment"])
def upload_settings(upload_settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """A shop that asks a fee for each product."""
    return replace(upload_settings, listing_fee="stars=100", upload_policy=request.param)


@pytest.fixture
def app(upload_settings: Settings, database: Database) -> Iterator[Client]:
    with serving(upload_settings, database) as client:
        yield client


def test_an_abandoned_payment_leaves_no_byte_and_no_open_multipart_in_the_store(
    seller: Seller,
    worker: Worker,
    database: Database,
    upload_settings: Settings,
) -> None:
    if upload_settings.upload_policy == "on_confirm":
        upload, sent = seller.send(), len(PDF)
        worker.do_all("verify_upload")
    else:
        upload, sent = seller.open(), 0
    assert seller.look(upload)["state"] == "awaiting_payment"
    assert stored(worker, database, upload["id"]) == sent
    with database.transaction() as session:
        session.get_one(Upload, upload["id"]).expires_at = utc_now() - timedelta(seconds=1)
        enqueue(session, SweepUploads())
    worker.do_all("sweep_uploads", "reclaim_upload")

    with Session(database.engine) as session:
        row = session.get_one(Upload, upload["id"])
    assert (row.state, row.reclaimed_bytes) == ("aborted", sent)
    assert stored(worker, database, upload["id"]) == 0
    if row.store_upload_id is not None:
        with pytest.raises(UploadLost):
            worker.services.store.multipart.list_parts(row.key, row.store_upload_id)


def stored(worker: Worker, database: Database, upload_id: str) -> int:
    """Bytes that the store has under the upload's key."""
    with Session(database.engine) as session:
        found = worker.services.store.head(session.get_one(Upload, upload_id).key)
    return found.size if found else 0
