"""ZIP: the names, from the end of the file and the head of its directory only.

Fields and signatures: PKWARE APPNOTE 6.3.10, sections 4.3.12 (central directory), 4.3.14 and 4.3.15 (ZIP64),
4.3.16 (end of central directory). `zipfile` reads the whole directory, which is 9.4 MB for 100,000 files.
"""

import re
import struct
from dataclasses import dataclass

from msgspec import structs

from schemas.preview import Archive, Entry
from workers.preview.errors import PreviewFailed
from workers.preview.makers.encodings import names_encoding, prepare_encodings
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry, shown_name
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

END, SPLIT = b"PK\5\6", b"PK\7\x08"
"""What begins the end record, and the first part of a split archive."""
END_SIGNATURE = re.escape(END)
NO_LIST = "A part of a split archive: the list of its files is in another part."
SHOWN = 1000
TAIL = 22 + 65_535
"""Bytes: the end record and the longest comment after it."""
DIRECTORY_HEAD = 160 << 10
"""Bytes read of a directory; 1,000 names of 100 characters take 146,000."""

_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNKNOWN16, _UNKNOWN32 = 0xFFFF, 0xFFFFFFFF
_UNICODE_PATH = 0x7075


@dataclass(frozen=True)
class Directory:
    """Where the central directory is: `start` and `size` in bytes, and how many entries it says it has."""

    start: int
    size: int
    count: int


def prepare(task: Task) -> Make:
    """Load the codecs that old names need."""
    prepare_encodings()
    return make


def make(reader: Reader, link: Link) -> Made:
    """List the first 1,000 entries, with the number of all."""
    return Made(list_entries(reader))


def list_entries(reader: Reader) -> Archive:
    """List the first entries. Raises `PreviewFailed` "damaged" when there is no sound directory."""
    directory = find_directory(reader)
    head = reader_head(reader, directory)
    entries = _entries(head, directory)
    encrypted = any(each.encrypted for each in entries)
    return Archive("zip", entries, max(directory.count, len(entries)), at_least=False, encrypted=encrypted)


def find_directory(reader: Reader) -> Directory:
    """Read the end of the file, in one request, and find the directory by it."""
    base = max(0, reader.size - TAIL)
    reader.prefetch(base, reader.size - base)
    tail = reader.pread(base, reader.size - base)
    if END not in tail and reader.pread(0, 4) == SPLIT:
        raise PreviewFailed("partial", NO_LIST)
    failure = _damaged("it has no end record; was it uploaded to its end?")
    records = _end_records(tail)
    for at in records:
        try:
            directory = _directory(reader, tail, base, at)
        except PreviewFailed as failed:
            failure = failed
            continue
        # Asked where it may be another one's only: it costs a request.
        if len(records) == 1 or not directory.count or reader.pread(directory.start, 4) == b"PK\1\2":
            return directory
        failure = _damaged("its directory does not begin where it should")
    raise failure


def _directory(reader: Reader, tail: bytes, base: int, at: int) -> Directory:
    """The directory that the end record at this place of the tail, which begins at `base`, tells of."""
    _, disk, first, _, count, size, start, _ = _END.unpack_from(tail, at)
    stop = base + at
    if 0 < disk < _UNKNOWN16 and first == disk:
        start = stop - size  # the last part of a split archive: its places count from the parts' beginnings
    if count == _UNKNOWN16 or _UNKNOWN32 in (size, start):
        count, size, start, stop = _zip64(reader, tail, base, at)
    # What stands before the archive (a self-extractor) moves everything by as much.
    before = stop - size - start
    if before < 0 or size > stop:
        raise _damaged("its directory lies outside of the file")
    return Directory(start + before, size, min(count, size // _CENTRAL.size))


def reader_head(reader: Reader, directory: Directory) -> bytes:
    """Read the head of the directory, as much as 1,000 average entries take, in one request."""
    average = -(-directory.size // max(1, directory.count))
    length = min(directory.size, DIRECTORY_HEAD, average * SHOWN * 5 // 4 + 4096)
    reader.prefetch(directory.start, length)
    return reader.pread(directory.start, length)


def _end_records(tail: bytes) -> list[int]:
    """Where end records may be: first those whose comment ends with the file, the first of them before all.

    A comment may hold another record, which 7-Zip and Info-ZIP do not heed.
    """
    ends = [at.start() for at in re.finditer(END_SIGNATURE, tail) if at.start() + _END.size <= len(tail)]
    rest = {at: len(tail) - at - _END.size - _END.unpack_from(tail, at)[7] for at in ends}
    exact = [at for at in ends if rest[at] == 0]
    return exact + [at for at in reversed(ends) if rest[at] > 0]


def _zip64(reader: Reader, tail: bytes, base: int, at: int) -> tuple[int, int, int, int]:
    """Count, size and start of the directory, and where it ends, from the ZIP64 records."""
    if at < _LOCATOR.size or tail[at - _LOCATOR.size : at - _LOCATOR.size + 4] != b"PK\6\7":
        raise _damaged("its ZIP64 locator is missing")
    _, _, place, _ = _LOCATOR.unpack_from(tail, at - _LOCATOR.size)
    # Where something stands before the archive the record is not where it is said to be, but right before.
    for start in (place, base + at - _LOCATOR.size - _END64.size):
        record = reader.pread(start, _END64.size) if 0 <= start < reader.size else b""
        if record[:4] == b"PK\6\6" and len(record) == _END64.size:
            _, _, _, _, _, _, _, count, size, first = _END64.unpack(record)
            return count, size, first, start
    raise _damaged("its ZIP64 end record is not where it is said to be")


def _entries(head: bytes, directory: Directory) -> list[Entry]:
    entries: list[Entry] = []
    raws: list[bytes] = []
    at = 0
    while len(entries) < SHOWN and at + _CENTRAL.size <= len(head):
        fields = _CENTRAL.unpack_from(head, at)
        if fields[0] != b"PK\1\2":
            break
        flags, size, name, extra, comment = fields[3], fields[9], fields[10], fields[11], fields[12]
        stop = at + _CENTRAL.size + name + extra
        if stop > len(head):
            break
        raw = head[at + _CENTRAL.size : at + _CENTRAL.size + name]
        entries.append(_entry(raw, head[stop - extra : stop], flags, size))
        raws.append(raw if not entries[-1].name else b"")
        at = stop + comment
    if directory.count and not entries:
        raise _damaged("its directory does not begin where it should")
    encoding = names_encoding(raws, "cp437")
    return [
        structs.replace(each, name=shown_name(raw.decode(encoding, "replace"))) if raw else each
        for each, raw in zip(entries, raws, strict=True)
    ]


def _entry(raw: bytes, extra: bytes, flags: int, size: int) -> Entry:
    """An entry; without its name, where that is in an encoding which nothing tells."""
    folder = raw.endswith((b"/", b"\\"))
    if size == _UNKNOWN32 and (field := _extra_field(extra, 1)) and len(field) >= 8:
        size = int.from_bytes(field[:8], "little")
    unicode = _extra_field(extra, _UNICODE_PATH)
    if unicode and len(unicode) > 5:
        name = unicode[5:].decode("utf-8", "replace")
    else:
        name = raw.decode("utf-8", "replace") if flags & _UTF8 else ""
    return entry(name, size, folder=folder, encrypted=bool(flags & _ENCRYPTED))


def _extra_field(extra: bytes, field_id: int) -> bytes | None:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == field_id:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return None


def _damaged(why: str) -> PreviewFailed:
    return PreviewFailed("damaged", f"The ZIP archive is damaged: {why}.")
