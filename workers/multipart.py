"""S3 multipart upload in bounded memory, taken up again where it broke off.

The store itself says which parts it holds, and their size and MD5 must be the file's. A part is read
twice, once for its checksums and once to be sent, and never held in memory as a whole.
"""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import urllib3
from minio import Minio
from minio.datatypes import Part as StoredPart

from core.kit.errors import ComptoirError, StoreUnavailable
from core.ports import PartsDiffer, UploadLost
from core.uploads.part_plan import Part, UploadPlan
from workers.multipart_completion import complete_upload
from workers.part_answers import is_md5, plain_etag
from workers.part_sending import send_part
from workers.store_errors import StoreRefused, store_errors

BLOCK = 1 << 16  # bytes read and sent at once
SENDERS = 4  # parts under way at once
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PART_URL_LIFE = timedelta(hours=6)
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
WRONG_PARTS = ("InvalidPart", "InvalidPartOrder", "EntityTooSmall")

Progress = Callable[[int], None]
"""Gets bytes sent, or found in the store; a negative number when a part begins again."""
ReadAt = Callable[[int, int], bytes]


class SourceChanged(ComptoirError):
    """The file is not what it was when its upload began."""


class _Stopped(Exception):
    """Another part failed; this one is not worth finishing."""


@dataclass(frozen=True)
class Uploaded:
    """What is in the store now: bytes, and lower-case hexadecimal SHA-256 of the whole object."""

    size: int
    sha256: str


class Slice:
    """Some bytes of a source as the body of a part, read anew at each try."""

    def __init__(self, read_at: ReadAt, part: Part, progress: Progress, stop: threading.Event) -> None:
        self._read_at = read_at
        self._part = part
        self._progress = progress
        self._stop = stop
        self._sent = 0

    def __iter__(self) -> Iterator[bytes]:
        if self._sent:
            self._progress(-self._sent)
        self._sent = 0
        while self._sent < self._part.size:
            if self._stop.is_set():
                raise _Stopped
            left = self._part.size - self._sent
            data = self._read_at(self._part.offset + self._sent, min(BLOCK, left))
            yield data
            self._sent += len(data)
            self._progress(len(data))

    def end(self) -> None:
        """Report what was found in the store when the last try broke off."""
        if self._sent < self._part.size:
            self._progress(self._part.size - self._sent)


