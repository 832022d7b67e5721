"""A shop moves from its earlier store amid an upload: the file is asked for again, with a notice."""

from pathlib import Path

import httpx
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.process.settings import Settings
from core.uploads import part_plan
from schemas.catalogue import Asset
from schemas.uploads import Upload
from scripts.embedded.earlier_store import move_objects
from scripts.embedded.store_access import make_keys
from tests.api.seller import PDF, Seller
from tests.support.rclone_store import RcloneStore
from tests.support.stored import reaching
from tests.support.worker import Worker
from workers.store import S3Store


def begun_earlier(folder: Path, database: Database, upload: dict[str, str]) -> None:
    """The upload's first part is in the earlier store, whose id for it the shop has."""
    with Session(database.engine) as session:
        key = session.get_one(Upload, upload["id"]).key
    with RcloneStore(folder / "store", folder / "rclone.log", make_keys()) as earlier:
        multipart = S3Store(reaching(earlier)).multipart
        store_id = multipart.begin(key, "application/pdf")
        multipart.put_bytes(key, store_id, 1, PDF[: part_plan.USUAL_PART])
    row = update(Upload).where(col(Upload.key) == key).values(store_upload_id=store_id)
    with database.transaction() as session:
        session.execute(row)


def test_an_upload_that_the_earlier_store_held_is_lost_and_the_file_arrives_as_a_new_one(
    seller: Seller, worker: Worker, database: Database, upload_settings: Settings, tmp_path: Path
) -> None:
    upload = seller.open()
    begun_earlier(tmp_path, database, upload)
    move_objects(tmp_path / "store", upload_settings.s3_bucket, upload_settings, lambda text: None)

    signed = seller.call("POST", f"/api/uploads/{upload['id']}/parts", json={"numbers": [2]}).json()
    refused = httpx.put(signed["urls"]["2"], content=PDF[part_plan.USUAL_PART :])
    assert (refused.status_code, "NoSuchUpload" in refused.text) == (404, True), "the page starts anew at 404"
    assert seller.look(upload)["state"] == "lost"
    worker.do_all("reclaim_upload")

    again = seller.send()
    assert again["id"] != upload["id"]
    worker.do_all("verify_upload")
    assert seller.look(again)["state"] == "accepted"
    with Session(database.engine) as session:
        asset = session.exec(select(Asset)).one()
    assert b"".join(worker.services.store.chunks(asset.key)) == PDF
