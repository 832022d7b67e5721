"""Programs for Windows; one that unpacks itself shows the names and sizes of what it holds.

Where the program ends and an archive may begin: "PE Format" (Microsoft), section headers.
"""

import struct

from schemas.preview import Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers import rar_archive, seven_zip, zip_archive
from workers.preview.makers.made import Made, Make
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

NEAR = 64 << 10
"""Bytes after the program in which an archive begins; 7-Zip puts its settings before it."""
SECTIONS = 96
_ARCHIVES = {b"Rar!\x1a\x07": "rar", b"7z\xbc\xaf\x27\x1c": "7z", b"PK\3\4": "zip"}


class _Rest:
    """A reader of what comes from some byte of the file on."""

    def __init__(self, reader: Reader, start: int) -> None:
        self._reader, self._start = reader, start
        self.size = reader.size - start

    def pread(self, offset: int, length: int) -> bytes:
        """As the reader."""
        return self._reader.pread(self._start + offset, length)

    def prefetch(self, offset: int, length: int) -> None:
        """As the reader."""
        self._reader.prefetch(self._start + offset, length)


def prepare(task: Task) -> Make:
    """Load what reads the archives."""
    makers = {
        "rar": rar_archive.prepare(task),
        "7z": seven_zip.prepare(task),
        "zip": zip_archive.prepare(task),
    }

    def make(reader: Reader, link: Link) -> Made:
        start = _end_of_program(reader)
        if not 0 < start < reader.size:
            return Made(Unknown(task.label))
        rest = reader.pread(start, NEAR)
        for magic, kind in _ARCHIVES.items():
            at = rest.find(magic)
            if at >= 0:
                try:
                    return makers[kind](_Rest(reader, start + at), link)
                except PreviewFailed as failed:
                    if failed.outcome != "damaged":
                        raise
        return Made(Unknown(task.label))

    return make


def _end_of_program(reader: Reader) -> int:
    """The byte after the last section; 0 where it cannot be told."""
    head = reader.pread(0, 4096)
    if len(head) < 64:
        return 0
    start = struct.unpack_from("<I", head, 60)[0]
    head = reader.pread(start, 4096)
    if head[:4] != b"PE\0\0" or len(head) < 24:
        return 0
    sections, options = struct.unpack_from("<H", head, 6)[0], struct.unpack_from("<H", head, 20)[0]
    ends = [0]
    for number in range(min(sections, SECTIONS)):
        at = 24 + options + number * 40
        if at + 40 <= len(head):
            length, place = struct.unpack_from("<II", head, at + 16)
            ends.append(place + length)
    return max(ends)
