"""Camera raw: the JPEG that every camera puts in beside what its sensor saw.

Most are TIFF inside (DNG 1.7; CR2, NEF, ARW, ORF, RW2 and the like), with the JPEG named by tags; RAF of
Fujifilm names it in its head, CR3 of Canon in a box (https://github.com/lclevy/canon_cr3, "PRVW").
"""

import io
import struct
from collections.abc import Iterator

from schemas.preview import Picture
from workers.preview.errors import PreviewFailed
from workers.preview.makers.image import open_whole, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

LARGEST = 24 << 20  # bytes of a JPEG
DIRECTORIES, ENTRIES = 16, 256
# TIFF 6.0, DNG 1.7 and TIFF/EP: further directories, and where a picture lies.
SUB, NEXT_SUB = 0x14A, 0x8769
STRIPS, STRIP_BYTES, JPEG_AT, JPEG_BYTES, RW2_JPEG = 0x111, 0x117, 0x201, 0x202, 0x2E
_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4}

Stretch = tuple[int, int]
"""Where something lies: from which byte on, and how many."""


def prepare(task: Task) -> Make:
    """Load what reads JPEG."""
    prepare_pictures()
    prepare_formats()

    def make(reader: Reader, link: Link) -> Made:
        head = reader.pread(0, 256)
        stretches = sorted(set(_stretches(reader, head)), key=lambda each: -each[1])
        for start, length in stretches:
            if length > LARGEST or reader.pread(start, 3) != b"\xff\xd8\xff":
                continue
            try:
                content = io.BytesIO(reader.pread(start, length))
                opened = open_whole(content, task.shares.picture, task.memory)
            except (OSError, SyntaxError, ValueError):
                continue  # a JPEG without loss, which holds what the sensor saw
            if opened.image:
                link.picture("poster.jpg", encode(opened.image, task.watermark))
            return Made(Picture("RAW", *opened.size))
        raise PreviewFailed("damaged", "The camera raw image holds no picture that can be shown.")

    return make


def _stretches(reader: Reader, head: bytes) -> Iterator[Stretch]:
    if head.startswith(b"FUJIFILM"):
        yield struct.unpack_from(">II", head, 84)
    elif head[4:8] == b"ftyp":
        yield from _in_boxes(reader)
    else:
        yield from _in_directories(reader, "<" if head[:2] == b"II" else ">")


def _in_directories(reader: Reader, order: str) -> Iterator[Stretch]:
    left = [struct.unpack(order + "I", reader.pread(4, 4))[0]]
    seen: set[int] = set()
    while left and len(seen) < DIRECTORIES:
        at = left.pop(0)
        if at in seen or not 8 <= at < reader.size:
            continue
        seen.add(at)
        count = int.from_bytes(reader.pread(at, 2), "little" if order == "<" else "big")
        raw = reader.pread(at + 2, min(count, ENTRIES) * 12 + 4)
        tags = dict(_tags(reader, raw, order))
        left += [*tags.get(SUB, []), *tags.get(NEXT_SUB, [])]
        if len(raw) >= count * 12 + 4:
            left.append(struct.unpack_from(order + "I", raw, count * 12)[0])
        for places, lengths in ((JPEG_AT, JPEG_BYTES), (STRIPS, STRIP_BYTES)):
            if len(tags.get(places, [])) == len(tags.get(lengths, [])) == 1:
                yield tags[places][0], tags[lengths][0]
        if RW2_JPEG in tags:
            yield tags[RW2_JPEG][0], tags[RW2_JPEG][1]


def _tags(reader: Reader, raw: bytes, order: str) -> Iterator[tuple[int, list[int]]]:
    tags = (SUB, NEXT_SUB, STRIPS, STRIP_BYTES, JPEG_AT, JPEG_BYTES, RW2_JPEG)
    for place in range(0, len(raw) - 11, 12):
        tag, kind, count = struct.unpack_from(order + "HHI", raw, place)
        if tag not in tags or kind not in _SIZES or count > 1 << 28:
            continue
        if tag == RW2_JPEG:
            yield tag, [struct.unpack_from(order + "I", raw, place + 8)[0], count]
        elif count <= 16 and kind in (3, 4, 13):
            length = count * _SIZES[kind]
            content = raw[place + 8 : place + 12]
            if length > 4:
                content = reader.pread(struct.unpack(order + "I", content)[0], length)
            if len(content) >= length:
                yield tag, list(struct.unpack_from(f"{order}{count}{'H' if kind == 3 else 'I'}", content))


def _in_boxes(reader: Reader) -> Iterator[Stretch]:
    at = 0
    for _ in range(DIRECTORIES):
        header = reader.pread(at, 32)
        if len(header) < 16:
            return
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        if header[4:8] == b"uuid" and header[8:24] == _PREVIEW:
            body = reader.pread(at + 24, 64)
            place = body.find(b"PRVW")
            if place >= 4 and place + 24 <= len(body):
                # After the name: 4 unknown, 2 unknown, width and height, 2 unknown, the length of the JPEG.
                yield at + 24 + place + 20, int.from_bytes(body[place + 16 : place + 20], "big")
        if size < 8:
            return
        at += size
