"""Clauses about uploads that go wrong on the way: damaged, cut, left before the answer, completed wrongly."""

import hashlib
import os
from base64 import b64encode

from minio.datatypes import Part as StoredPart

from core.ports import UploadLost
from scripts.doctor.store_contract.parts import SMALL, assemble, expect_object
from scripts.doctor.store_contract.trial import LEAST_PART, Broken, Trial, expect
from workers.multipart import WRONG_PARTS
from workers.multipart_completion import check_completed, complete_upload
from workers.store_errors import StoreRefused, store_errors


def wrong_etag(trial: Trial) -> str:
    """Nothing is completed of a part that is not the one that was meant, and the right one is still there."""
    upload = trial.begin("wrong.bin")
    etag = trial.put_part(upload, 1, SMALL)
    trial.heed_time()
    try:
        complete_upload(trial.client, trial.bucket, upload.key, upload.id, [StoredPart(1, "0" * 32)])
    except StoreRefused as error:
        expect(error.code in WRONG_PARTS, f"a part with another ETag is refused as {error.code}", "warn")
    else:
        raise Broken("an upload is completed with the ETag of another part")
    expect(trial.ask("HEAD", upload.key).status != 200, "a completion that was refused left an object")
    try:
        assemble(trial, upload, {1: etag})
    except Broken:
        raise Broken("a completion that is refused takes the upload with it", "warn") from None
    expect_object(trial, upload, SMALL)
    return "a part with another ETag is refused, and the upload goes on"


def completed_answer(trial: Trial) -> str:
    """Whoever says 200 to a completion says inside that it worked, and it did.

    A store may fail after it has sent its 200
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html).
    """
    upload = trial.begin("answer.bin")
    etag = trial.put_part(upload, 1, SMALL)
    trial.heed_time()
    body = (
        f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"
        "</CompleteMultipartUpload>"
    ).encode()
    try:
        with store_errors("complete an upload"):
            answer = trial.client._execute(
                "POST",
                trial.bucket,
                upload.key,
                body=body,
                headers={"Content-Type": "application/xml"},
                query_params={"uploadId": upload.id},
            )
        check_completed(upload.key, answer.data)
    except StoreRefused as error:
        raise Broken(f"a completion is answered with {error.code}") from None
    expect_object(trial, upload, SMALL)
    return "the answer to a completion says that it worked"


def damaged(trial: Trial) -> str:
    """A part that does not have the MD5 it came with is refused (RFC 1864)."""
    upload = trial.begin("damaged.bin")
    digest = hashlib.md5(b"something else", usedforsecurity=False).digest()
    url = trial.part_url(upload, 1, len(SMALL))
    answer = trial.send("PUT", url, SMALL, {"Content-MD5": b64encode(digest).decode()})
    expect(400 <= answer.status < 500, f"a damaged part is answered with {answer.status}")
    try:
        listed = trial.multipart.list_parts(upload.key, upload.id)
    except UploadLost:
        raise Broken("a damaged part is refused, and its whole upload with it") from None
    expect(not listed, "a damaged part is refused and kept")
    return "a damaged part is refused"


def cut(trial: Trial) -> str:
    """A part whose sender broke off in the middle is not there, and can be sent again."""
    upload, body = trial.begin("cut.bin"), os.urandom(256 << 10)
    trial.desert(trial.part_url(upload, 1, len(body)), body, len(body) // 2)
    listed = trial.multipart.list_parts(upload.key, upload.id)
    expect(not listed, "half a part is kept as if it were whole")
    assemble(trial, upload, {1: trial.put_part(upload, 1, body)})
    expect_object(trial, upload, body)
    return "half a part is not kept"


def left(trial: Trial) -> str:
    """Senders that went away before they were answered: what is not listed is sent again."""
    upload, first = trial.begin("left.bin"), os.urandom(LEAST_PART)
    bodies = {1: first, 2: SMALL}
    for number in (2, 1):
        body = bodies[number]
        trial.desert(trial.part_url(upload, number, len(body)), body, len(body))
    listed = trial.multipart.list_parts(upload.key, upload.id)
    etags = {
        number: listed[number].etag if number in listed else trial.put_part(upload, number, body)
        for number, body in bodies.items()
    }
    assemble(trial, upload, etags)
    expect_object(trial, upload, first + SMALL)
    return "an upload goes on after its senders left before they were answered"
