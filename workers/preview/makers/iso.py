"""ISO images of discs: the files of ISO 9660 (ECMA-119, chapters 8 and 9), with the names of Joliet.

Without Joliet, with those of Rock Ridge (IEEE P1282, 4.1.4 "NM", in the fields of SUSP), where there are any.

As of all archives names and sizes are told; the content of no file is read.
"""

import codecs
from collections.abc import Iterator

from schemas.preview import Archive, Entry, Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry
from workers.preview.makers.zip_archive import SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SECTOR, FIRST, VOLUMES = 2048, 16, 16
LONGEST_FOLDER = 1 << 20
FOLDERS = 2000
_FOLDER = 2
_JOLIET = (b"%/@", b"%/C", b"%/E")


def prepare(task: Task) -> Make:
    """Load the codecs."""
    for encoding in ("utf-16-be", "ascii", "utf-8"):
        codecs.lookup(encoding)
    return make


def make(reader: Reader, link: Link) -> Made:
    """List the files, folder by folder."""
    root, wide = _volume(reader)
    if not root:
        return Made(Unknown("Disc image"))
    entries: list[Entry] = []
    count, partial = 0, ""
    try:
        for name, size, folder in _walk(reader, root, wide):
            count += 1
            if len(entries) < SHOWN:
                entries.append(entry(name, size, folder=folder))
    except PreviewFailed as failed:
        if not entries:
            raise
        partial = str(failed)
    return Made(Archive("iso", entries, count, at_least=bool(partial)), partial)


def _volume(reader: Reader) -> tuple[bytes, bool]:
    """The record of the root folder, of Joliet's volume where there is one, and whether that is it."""
    plain = b""
    for number in range(FIRST, FIRST + VOLUMES):
        volume = reader.pread(number * SECTOR, SECTOR)
        if volume[1:6] != b"CD001" or volume[0] == 255:
            break
        if volume[0] == 2 and volume[88:91] in _JOLIET:
            return volume[156:190], True
        if volume[0] == 1:
            plain = volume[156:190]
    return plain, False


def _walk(reader: Reader, root: bytes, wide: bool) -> Iterator[tuple[str, int, bool]]:
    left, seen = [("", root)], set[int]()
    while left and len(seen) < FOLDERS:
        path, record = left.pop(0)
        start, length = _number(record, 2), _number(record, 10)
        if start in seen:
            continue
        seen.add(start)
        content = reader.pread(start * SECTOR, min(length, LONGEST_FOLDER))
        for child in _records(content):
            raw = child[33 : 33 + child[32]]
            if raw in (b"\0", b"\1"):
                continue  # the folder itself, and the one above
            plain = raw.decode("utf-16-be" if wide else "ascii", "replace").partition(";")[0].rstrip(".")
            name = path + (plain if wide else _posix_name(child) or plain)
            folder = bool(child[25] & _FOLDER)
            yield name, _number(child, 10), folder
            if folder:
                left.append((f"{name}/", child))


def _posix_name(record: bytes) -> str:
    """The name that Rock Ridge gives a file; empty where it gives none."""
    at = 33 + record[32] + (record[32] + 1) % 2
    name = b""
    while at + 4 <= len(record) and record[at + 2] >= 4:
        field = record[at : at + record[at + 2]]
        if field[:2] == b"NM":
            name += field[5:]
        at += len(field)
    return name.decode("utf-8", "replace")


def _records(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        length = content[at]
        if length < 34:
            at = (at // SECTOR + 1) * SECTOR  # no record goes over the end of a sector
            continue
        yield content[at : at + length]
        at += length


def _number(record: bytes, at: int) -> int:
    return int.from_bytes(record[at : at + 4], "little")
