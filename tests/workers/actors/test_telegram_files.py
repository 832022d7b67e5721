"""A file sent to the bot, from the sandbox Telegram into the real store, a part at a time."""

import hashlib
import os
import tracemalloc

from pyrogram.file_id import FileId, FileType
from sqlmodel import Session, select

from core.people.people import upsert_person
from core.uploads.opening import rules_of
from core.uploads.part_plan import UploadPlan
from core.uploads.telegram_files import SentFile, take_sent_file
from schemas.base import utc_now
from schemas.catalogue import Asset
from schemas.jobs import TakeTelegramFile, VerifyUpload
from schemas.queue import Job
from schemas.uploads import Upload
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.media import REFERENCE
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.views import Message
from scripts.sandbox.telegram.world import ACCESS_HASH
from tests.support import make
from tests.support.worker import Worker
from workers.actors import upload_parts
from workers.telegram.file_stream import stream_into_store

MIB = 1 << 20


def file_id_of(message: Message) -> str:
    """What the client makes of a document in a message."""
    assert message.file is not None
    file_id = FileId(
        file_type=FileType.DOCUMENT,
        dc_id=2,
        media_id=message.file["id"],
        access_hash=ACCESS_HASH,
        file_reference=REFERENCE,
    )
    return str(file_id.encode())


def send(worker: Worker, ann: Person, data: bytes, name: str = "cours.bin") -> Upload:
    """Ann has a shop and sends a file; the bot has written the draft down."""
    message = ann.sends_document(data, name)
    file_id = file_id_of(message)
    with worker.database.transaction() as session:
        owner = upsert_person(
            session, telegram_id=ann.id, name="Ann", username=None, language_code="en", now=utc_now()
        )
        shop = make.seller(session, owner)
        sent = SentFile(file_id, file_id, name, len(data), "")
        rules = rules_of(worker.services.settings)
        upload, _ = take_sent_file(
            session, owner, shop, sent, caption="", message_id=message.id, rules=rules, now=utc_now()
        )
        return upload


def test_a_file_sent_to_the_bot_becomes_a_product_without_a_temporary_file(
    worker: Worker, ann: Person
) -> None:
    data = os.urandom(20 * MIB + 5)
    upload = send(worker, ann, data, "leçon.bin")
    (done,) = worker.do_all("take_telegram_file")
    assert done.state == "done", done.error_message
    (verified,) = worker.do_all("verify_upload")
    assert verified.state == "done", verified.error_message
    with Session(worker.database.engine) as session:
        asset = session.exec(select(Asset)).one()
        assert (asset.name, asset.size, asset.product_id) == ("leçon.bin", len(data), upload.product_id)
        assert asset.sha256 == hashlib.sha256(data).hexdigest()


def test_an_interrupted_transfer_fetches_only_what_lacks(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    data = os.urandom(20 * MIB)
    upload = send(worker, ann, data)
    store_id = upload_parts.begin_at_store(worker.services, upload)
    worker.services.store.multipart.put_bytes(upload.key, store_id, 1, data[: upload.part_size])
    before = int(sandbox.counts["file_bytes"])
    (done,) = worker.do_all("take_telegram_file")
    assert done.state == "done", done.error_message
    assert int(sandbox.counts["file_bytes"]) - before == len(data) - upload.part_size
    worker.do_all("verify_upload")
    assert worker.row(Upload, upload.id).sha256 == hashlib.sha256(data).hexdigest()


def test_a_file_is_refused_by_its_first_bytes_before_the_rest_is_fetched(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    upload = send(worker, ann, b"MZ" + bytes(40 * MIB), "cours.pdf")
    before = int(sandbox.counts["file_bytes"])
    worker.do_all("take_telegram_file", "reclaim_upload")
    assert int(sandbox.counts["file_bytes"]) - before == upload.part_size
    row = worker.row(Upload, upload.id)
    assert (row.state, row.reason) == ("refused", "program-disguised")
    worker.do_all("notify")
    ann.wait_for("cours.pdf is a program, and its name says otherwise")


def test_a_transfer_holds_one_part_at_a_time_in_memory(worker: Worker, ann: Person) -> None:
    upload = send(worker, ann, bytes(30 * MIB))
    tracemalloc.start()
    memory: list[int] = []
    try:
        store_id = upload_parts.begin_at_store(worker.services, upload)
        stream_into_store(
            worker.services,
            file_id=upload.telegram_file_id or "",
            plan=UploadPlan(upload.size, 5 * MIB),
            key=upload.key,
            store_id=store_id,
            between=lambda: memory.append(tracemalloc.get_traced_memory()[0]),
            look=len,
        )
    finally:
        tracemalloc.stop()
    assert len(memory) == 6
    assert max(memory) - memory[1] < 2 * MIB


def test_a_file_that_telegram_has_no_more_is_refused_in_words(worker: Worker, ann: Person) -> None:
    upload = send(worker, ann, b"x" * 1000)
    with worker.database.transaction() as session:
        row = session.get_one(Upload, upload.id)
        gone = FileId(file_type=FileType.DOCUMENT, dc_id=2, media_id=1, access_hash=1, file_reference=b"x")
        row.telegram_file_id = gone.encode()
        session.add(row)
    worker.do_all("take_telegram_file", "reclaim_upload")
    row = worker.row(Upload, upload.id)
    assert (row.state, row.reason) == ("refused", "telegram-gone")
    worker.do_all("notify")
    ann.wait_for("Telegram no longer has this file")


def test_a_store_that_forgot_the_parts_is_sent_all_of_them(worker: Worker, ann: Person) -> None:
    data = os.urandom(17 * MIB)
    upload = send(worker, ann, data)
    store_id = upload_parts.begin_at_store(worker.services, upload)
    worker.services.store.multipart.abort(upload.key, store_id)
    with Session(worker.database.engine) as session:
        job_id = session.exec(select(Job.id).where(Job.actor == TakeTelegramFile.actor)).one()
    assert worker.perform(job_id).state == "queued"  # again in a second, from the beginning
    assert worker.row(Upload, upload.id).store_upload_id is None
    with worker.database.transaction() as session:
        job = session.get_one(Job, job_id)
        job.due_at = utc_now()
        session.add(job)
    assert worker.perform(job_id).state == "done"
    (verified,) = worker.do_all(VerifyUpload.actor)
    assert verified.state == "done"
    assert worker.row(Upload, upload.id).state == "accepted"
