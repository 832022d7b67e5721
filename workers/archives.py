"""What is in a ZIP archive, by the directory at its end, read by ranges under a budget of bytes."""

import io
import zipfile
from typing import Any

from core.moderation import Subject
from core.ports import ObjectStore

BUDGET = 2 << 20  # bytes; about 40,000 entries
BLOCK = 1 << 16
SHOWN = 3  # findings of one kind
PROGRAMS = (".exe", ".scr", ".bat", ".cmd", ".com", ".msi", ".vbs", ".ps1", ".lnk", ".dll", ".apk", ".jar")
BOMB_RATIO = 1000  # DEFLATE makes at most 1,032 of 1 (zlib.net/zlib_tech.html)
BOMB_SIZE = 1 << 30  # bytes


class OverBudget(OSError):
    """The directory is larger than what we read."""


class StoredFile(io.RawIOBase):
    """An object of the store as a seekable file; raises `OverBudget` after `budget` bytes."""

    def __init__(self, store: ObjectStore, key: str, size: int, budget: int) -> None:
        self._store = store
        self._key = key
        self._size = size
        self._left = budget
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), max(0, self._size - self._position))
        if length == 0:
            return 0
        if length > self._left:
            raise OverBudget(f"{self._key} asks for more than the budget")
        self._left -= length
        data = self._store.read_range(self._key, self._position, length)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


class ArchiveScan:
    """A check of `core.moderation`: passwords, programs and bombs in ZIP archives."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def findings(self, subject: Subject) -> list[str]:
        """What is odd about the archive; nothing for what is none."""
        if subject.size < 4 or self._store.read_range(subject.key, 0, 4) not in (b"PK\3\4", b"PK\5\6"):
            return []
        file = StoredFile(self._store, subject.key, subject.size, BUDGET)
        try:
            with zipfile.ZipFile(io.BufferedReader(file, BLOCK)) as archive:
                return _judge(archive.infolist(), subject.size)
        except OverBudget:
            return ["archive: too many entries to look at"]
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            return ["archive: damaged"]


def _judge(entries: list[zipfile.ZipInfo], size: int) -> list[str]:
    found = []
    if any(entry.flag_bits & 1 for entry in entries):
        found.append("archive: password")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > BOMB_SIZE and unpacked > BOMB_RATIO * size:
        found.append("archive: unpacks to a thousand times its size")
    programs = [entry.filename for entry in entries if entry.filename.lower().endswith(PROGRAMS)]
    found += [f"program: {name[-60:]}" for name in programs[:SHOWN]]
    return found
