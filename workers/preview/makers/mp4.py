"""Finds the index of an MP4 file (ISO/IEC 14496-12: box structure in 4.2, moov 8.2.1, mvex 8.8.1)."""

import struct
from dataclasses import dataclass

from workers.preview.errors import PreviewFailed
from workers.preview.remote import Reader

_BOXES = 64  # top-level boxes looked at before moov; fragments come after it
_HEADER = 16


@dataclass(frozen=True)
class Index:
    """The moov box: `start` and `size` in bytes; `fragmented` when the samples are described elsewhere.

    `duration`: seconds of a fragmented film as its index tells them; None where it does not.
    """

    start: int
    size: int
    fragmented: bool
    duration: float | None = None


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
            return _index(reader, at, size)
        at += size
    raise PreviewFailed("damaged", "The film has no index; was it uploaded to its end?")


def _size(header: bytes, rest: int) -> tuple[int, bytes]:
    size, kind = struct.unpack_from(">I4s", header)
    if size == 1 and len(header) == _HEADER:
        size = struct.unpack_from(">Q", header, 8)[0]
    elif size == 0:
        size = rest
    return size, kind


def _index(reader: Reader, start: int, size: int) -> Index:
    extends = _find(reader, b"mvex", start + 8, start + size)
    if extends is None:
        return Index(start, size, fragmented=False)
    header = _find(reader, b"mvhd", start + 8, start + size)
    length = _find(reader, b"mehd", *extends)
    ticks, each = _fields(reader, length, 0), _fields(reader, header, 2)
    return Index(start, size, fragmented=True, duration=ticks / each if ticks and each else None)


def _find(reader: Reader, wanted: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Where the content of the first box of this kind is, from `at` on."""
    while at + 8 <= end:
        length, kind = _size(reader.pread(at, _HEADER), end - at)
        if kind == wanted:
            return at + 8, at + length
        if length < 8:
            break
        at += length
    return None


def _fields(reader: Reader, box: tuple[int, int] | None, number: int) -> int:
    """A field of mehd (ISO/IEC 14496-12, 8.8.2) or mvhd (8.2.2), counted in words of its version.

    Those before it are 4 bytes wide in version 0, 8 in version 1; a field of mvhd itself is 4 wide in both.
    """
    if box is None:
        return 0
    content = reader.pread(box[0], 32)
    width = 8 if content[:1] == b"\1" else 4
    at = 4 + number * width
    return int.from_bytes(content[at : at + (width if number == 0 else 4)], "big")
