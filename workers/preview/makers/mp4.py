"""Finds the index of an MP4 file (ISO/IEC 14496-12: box structure in 4.2, moov 8.2.1, mvex 8.8.1)."""

import struct
from dataclasses import dataclass

from workers.preview.errors import PreviewFailed
from workers.preview.remote import Reader

_BOXES = 64  # top-level boxes looked at before moov; fragments come after it
_HEADER = 16


@dataclass(frozen=True)
class Index:
    """The moov box: `start` and `size` in bytes; `fragmented` when the samples are described elsewhere."""

    start: int
    size: int
    fragmented: bool


def fetch_index(reader: Reader) -> Index:
    """Find the index by the sizes of the boxes before it, and fetch it in one request.

    Raises `PreviewFailed` "damaged" when there is none: a film cut off before its end, usually.
    """
    at = 0
    for _ in range(_BOXES):
        reader.prefetch(at, _HEADER)
        header = reader.pread(at, _HEADER)
        if len(header) < 8:
            break
        size, kind = _size(header, reader.size - at)
        if size < 8:
            break
        if kind == b"moov":
            if at + size > reader.size:
                break
            reader.prefetch(at, size)
            return Index(at, size, _has_mvex(reader, at, size))
        at += size
    raise PreviewFailed("damaged", "The film has no index; was it uploaded to its end?")


def _size(header: bytes, rest: int) -> tuple[int, bytes]:
    size, kind = struct.unpack_from(">I4s", header)
    if size == 1 and len(header) == _HEADER:
        size = struct.unpack_from(">Q", header, 8)[0]
    elif size == 0:
        size = rest
    return size, kind


def _has_mvex(reader: Reader, start: int, size: int) -> bool:
    at, end = start + 8, start + size
    while at + 8 <= end:
        length, kind = _size(reader.pread(at, _HEADER), end - at)
        if kind == b"mvex":
            return True
        if length < 8:
            return False
        at += length
    return False
