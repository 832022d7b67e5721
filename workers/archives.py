"""Looks into uploaded archives for what staff should see: passwords, programs, bombs.

ZIP archives are looked at whole, by the directories at their end, read by ranges under a budget of bytes. The
names in others are read by a sealed child, as for their preview.
"""

import io
import re
import zipfile
from typing import IO, cast

from core.kit.errors import RetryAfter, StoreUnavailable
from core.ports import ObjectStore
from core.uploads.file_types import HEAD, content_of
from core.uploads.kinds import recognise
from core.uploads.moderation import Subject
from core.uploads.promises import PROGRAMS
from schemas.preview import Archive
from workers.preview.errors import BudgetExceeded, PreviewFailed
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.ranges import Budget, RangeReader
from workers.preview.remote import ReadFile
from workers.preview.source import HttpSource, make_pool

BUDGET = Budget(bytes=2 << 20, requests=64, seconds=60.0)  # of about 40,000 entries
BLOCK = 1 << 16
URL_LIFE = 300  # seconds
SHOWN = 3  # findings of one kind
BOMB_RATIO = 1000  # DEFLATE makes at most 1,032 of 1 (zlib.net/zlib_tech.html)
BOMB_SIZE = 1 << 30  # bytes
END, END_SIZE = re.compile(re.escape(b"PK\5\6")), 22  # PKWARE APPNOTE 4.3.16
TAIL = END_SIZE + 65_535  # bytes: the end record and the longest comment after it
MOST_ENDS = 16
NO_ROOM_WAIT = 60.0  # seconds
SPLIT = b"PK\7\x08"


class ArchiveScan:
    """A moderation check (`core.uploads.moderation`): passwords, programs and bombs in archives."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def findings(self, subject: Subject) -> list[str]:
        """What is suspicious about a file; empty where it is no archive.

        Raises `StoreUnavailable`, and `RetryAfter` where the machine has no memory for it now.
        """
        head = self._store.read_range(subject.key, 0, min(HEAD, subject.size))
        is_zip = head.startswith((b"PK\3\4", b"PK\5\6", SPLIT))
        if not is_zip and content_of(recognise(head)) != "archive":
            return []
        with make_pool() as pool:
            source = HttpSource(lambda: self._store.sign_read(subject.key, expires=URL_LIFE), pool)
            if not is_zip:
                return _listed(make_preview(source, Wish("poster")))
            with RangeReader(source, BUDGET) as reader:
                return _look(reader, subject.size)


def _look(reader: RangeReader, size: int) -> list[str]:
    """What the directories say. Raises `StoreUnavailable` for what is the store's fault, not the file's."""
    file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), BLOCK))
    try:
        entries = _entries(file, size)
    except BudgetExceeded as error:
        if error.outcome == "late":
            raise StoreUnavailable(str(error)) from None
        return ["archive: too many entries to look at"]
    except PreviewFailed as error:
        raise StoreUnavailable(str(error)) from None
    if entries is None:
        split = reader.pread(0, 4) == SPLIT
        return ["archive: part of a split one"] if split else ["archive: damaged"]
    return _judge(entries, size)


def _entries(file: IO[bytes], size: int) -> list[zipfile.ZipInfo] | None:
    """The entries of all directories of which an end record tells, None where there is no sound one.

    A comment may hold another end record. Which of them programs heed is their choice, so all count here.
    """
    start = max(0, size - TAIL)
    file.seek(start)
    ends = [start + end.start() for end in END.finditer(file.read(size - start))]
    if len(ends) > MOST_ENDS:
        raise BudgetExceeded("over-budget", "The archive has more end records than are looked at.")
    sound = [directory for end in ends if (directory := _directory(file, end)) is not None]
    return [entry for entries in sound for entry in entries] if sound else None


def _directory(file: IO[bytes], end: int) -> list[zipfile.ZipInfo] | None:
    try:
        with zipfile.ZipFile(cast(IO[bytes], io.BufferedReader(_UpTo(file, end), BLOCK))) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None  # an OSError is a seek to before the beginning


class _UpTo(io.RawIOBase):
    """A ZIP archive up to the end record at `end`, without a comment: zipfile takes the last one it sees."""

    def __init__(self, file: IO[bytes], end: int) -> None:
        self._file = file
        self._stop = end + END_SIZE
        self._at = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move within the archive. Raises `OSError` before its beginning."""
        base = {0: 0, 1: self._at, 2: self._stop}[whence]
        if base + offset < 0:
            raise OSError("a seek to before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read on; the length of the comment is read as none."""
        self._file.seek(self._at)
        content = bytearray(self._file.read(max(0, min(len(buffer), self._stop - self._at))))
        for place in (self._stop - 2, self._stop - 1):
            if self._at <= place < self._at + len(content):
                content[place - self._at] = 0
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


def _judge(entries: list[zipfile.ZipInfo], size: int) -> list[str]:
    findings = []
    if any(entry.flag_bits & 1 for entry in entries):
        findings.append("archive: password")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > BOMB_SIZE and unpacked > BOMB_RATIO * size:
        findings.append("archive: unpacks to a thousand times its size")
    return findings + _programs([entry.filename for entry in entries])


def _listed(preview: Preview) -> list[str]:
    """What a sealed child read of another archive. Raises as `ArchiveScan.findings` does."""
    if preview.outcome == "unavailable":
        raise StoreUnavailable(preview.reason)
    if preview.outcome == "no-memory":
        raise RetryAfter(NO_ROOM_WAIT, preview.reason)
    if preview.outcome == "locked":
        return ["archive: password"]
    archive = preview.description
    if not isinstance(archive, Archive):
        return [] if preview.outcome == "made" else [f"archive: {preview.outcome}"]
    findings = ["archive: password"] if archive.encrypted else []
    if archive.at_least or archive.count > len(archive.entries):
        findings.append(f"archive: only {len(archive.entries)} of its names were looked at")
    unpacked = sum(entry.size or 0 for entry in archive.entries)
    if unpacked > BOMB_SIZE and unpacked > BOMB_RATIO * preview.size:
        findings.append("archive: unpacks to a thousand times its size")
    return findings + _programs([entry.name for entry in archive.entries])


def _programs(names: list[str]) -> list[str]:
    programs = dict.fromkeys(name for name in names if name.strip().lower().endswith(PROGRAMS))
    return [f"program: {name[-60:]}" for name in list(programs)[:SHOWN]]
