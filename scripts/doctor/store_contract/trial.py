"""A store on trial: requests as the shop and its buyers send them, and a record of what they leave."""

import http.client
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from urllib.parse import urlsplit
from xml.etree import ElementTree

import urllib3
from minio import Minio
from urllib3.util import Retry, Timeout

from core.kit.errors import ComptoirError
from core.process.settings import Settings
from scripts.doctor.finding import State
from workers.bucket_cors import origins_of
from workers.multipart import Multipart
from workers.store import S3Store, open_client

FOLDER = "doctor/contract/"
"""Where trials put their objects; whatever is older than `STALE` there was left by one that was killed."""
STALE = timedelta(hours=1)
LEAST_PART = 5 << 20
"""Bytes; a store may refuse smaller parts, but for the last one
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)."""
LONGEST = 30.0  # seconds; one request
MOST_VERSIONS = 10  # of one key that are removed
LIFE = 300  # seconds; of a signed address

Answer = urllib3.BaseHTTPResponse


class Broken(Exception):
    """A store does not do what a clause asks; `state` where that weighs otherwise than the clause says."""

    def __init__(self, detail: str, state: State | None = None) -> None:
        super().__init__(detail)
        self.state = state


class TimeOver(ComptoirError):
    """The trial has taken as long as it may."""


@dataclass(frozen=True)
class Upload:
    """A multipart upload that was begun."""

    key: str
    id: str


class Trial:
    """Everything under one prefix, with the shop's own key; `clean` removes it. Lasts `patience` seconds."""

    def __init__(self, settings: Settings, *, patience: float) -> None:
        own = replace(settings, s3_public_endpoint="")  # what lies between is looked at by `download`
        self._deadline = time.monotonic() + patience
        self._http = urllib3.PoolManager(
            maxsize=16,
            timeout=Timeout(connect=5, read=LONGEST),
            # A connection that the store has closed meanwhile says nothing about it.
            retries=Retry(
                connect=1,
                read=1,
                redirect=False,
                status=0,
                raise_on_status=False,
                respect_retry_after_header=False,
            ),
        )
        self.bucket = settings.s3_bucket
        self.endpoint = settings.s3_endpoint
        self.origins = origins_of(settings)
        self.s3 = S3Store(own)
        self.client: Minio = open_client(own, own.s3_endpoint, self._http)
        self.multipart = Multipart(self.client, self._http, self.bucket)
        self.prefix = f"{FOLDER}{token_hex(6)}/"
        self._keys: set[str] = set()
        self._uploads: list[Upload] = []

    def key(self, name: str) -> str:
        """A key of this trial, whose object will be removed."""
        self._keys.add(self.prefix + name)
        return self.prefix + name

    def sign(
        self,
        method: str,
        key: str,
        query: Mapping[str, str] | None = None,
        *,
        ago: timedelta = timedelta(0),
        expires: int = LIFE,
    ) -> str:
        """An address for one method, signed so long ago, valid `expires` seconds from then."""
        return self.client.get_presigned_url(
            method,
            self.bucket,
            key,
            expires=timedelta(seconds=expires),
            request_date=datetime.now(UTC) - ago,
            extra_query_params=dict(query or {}),
        )

    def send(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request as it is. Raises `TimeOver`, and urllib3's `HTTPError`."""
        self.heed_time()
        return self._http.request(method, url, body=body, headers=dict(headers or {}), redirect=False)

    def ask(
        self, method: str, key: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request by a signed address of its own."""
        return self.send(method, self.sign(method, key), body, headers)

    def stored(self, name: str, body: bytes) -> str:
        """Store an object and return its key. Raises `Broken`."""
        key = self.key(name)
        status = self.ask("PUT", key, body, {"Content-Type": "text/plain"}).status
        if status != 200:
            raise Broken(f"a signed PUT is answered with {status}", "fail")
        return key

    def begin(self, name: str, content_type: str = "application/octet-stream") -> Upload:
        """Begin a multipart upload, which will be aborted."""
        self.heed_time()
        key = self.key(name)
        upload = Upload(key, self.multipart.begin(key, content_type))
        self._uploads.append(upload)
        return upload

    def part_url(self, upload: Upload, number: int, length: int) -> str:
        """The address that a seller's browser sends a part to."""
        return self.s3.sign_part(upload.key, upload.id, number, length=length, expires=LIFE)

    def put_part(
        self, upload: Upload, number: int, body: bytes, headers: Mapping[str, str] | None = None
    ) -> str:
        """Send a part as a browser does and return its ETag as it came. Raises `Broken`."""
        answer = self.send("PUT", self.part_url(upload, number, len(body)), body, headers)
        if answer.status != 200:
            raise Broken(f"part {number} is answered with {answer.status}")
        return answer.headers.get("etag", "")

    def desert(self, url: str, body: bytes, send: int) -> None:
        """Begin a PUT of `body`, send the first bytes of it, and go away before it is answered."""
        self.heed_time()
        place = urlsplit(url)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.netloc, timeout=LONGEST)
        try:
            connection.putrequest("PUT", f"{place.path}?{place.query}", skip_accept_encoding=True)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body[:send])
        finally:
            connection.close()

    def heed_time(self) -> None:
        """Go on only while there is time. Raises `TimeOver`."""
        if time.monotonic() > self._deadline:
            raise TimeOver("The store takes too long to answer: the trial was ended.")

    def sweep(self) -> None:
        """Remove what trials that were killed have left; where the key may not list, they stay."""
        before = datetime.now(UTC) - STALE
        with suppress(Exception):  # the clauses about lists say what is wrong
            self._keys |= {stored.key for stored in self.s3.names(FOLDER) if stored.modified < before}
        with suppress(Exception):
            page = self.client._list_multipart_uploads(self.bucket, prefix=FOLDER)
            for upload in page.uploads:
                if upload.initiated_time and upload.initiated_time < before and upload.upload_id:
                    self._uploads.append(Upload(upload.object_name, upload.upload_id))

    def clean(self) -> list[str]:
        """Abort all uploads and remove all objects with their versions; returns what could not be."""
        self._deadline = time.monotonic() + 2 * LONGEST
        left = []
        for upload in self._uploads:
            try:
                self.heed_time()
                self.multipart.abort(upload.key, upload.id)
            except Exception:  # noqa: BLE001 - whatever this one breaks with, the others are removed
                left.append(f"an unfinished upload of {upload.key}")
        left += [key for key in sorted(self._keys) if not self._removed(key)]
        return left

    def _removed(self, key: str) -> bool:
        """Remove an object; where the bucket keeps versions, all that show themselves, if the key may."""
        with suppress(Exception):  # as above
            for _ in range(MOST_VERSIONS):
                seen = self.ask("HEAD", key)
                if seen.status != 200:
                    break
                version = seen.headers.get("x-amz-version-id", "")
                gone = version and self.send("DELETE", self.sign("DELETE", key, {"versionId": version}))
                if not gone or gone.status >= 300:
                    self.s3.delete(key)
            return self.ask("HEAD", key).status != 200
        return False


def code_of(answer: Answer) -> str:
    """The code of an S3 error document, or the status where there is none."""
    try:
        code = ElementTree.fromstring(answer.data).findtext("{*}Code")  # noqa: S314  # our own store's answer
    except ElementTree.ParseError:
        code = None
    return f"{answer.status} {code or ''}".strip()


def expect(holds: bool, detail: str, state: State | None = None) -> None:
    """Raise `Broken` with what was found, where it does not hold."""
    if not holds:
        raise Broken(detail, state)
