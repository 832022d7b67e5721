"""Sources of a file's ranges: a signed address of the store, any web address, or a file of this machine."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from workers.preview.errors import PreviewFailed, SourceFault

CHUNK = 1 << 16
CONNECT, SILENCE = 3.0, 10.0  # seconds
AGAIN = (429, 500, 502, 503, 504)
# RFC 9110 section 14.4
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


@dataclass(frozen=True)
class Version:
    """What tells one object from the next one under the same key: its size, and ETag or Last-Modified."""

    size: int
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Part:
    """The bytes of an object from `start` on, and which object they are of."""

    version: Version
    chunks: Iterator[bytes]


class Source(Protocol):
    """Gives ranges of a file. Raises `SourceFault` for what another try may mend, else `PreviewFailed`."""

    @contextmanager
    def fetch(self, start: int, length: int, expected: Version | None, patience: float) -> Iterator[Part]:
        """Fetch at most `length` bytes from `start`; no silence is longer than `patience` seconds."""


class HttpSource:
    """Ranges over HTTP. `sign` gives the address, and another one when the store calls it expired."""

    def __init__(self, sign: Callable[[], str], pool: urllib3.PoolManager) -> None:
        self._sign = sign
        self._pool = pool
        self._address = sign()

    @contextmanager
    def fetch(self, start: int, length: int, expected: Version | None, patience: float) -> Iterator[Part]:
        """Fetch a range by one GET."""
        answer = self._get(start, length, expected, patience)
        try:
            version = self._judge(answer, start, length)
            yield Part(version, _body(answer))
        finally:
            # A body that was not read to its end is not waited for: its connection goes.
            if answer.length_remaining != 0:
                answer.close()
            answer.release_conn()

    def renew(self) -> bool:
        """Sign the address anew; False where it is what it was."""
        before, self._address = self._address, self._sign()
        return self._address != before

    def _get(
        self, start: int, length: int, expected: Version | None, patience: float
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
        # A weak ETag never matches (RFC 9110 section 13.1.1).
        if expected and expected.etag and not expected.etag.startswith("W/"):
            headers["If-Match"] = expected.etag
        try:
            return self._pool.request(
                "GET",
                self._address,
                headers=headers,
                preload_content=False,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=min(CONNECT, patience), read=min(SILENCE, patience)),
            )
        except HTTPError as error:
            raise SourceFault(f"The store did not answer ({type(error).__name__}).") from None

    def _judge(self, answer: urllib3.BaseHTTPResponse, start: int, length: int) -> Version:
        headers = answer.headers
        sent = _RANGE.fullmatch(headers.get("Content-Range", ""))
        etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        if answer.status == 416 and (start == 0 or (sent and sent[1] is None)):
            # There is no byte to be had at 0: the object is empty, whether the store says so or not.
            return Version(int(sent[3]) if sent else 0, etag, modified)
        if answer.status in (200, 206) and sent and sent[1] is not None:
            # rclone answers 200 with the right Content-Range.
            if int(sent[1]) != start or int(sent[2]) >= start + length:
                raise PreviewFailed("no-ranges", f"The server sent another range than asked: {sent[0]}.")
            return Version(int(sent[3]), etag, modified)
        if answer.status == 200:
            size = headers.get("Content-Length", "")
            if start == 0 and size.isdecimal() and int(size) <= length:
                return Version(int(size), etag, modified)
            raise PreviewFailed("no-ranges", "The server sends whole files only, not ranges of them.")
        raise self._refusal(answer.status)

    def _refusal(self, status: int) -> PreviewFailed:
        if status == 412:
            return PreviewFailed("changed", "The file was replaced while it was read.")
        if status in AGAIN or (status in (400, 401, 403) and self.renew()):
            return SourceFault(f"The store answered {status}.")
        if status == 404:
            return PreviewFailed("unavailable", "The store has no such file.")
        return PreviewFailed("unavailable", f"The store refused to send the file: HTTP {status}.")


class FileSource:
    """Ranges of a file on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def fetch(self, start: int, length: int, expected: Version | None, patience: float) -> Iterator[Part]:
        """Fetch a range by one read."""
        try:
            with self._path.open("rb", buffering=0) as file:
                about = os.fstat(file.fileno())
                version = Version(about.st_size, modified=str(about.st_mtime_ns))
                yield Part(version, iter([os.pread(file.fileno(), length, start)]))
        except OSError as error:
            reason = f"{self._path.name} cannot be read: {error.strerror}."
            raise PreviewFailed("unavailable", reason) from None


def make_pool() -> urllib3.PoolManager:
    """Make a pool of HTTP connections for ranges; a preview uses one at a time."""
    return urllib3.PoolManager(
        maxsize=4, cert_reqs="CERT_REQUIRED", ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where()
    )


def _body(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    if answer.status == 416:
        return
    try:
        # read1 gives what has come: a body that drips never holds us longer than one silence.
        while chunk := answer.read1(CHUNK):
            yield chunk
    except HTTPError as error:
        with suppress(HTTPError):
            answer.close()
        raise SourceFault(f"The store broke off in the middle of a range ({type(error).__name__}).") from None
