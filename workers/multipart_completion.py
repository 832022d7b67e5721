"""Assembling a multipart upload at stores that answer 200 before they know whether it works."""

import time
from collections.abc import Sequence
from contextlib import suppress
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from minio import Minio
from minio.datatypes import Part as StoredPart

from workers.part_answers import PASSING, PAUSES
from workers.store_errors import StoreRefused, error_code, store_errors


def complete_upload(
    client: Minio, bucket: str, key: str, upload_id: str, parts: Sequence[StoredPart]
) -> None:
    """Assemble the object; a store that fails inside its own success is asked again.

    Raises `StoreRefused`, with the store's code, and `StoreUnavailable`.
    """
    for attempt, pause in enumerate((*PAUSES, None)):
        try:
            check_completed(key, _ask(client, bucket, key, upload_id, parts))
            return
        except StoreRefused as error:
            if error.code == "NoSuchUpload" and attempt and _stands(client, bucket, key):
                return  # it had completed it, and said otherwise
            if pause is None or error.code not in PASSING:
                raise
        time.sleep(pause)


def check_completed(key: str, body: bytes) -> None:
    """Check what CompleteMultipartUpload answered with 200. Raises `StoreRefused`.

    The status goes out before the work is done, so that a failure is an `Error` element inside
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html).
    """
    text = body.decode(errors="replace").strip()
    try:
        root = ElementTree.fromstring(text).tag.rpartition("}")[2]  # noqa: S314  # our own store's answer
    except ElementTree.ParseError:
        root = ""
    if root != "CompleteMultipartUploadResult":
        code = error_code(text) if root == "Error" else "InternalError"
        raise StoreRefused(f"complete the upload of {key}", code)


def _ask(client: Minio, bucket: str, key: str, upload_id: str, parts: Sequence[StoredPart]) -> bytes:
    listed = "".join(
        f"<Part><PartNumber>{part.part_number}</PartNumber><ETag>&quot;{escape(part.etag)}&quot;</ETag></Part>"
        for part in parts
    )
    with store_errors(f"complete the upload of {key}"):
        answer = client._execute(
            "POST",
            bucket,
            key,
            body=f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode(),
            headers={"Content-Type": "application/xml"},
            query_params={"uploadId": upload_id},
        )
    return bytes(answer.data)


def _stands(client: Minio, bucket: str, key: str) -> bool:
    with suppress(StoreRefused), store_errors(f"look at {key}"):
        client.stat_object(bucket, key)
        return True
    return False
