"""Sending one part of a multipart upload, at most as often as the store needs it.

What breaks while the answer is awaited says nothing about the part: the store may have it. So it is asked
before the part goes over the line again.
"""

import time
from base64 import b64encode
from collections.abc import Callable, Iterable

import urllib3
from minio.datatypes import Part as StoredPart
from urllib3.util import Retry

from core.kit.errors import StoreUnavailable
from core.uploads.part_plan import Part
from workers.part_answers import PASSING, PAUSES, is_md5, plain_etag
from workers.store_errors import StoreRefused, error_code, store_errors

UNREACHED = Retry(total=2, connect=2, read=0, redirect=0, status=0, other=0, backoff_factor=0.2)
"""What the library itself may do again: only what failed before a byte was sent."""
BUSY = (500, 502, 503, 504)

Stored = Callable[[], StoredPart | None]
"""Asks the store for the part that it has under this number."""


def send_part(
    http: urllib3.PoolManager,
    url: str,
    part: Part,
    body: bytes | Iterable[bytes],
    md5: bytes,
    *,
    stored: Stored,
    what: str,
) -> StoredPart:
    """PUT one part to a signed URL; the store compares it with its MD5 (RFC 1864) and refuses a damaged one.

    `body` is iterated anew at each try. Raises `StoreRefused` and `StoreUnavailable`.
    """
    headers = {"Content-Length": str(part.size), "Content-MD5": b64encode(md5).decode()}
    for pause in (*PAUSES, None):
        try:
            with store_errors(what):
                answer = http.request("PUT", url, body=body, headers=headers, retries=UNREACHED)
        except StoreUnavailable as error:  # it broke off
            problem = error
        else:
            if answer.status == 200:
                return StoredPart(part.number, plain_etag(answer.headers.get("etag", "")))
            code = error_code(answer.data.decode(errors="replace"))
            problem = StoreRefused(what, code)
            if answer.status not in BUSY and code not in PASSING:
                raise problem
        held = stored()
        if held and held.size == part.size and is_md5(held.etag) and held.etag == md5.hex():
            return held
        if pause is not None:
            time.sleep(pause)
    raise problem
