"""The object store behind `core.ports.ObjectStore`: any S3, by minio-py."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from hashlib import md5
from io import BytesIO
from typing import BinaryIO
from urllib.parse import urlsplit

import certifi
import urllib3
from minio import Minio
from minio.helpers import check_bucket_name
from urllib3.util import Retry, Timeout

from core.kit.errors import Permanent, SettingError, StoreUnavailable
from core.kit.names import content_disposition
from core.ports import ObjectInfo
from core.process.settings import Settings
from core.uploads.part_plan import plan_upload
from schemas.base import utc_now
from workers.bucket_cors import cors_rule
from workers.instrumentation import SILENT, Meter
from workers.metered_pool import MeteredPool
from workers.multipart import BLOCK, Multipart
from workers.part_answers import plain_etag
from workers.part_urls import sign_length
from workers.store_errors import StoreRefused, store_errors

# Seconds: a question and its answer, and a transfer on a slow line. Completing an upload of many
# gigabytes takes the store a while.
ASK = Timeout(connect=3, read=10)
TRANSFER = Timeout(connect=20, read=300)
LONGEST_SIGNATURE = 604_800
"""Seconds; Signature Version 4 allows seven days
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html)."""
PROBE = "door"  # the key of an object that is stored for a moment, to see what the store answers


class S3Store:
    """One bucket of an S3 store. Signing needs no network; everything else raises `StoreUnavailable`.

    Not to be shared between processes: build it after a fork.
    """

    def __init__(self, settings: Settings, meter: Meter = SILENT) -> None:
        settings.require("s3_endpoint", "s3_access_key", "s3_secret_key", "s3_bucket")
        self._bucket = settings.s3_bucket
        self._secret_key = settings.s3_secret_key
        self._pool = _pool(ASK, meter)
        self._client = open_client(settings, settings.s3_endpoint, self._pool)
        transfers = _pool(TRANSFER, meter)
        self._transfers = open_client(settings, settings.s3_endpoint, transfers)
        self._signer = open_client(settings, settings.s3_public_endpoint or settings.s3_endpoint, transfers)
        self._hides_missing = False
        self.multipart = Multipart(self._transfers, transfers, self._bucket)

    def head(self, key: str) -> ObjectInfo | None:
        """Look at the size and type of an object; None when it does not exist."""
        try:
            with store_errors(f"look at {key}"):
                stat = self._client.stat_object(self._bucket, key)
        except StoreRefused as error:
            if self._means_missing(error.code, key):
                return None
            raise
        return ObjectInfo(
            key=key,
            size=stat.size or 0,
            etag=plain_etag(stat.etag or ""),
            content_type=stat.content_type or "application/octet-stream",
            modified=stat.last_modified or utc_now(),
        )

    def sign_download(self, key: str, *, file_name: str, content_type: str, expires: int) -> str:
        """Sign a URL for GET, valid `expires` seconds (at most seven days), answered as an attachment."""
        return self._signer.get_presigned_url(
            "GET",
            self._bucket,
            key,
            expires=timedelta(seconds=min(expires, LONGEST_SIGNATURE)),
            response_headers={
                "response-content-disposition": content_disposition(file_name),
                "response-content-type": content_type,
            },
        )

    def sign_part(self, key: str, upload_id: str, number: int, *, length: int, expires: int) -> str:
        """Sign a URL by which a browser PUTs one part of `length` bytes, valid `expires` seconds."""
        url = self._signer.get_presigned_url(
            "PUT",
            self._bucket,
            key,
            expires=timedelta(seconds=expires),
            extra_query_params={"uploadId": upload_id, "partNumber": str(number)},
        )
        return sign_length(url, self._secret_key, length)

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        """Read some bytes of an object, fewer at its end. Raises `Permanent` when there is no such object."""
        with self._open(key, self._client, offset, length) as answer, store_errors(f"read {key}"):
            return answer.read(length)

    def sign_read(self, key: str, *, expires: int) -> str:
        """Sign a URL for ranged GETs of our own, at the address where workers reach the store."""
        return self._client.get_presigned_url("GET", self._bucket, key, expires=timedelta(seconds=expires))

    def upload(
        self,
        key: str,
        stream: BinaryIO,
        size: int,
        content_type: str,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Store `size` bytes of a seekable stream; an upload that fails leaves no parts behind."""
        upload_id = self.multipart.begin(key, content_type)
        try:
            self.multipart.send(key, upload_id, stream, plan_upload(size), progress)
        except BaseException:
            self.multipart.abort(key, upload_id)
            raise

    def read(self, key: str, *, limit: int) -> bytes:
        """Read a small object whole. Raises `Permanent` when it does not exist or exceeds `limit` bytes."""
        with self._open(key, self._client) as answer:
            size = int(answer.headers.get("content-length", "0"))
            if size > limit:
                raise Permanent(f"{key} has {size} bytes, more than the {limit} allowed here.")
            with store_errors(f"read {key}"):
                return answer.read(limit)

    def chunks(self, key: str, size: int = 1 << 20) -> Iterator[bytes]:
        """Stream an object once, `size` bytes at a time."""
        with self._open(key, self._transfers) as answer, store_errors(f"read {key}"):
            yield from answer.stream(size)

    def names(self, prefix: str) -> Iterator[ObjectInfo]:
        """List the objects whose keys begin so, in the order of their keys; without their types."""
        with store_errors(f"list {prefix}"):
            for stored in self._client.list_objects(self._bucket, prefix=prefix, recursive=True):
                yield ObjectInfo(
                    key=stored.object_name or "",
                    size=stored.size or 0,
                    etag=stored.etag or "",
                    content_type="",
                    modified=stored.last_modified or utc_now(),
                )

    def delete(self, key: str) -> None:
        """Remove an object; removing what is gone is done."""
        with store_errors(f"remove {key}"):
            self._client.remove_object(self._bucket, key)

    def ensure_bucket(self, origins: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Make the bucket where it lacks, and let pages of these origins send parts to it.

        Returns the origins that are still shut out: our key may not set the rule, or CORS is a setting of
        the server (rclone, MinIO) and does not name them. The rule is S3's PutBucketCors
        (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html).
        """
        with store_errors(f"find the bucket {self._bucket}"):
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)
        body = cors_rule(origins)
        digest = b64encode(md5(body, usedforsecurity=False).digest()).decode()
        # What counts is whether a browser is let in, and that is asked next.
        with suppress(StoreRefused), store_errors("allow browsers"):
            self._client._execute(
                "PUT",
                self._bucket,
                body=body,
                headers={"Content-Type": "application/xml", "Content-MD5": digest},
                query_params={"cors": ""},
            )
        return self.shut_out(origins)

    def takes_objects(self) -> bool:
        """Whether it stores a byte now: a full store still answers questions."""
        try:
            return self._finds_own(PROBE)
        except StoreUnavailable:
            return False

    def shut_out(self, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Find those of these origins whose pages cannot send parts here."""
        return tuple(origin for origin in origins if not self._lets_in(origin))

    def _lets_in(self, origin: str) -> bool:
        """Whether a page may PUT here and read the ETag, by the answers that a browser would get.

        The preflight and the request are those of https://fetch.spec.whatwg.org/#http-cors-protocol.
        """
        url = self._client.get_presigned_url("PUT", self._bucket, PROBE, expires=timedelta(seconds=60))
        preflight = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        preflight["Access-Control-Request-Headers"] = "content-type"
        with store_errors("let browsers in"):
            allowed = self._pool.request("OPTIONS", url, headers=preflight).headers
            stored = self._pool.request("PUT", url, body=b"", headers={"Origin": origin}).headers
            self._client.remove_object(self._bucket, PROBE)
        exposed = stored.get("access-control-expose-headers", "").lower()
        return allowed.get("access-control-allow-origin") in ("*", origin) and "etag" in exposed

    def _means_missing(self, code: str, key: str) -> bool:
        """Whether this refusal says that there is no such object.

        A key that may not list the bucket is answered AccessDenied in place of NoSuchKey
        (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html). So it is where the same key can
        write an object beside it, and read that.
        """
        if code != "AccessDenied":
            return code == "NoSuchKey"
        if not self._hides_missing:
            self._hides_missing = self._finds_own(f"{key.partition('/')[0]}/{PROBE}")
        return self._hides_missing

    def _finds_own(self, probe: str) -> bool:
        try:
            with store_errors("write and read a probe"):
                self._client.put_object(self._bucket, probe, BytesIO(b"."), 1)
                self._client.stat_object(self._bucket, probe)
                self._client.remove_object(self._bucket, probe)
        except StoreRefused:
            return False
        return True

    def _open(self, key: str, client: Minio, offset: int = 0, length: int = 0) -> "_Answer":
        try:
            with store_errors(f"open {key}"):
                return _Answer(client.get_object(self._bucket, key, offset=offset, length=length))
        except StoreRefused as error:
            if self._means_missing(error.code, key):
                raise Permanent(f"The store has no object {key}. Was it removed by hand?") from None
            raise


class _Answer:
    """A response that goes back to its pool, or is closed when it was not read to its end."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response

    def __enter__(self) -> urllib3.BaseHTTPResponse:
        return self._response

    def __exit__(self, *_error: object) -> None:
        self._response.close()
        self._response.release_conn()


def _pool(timeout: Timeout, meter: Meter) -> urllib3.PoolManager:
    return MeteredPool(
        meter,
        timeout=timeout,
        maxsize=16,
        blocksize=BLOCK,
        cert_reqs="CERT_REQUIRED",
        ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
        # The ledger retries jobs; here only a hiccup is bridged.
        retries=Retry(
            total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504), raise_on_status=False
        ),
    )


def open_client(settings: Settings, endpoint: str, pool: urllib3.PoolManager) -> Minio:
    address = urlsplit(endpoint)
    if address.scheme not in ("http", "https") or not address.netloc or address.path.strip("/"):
        raise SettingError(
            f"S3_ENDPOINT or S3_PUBLIC_ENDPOINT is wrong: {endpoint!r}. It is the address of the store "
            "without a path, like https://s3.example.com; the bucket has its own setting."
        )
    try:
        check_bucket_name(settings.s3_bucket)
        return Minio(
            address.netloc,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key,
            region=settings.s3_region,
            secure=address.scheme == "https",
            http_client=pool,
        )
    except ValueError as error:
        raise SettingError(
            f"S3_BUCKET, S3_REGION, S3_ENDPOINT or S3_PUBLIC_ENDPOINT is wrong ({error}). Write them as the "
            "store's operator names them."
        ) from None
