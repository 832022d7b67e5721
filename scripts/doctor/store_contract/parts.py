"""Clauses about uploads in parts that go well: order, numbers, lists, ETags, and what is given up."""

import hashlib
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from minio.datatypes import Part as StoredPart

from core.ports import UploadLost
from core.uploads.part_plan import MOST_PARTS
from scripts.doctor.store_contract.trial import LEAST_PART, Broken, Trial, Upload, expect
from workers.multipart_completion import complete_upload
from workers.part_answers import is_md5, plain_etag
from workers.store_errors import StoreRefused, store_errors

MANY = 1_200
PAGES = 30  # at most; the smallest pages that a store is known to give have 100 parts
SENDERS = 12
SMALL = b"a part that is the last one"
TYPE = "image/webp"
BUSY = (429, 500, 503)


def any_order(trial: Trial) -> str:
    """Parts that come in another order are assembled in theirs, and the object has the type of its upload."""
    upload, first = trial.begin("order.bin", TYPE), os.urandom(LEAST_PART)
    second = trial.put_part(upload, 2, SMALL)
    assemble(trial, upload, {1: trial.put_part(upload, 1, first), 2: second})
    expect_object(trial, upload, first + SMALL)
    stored = trial.s3.head(upload.key)
    expect(stored is not None and stored.content_type == TYPE, "an upload loses its type on the way")
    return "parts that come in another order are assembled in theirs"


def highest_number(trial: Trial) -> str:
    """Parts 1 and 10,000, without those between."""
    upload, first = trial.begin("numbers.bin"), os.urandom(LEAST_PART)
    etags = {1: trial.put_part(upload, 1, first), MOST_PARTS: trial.put_part(upload, MOST_PARTS, SMALL)}
    assemble(trial, upload, etags)
    expect_object(trial, upload, first + SMALL)
    return "parts 1 and 10,000 are assembled"


def many_parts(trial: Trial) -> str:
    """The list of 1,200 parts, over pages."""
    upload = trial.begin("many.bin")
    with ThreadPoolExecutor(SENDERS) as pool:
        refused = [
            status for status in pool.map(lambda number: _tiny(trial, upload, number), _numbers()) if status
        ]
    expect(not refused, f"{len(refused)} of {MANY} small parts are refused (HTTP {refused[:1]})")
    listed: dict[int, int] = {}
    marker: str | None = None
    for _ in range(PAGES):
        trial.heed_time()
        with store_errors("list parts"):
            page = trial.client._list_parts(trial.bucket, upload.key, upload.id, part_number_marker=marker)
        listed |= {part.part_number: part.size or 0 for part in page.parts}
        marker = page.next_part_number_marker
        if not page.is_truncated:
            break
    sizes = {number: len(_body(number)) for number in _numbers()}
    expect(listed == sizes, f"{len(sizes.items() & listed.items())} of {MANY} parts are listed")
    return f"{MANY:,} parts are listed over pages"


def etags(trial: Trial) -> str:
    """A part's ETag is its MD5, in the answer and in the list."""
    upload = trial.begin("etags.bin")
    etag = trial.put_part(upload, 1, SMALL)
    expect(bool(etag), "a part is answered without an ETag", "fail")
    listed = trial.multipart.list_parts(upload.key, upload.id)
    expect(1 in listed, "a part that was taken is not listed", "fail")
    expect(
        listed[1].etag == plain_etag(etag), "a part has another ETag in the list than in its answer", "fail"
    )
    expect(not etag.startswith("W/"), "ETags are weakened on their way; they are read all the same")
    own = hashlib.md5(SMALL, usedforsecurity=False).hexdigest()
    expect(is_md5(listed[1].etag) and listed[1].etag == own, "a part's ETag is not its MD5")
    return "a part's ETag is its MD5"


def replaced(trial: Trial) -> str:
    """Of a part that is sent twice the later one counts."""
    upload = trial.begin("twice.bin")
    trial.put_part(upload, 1, b"what was sent first")
    assemble(trial, upload, {1: trial.put_part(upload, 1, SMALL)})
    expect_object(trial, upload, SMALL)
    return "of a part that is sent twice the later one counts"


def unfinished(trial: Trial) -> str:
    """An upload that was broken off is found again by its key."""
    upload = trial.begin("unfinished.bin")
    trial.put_part(upload, 1, SMALL)
    try:
        upload_id = trial.multipart.unfinished(upload.key)
    except StoreRefused as error:
        raise Broken(f"unfinished uploads cannot be listed: {error.code}") from None
    expect(upload_id == upload.id, "an unfinished upload is not listed")
    return "unfinished uploads are listed"


def aborted(trial: Trial) -> str:
    """An upload that was given up is gone with its parts."""
    upload = trial.begin("aborted.bin")
    trial.put_part(upload, 1, SMALL)
    trial.multipart.abort(upload.key, upload.id)
    try:
        trial.multipart.list_parts(upload.key, upload.id)
    except UploadLost:
        return "an upload that is given up is gone"
    raise Broken("an upload that is given up still has its parts")


def assemble(trial: Trial, upload: Upload, etags: dict[int, str]) -> None:
    """Complete an upload as the shop does. Raises `Broken`."""
    trial.heed_time()
    parts = [StoredPart(number, plain_etag(etag)) for number, etag in sorted(etags.items())]
    try:
        complete_upload(trial.client, trial.bucket, upload.key, upload.id, parts)
    except StoreRefused as error:
        raise Broken(f"completing the upload is refused: {error.code}") from None


def expect_object(trial: Trial, upload: Upload, body: bytes) -> None:
    """Read the object and compare it. Raises `Broken`."""
    answer = trial.ask("GET", upload.key)
    same = answer.status == 200 and answer.data == body
    expect(same, f"the object has other bytes than were sent ({len(answer.data)} of {len(body)})", "fail")


def _numbers() -> Sequence[int]:
    return range(1, MANY + 1)


def _body(number: int) -> bytes:
    return f"part {number}".encode()


def _tiny(trial: Trial, upload: Upload, number: int) -> int:
    """Send one of many parts; returns the status of its refusal, or 0."""
    body = _body(number)
    for pause in (0.5, 1.0, None):
        status = trial.send("PUT", trial.part_url(upload, number, len(body)), body).status
        if status not in BUSY or pause is None:
            break
        time.sleep(pause)
    return 0 if status == 200 else status
