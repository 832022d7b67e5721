"""Checks uploaded ZIP archives by the directory at their end, read by ranges under a budget of bytes."""

import io
import zipfile
from typing import IO, cast

from core.kit.errors import StoreUnavailable
from core.ports import ObjectStore
from core.uploads.moderation import Subject
from workers.preview.errors import BudgetExceeded, PreviewFailed
from workers.preview.ranges import Budget, RangeReader
from workers.preview.remote import ReadFile
from workers.preview.source import HttpSource, make_pool

BUDGET = Budget(bytes=2 << 20, requests=64, seconds=60.0)  # of about 40,000 entries
BLOCK = 1 << 16
URL_LIFE = 300  # seconds
SHOWN = 3  # findings of one kind
PROGRAMS = (".exe", ".scr", ".bat", ".cmd", ".com", ".msi", ".vbs", ".ps1", ".lnk", ".dll", ".apk", ".jar")
BOMB_RATIO = 1000  # DEFLATE makes at most 1,032 of 1 (zlib.net/zlib_tech.html)
BOMB_SIZE = 1 << 30  # bytes


class ArchiveScan:
    """A moderation check (`core.uploads.moderation`): passwords, programs and bombs in ZIP archives."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def findings(self, subject: Subject) -> list[str]:
        """What is suspicious about a file; empty where it is no ZIP archive. Raises `StoreUnavailable`."""
        if subject.size < 4 or self._store.read_range(subject.key, 0, 4) not in (b"PK\3\4", b"PK\5\6"):
            return []
        with make_pool() as pool:
            source = HttpSource(lambda: self._store.sign_read(subject.key, expires=URL_LIFE), pool)
            with RangeReader(source, BUDGET) as reader:
                return _look(reader, subject.size)


def _look(reader: RangeReader, size: int) -> list[str]:
    """What the directory says. Raises `StoreUnavailable` for what is the store's fault and not the file's."""
    file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), BLOCK))
    try:
        with zipfile.ZipFile(file) as archive:
            return _judge(archive.infolist(), size)
    except BudgetExceeded as error:
        if error.outcome == "late":
            raise StoreUnavailable(str(error)) from None
        return ["archive: too many entries to look at"]
    except PreviewFailed as error:
        raise StoreUnavailable(str(error)) from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return ["archive: damaged"]  # an OSError is a seek to before the beginning


def _judge(entries: list[zipfile.ZipInfo], size: int) -> list[str]:
    findings = []
    if any(entry.flag_bits & 1 for entry in entries):
        findings.append("archive: password")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > BOMB_SIZE and unpacked > BOMB_RATIO * size:
        findings.append("archive: unpacks to a thousand times its size")
    programs = [entry.filename for entry in entries if entry.filename.lower().endswith(PROGRAMS)]
    findings += [f"program: {name[-60:]}" for name in programs[:SHOWN]]
    return findings