class Multipart:
    """Multipart uploads to one bucket. Raises `StoreUnavailable`, and `UploadLost` where named.

    `client` and `http` should have time-outs fit for slow lines.
    """

    def __init__(self, client: Minio, http: urllib3.PoolManager, bucket: str) -> None:
        self._client = client
        self._http = http
        self._bucket = bucket

    def begin(self, key: str, content_type: str) -> str:
        """Open an upload and return its id."""
        with store_errors(f"open the upload of {key}"):
            return self._client._create_multipart_upload(self._bucket, key, {"Content-Type": content_type})

    def list_parts(self, key: str, upload_id: str) -> dict[int, StoredPart]:
        """The parts that the store has of an upload, by number. Raises `UploadLost`."""
        parts: dict[int, StoredPart] = {}
        marker: str | None = None
        while True:
            with _noticing_loss(key), store_errors(f"list the parts of {key}"):
                page = self._client._list_parts(self._bucket, key, upload_id, part_number_marker=marker)
            seen_before = len(parts)
            parts.update({part.part_number: _plain(part) for part in page.parts})
            if not page.is_truncated:
                return parts
            if len(parts) == seen_before:  # it would go on for ever
                raise StoreUnavailable(f"The store lists the same parts of {key} again. Upgrade it.")
            marker = page.next_part_number_marker

    def abort(self, key: str, upload_id: str) -> None:
        """Let the store drop the parts; an upload that is gone is done."""
        with suppress(UploadLost), _noticing_loss(key), store_errors(f"drop the upload of {key}"):
            self._client._abort_multipart_upload(self._bucket, key, upload_id)

    def send(
        self, key: str, upload_id: str, stream: BinaryIO, plan: UploadPlan, progress: Progress | None = None
    ) -> Uploaded:
        """Send what is missing and complete the object. Raises `UploadLost`.

        `stream` must be seekable and keep its contents meanwhile.
        """
        report = progress or (lambda _bytes: None)
        sending = _Sending(self, key, upload_id, _read_at(stream), report)
        with _noticing_loss(key), store_errors(f"complete the upload of {key}"):
            parts, whole = sending.run(plan, self.list_parts(key, upload_id))
            complete_upload(self._client, self._bucket, key, upload_id, parts)
            if sending.unproved:
                self._compare(key, whole)
        return Uploaded(plan.size, whole)

    def complete(self, key: str, upload_id: str, etags: Sequence[str]) -> None:
        """Assemble the object of parts 1, 2, 3, … with these ETags. Raises `PartsDiffer`, `UploadLost`."""
        parts = [StoredPart(number, etag) for number, etag in enumerate(etags, start=1)]
        try:
            with _noticing_loss(key), store_errors(f"complete the upload of {key}"):
                complete_upload(self._client, self._bucket, key, upload_id, parts)
        except StoreRefused as error:
            if error.code not in WRONG_PARTS:
                raise
            raise PartsDiffer(f"The store holds other parts of {key}: {error.code}.") from None

    def put_bytes(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """Send one part from memory and return its ETag. Raises `UploadLost`."""
        md5 = hashlib.md5(data, usedforsecurity=False).digest()
        with _noticing_loss(key):
            return self.put_part(key, upload_id, Part(number, 0, len(data)), data, md5).etag

    def put_part(
        self, key: str, upload_id: str, part: Part, body: bytes | Iterable[bytes], md5: bytes
    ) -> StoredPart:
        """Send one part, again only where the store lacks it. `body` is iterated anew at each try."""
        url = self._client.get_presigned_url(
            "PUT",
            self._bucket,
            key,
            expires=PART_URL_LIFE,
            extra_query_params={"uploadId": upload_id, "partNumber": str(part.number)},
        )
        return send_part(
            self._http,
            url,
            part,
            body,
            md5,
            stored=lambda: self._stored_part(key, upload_id, part.number),
            what=f"take part {part.number} of {key}",
        )

    def _stored_part(self, key: str, upload_id: str, number: int) -> StoredPart | None:
        """The part that the store has under this number, if any."""
        with store_errors(f"look for part {number} of {key}"):
            page = self._client._list_parts(
                self._bucket, key, upload_id, max_parts=1, part_number_marker=str(number - 1)
            )
        return next((_plain(part) for part in page.parts if part.part_number == number), None)

    def unfinished(self, key: str) -> str:
        """The newest upload of this object that was begun and not completed; empty where there is none."""
        with store_errors(f"list the uploads of {key}"):
            page = self._client._list_multipart_uploads(self._bucket, prefix=key)
        own = [upload for upload in page.uploads if upload.object_name == key]
        own.sort(key=lambda upload: upload.initiated_time or EPOCH)
        return own[-1].upload_id or "" if own else ""

    def _compare(self, key: str, sha256: str) -> None:
        """Read an object whose parts could not be compared one by one. Raises `UploadLost`."""
        whole = hashlib.sha256()
        with store_errors(f"read {key}"):
            answer = self._client.get_object(self._bucket, key)
            for block in answer.stream(1 << 20):
                whole.update(block)
            answer.release_conn()
        if whole.hexdigest() != sha256:
            raise UploadLost(f"The store holds other bytes of {key} than were sent. Start it again.")


class _Sending:
    """The parts of one upload under way."""

    def __init__(
        self, upload: Multipart, key: str, upload_id: str, read_at: ReadAt, progress: Progress
    ) -> None:
        self._upload = upload
        self._key = key
        self._upload_id = upload_id
        self._read_at = read_at
        self._progress = progress
        self._stop = threading.Event()
        self.unproved = False
        """Whether a part was taken for ours by its size alone."""

    def run(self, plan: UploadPlan, stored_parts: dict[int, StoredPart]) -> tuple[list[StoredPart], str]:
        """Send the parts that the store lacks; returns all of its parts, and the SHA-256 of the whole."""
        whole = hashlib.sha256()
        done: list[StoredPart] = []
        under_way: deque[Future[StoredPart]] = deque()
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="upload") as pool:
            try:
                for part in plan.parts():
                    md5 = self._hash(part, whole.update)
                    stored = stored_parts.get(part.number)
                    if stored and _is(stored, part, md5):
                        self.unproved |= not is_md5(stored.etag)
                        done.append(stored)
                        self._progress(part.size)
                        continue
                    if len(under_way) == SENDERS:
                        done.append(under_way.popleft().result())
                    under_way.append(pool.submit(self._put, part, md5))
                done.extend(future.result() for future in under_way)
            except BaseException:
                self._stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return sorted(done, key=lambda part: part.part_number), whole.hexdigest()

    def _put(self, part: Part, md5: bytes) -> StoredPart:
        body = Slice(self._read_at, part, self._progress, self._stop)
        stored = self._upload.put_part(self._key, self._upload_id, part, body, md5)
        body.end()
        return stored

    def _hash(self, part: Part, whole: Callable[[bytes], None]) -> bytes:
        md5 = hashlib.md5(usedforsecurity=False)
        for offset in range(part.offset, part.offset + part.size, BLOCK):
            data = self._read_at(offset, min(BLOCK, part.offset + part.size - offset))
            md5.update(data)
            whole(data)
        return md5.digest()


def _read_at(stream: BinaryIO) -> ReadAt:
    """Reading at a place, from any thread."""
    lock = threading.Lock()

    def read(offset: int, amount: int) -> bytes:
        with lock:
            stream.seek(offset)
            data = stream.read(amount)
        if len(data) < amount:
            raise SourceChanged("The file became shorter while it was uploaded. Start again.")
        return data

    return read


def _is(stored: StoredPart, part: Part, md5: bytes) -> bool:
    """Whether the store holds this part; by its size where the ETag is no MD5. Another one is replaced."""
    return stored.size == part.size and (not is_md5(stored.etag) or stored.etag == md5.hex())


def _plain(part: StoredPart) -> StoredPart:
    return replace(part, etag=plain_etag(part.etag))


@contextmanager
def _noticing_loss(key: str) -> Iterator[None]:
    try:
        yield
    except StoreRefused as error:
        if error.code == "NoSuchUpload":
            raise UploadLost(f"The store forgot the unfinished upload of {key}. Start it again.") from None
        if error.code == "NotImplemented":
            # rclone writes parts as they come and cannot replace one by other bytes.
            raise UploadLost(f"The store holds parts of another file for {key}. Start it again.") from None
        raise
