"""TAR, plain or compressed: the headers one after the other, for as long as the budget lasts."""

import bz2
import codecs
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from typing import IO, cast

from schemas.preview import Archive, Entry, Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry
from workers.preview.makers.zip_archive import SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

UNPACKED = 256 << 20
"""Bytes unpacked of a compressed file at most: a bomb grows a thousandfold."""
_PACKED: dict[bytes, tuple[str, Callable[[IO[bytes]], IO[bytes]]]] = {
    b"\x1f\x8b\x08": ("gzip", lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="r"))),
    b"BZh": ("bzip2", lambda file: cast(IO[bytes], bz2.BZ2File(file))),
    b"\xfd7z": ("xz", lambda file: cast(IO[bytes], lzma.LZMAFile(file))),  # noqa: SIM115 read to the end of the process
}
_BROKEN = (tarfile.TarError, EOFError, OSError, lzma.LZMAError, ValueError)


class Unpacked(io.RawIOBase):
    """A decompressed file that ends with an error at a limit of bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._given = 0

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` bytes. Raises `PreviewFailed` "over-budget" beyond the limit."""
        content = self._file.read(min(1 << 16, size) if size and size > 0 else 1 << 16)
        self._given += len(content)
        if self._given > UNPACKED:
            raise PreviewFailed("over-budget", "The archive unpacks to more than a preview may look at.")
        return content


def prepare(task: Task) -> Make:
    """Everything is loaded with this module, but the codec of old names."""
    codecs.lookup("utf-8")
    return make


def make(reader: Reader, link: Link) -> Made:
    """List the entries that the budget pays for; "at least" so many when it ends first."""
    magic = reader.pread(0, 3)
    file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), 4096))
    if magic not in _PACKED:
        return _list(lambda: tarfile.open(fileobj=file, mode="r:"))
    name, unpack = _PACKED[magic]
    stream = Unpacked(unpack(file))
    try:
        return _list(lambda: tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|"))
    except PreviewFailed as failed:
        if failed.outcome != "damaged":
            raise
        return Made(Unknown(f"Compressed file ({name})"))


def _list(start: Callable[[], tarfile.TarFile]) -> Made:
    entries: list[Entry] = []
    count, partial = 0, ""
    try:
        archive = start()
        while (member := archive.next()) is not None:
            count += 1
            if len(entries) < SHOWN:
                entries.append(entry(member.name, member.size, folder=member.isdir()))
            archive.members = []  # type: ignore[attr-defined]  # or it keeps them all
    except PreviewFailed as failed:
        if not entries:
            raise
        partial = str(failed)
    except _BROKEN:
        if not entries:
            raise PreviewFailed("damaged", "The TAR archive is damaged.") from None
        partial = "The TAR archive ends in the middle of an entry."
    return Made(Archive("tar", entries, count, at_least=bool(partial)), partial)
