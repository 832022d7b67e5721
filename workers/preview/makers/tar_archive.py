"""TAR, plain or compressed: the headers one after the other, for as long as the budget lasts."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
from collections.abc import Callable
from typing import IO, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from msgspec import structs

from schemas.preview import Archive, Entry, Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers.encodings import names_encoding, prepare_encodings
from workers.preview.makers.lzip import Lzip
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry, shown_name
from workers.preview.makers.zip_archive import SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

UNPACKED = 256 << 20
"""Bytes unpacked of a compressed file at most: a bomb grows a thousandfold."""
_PACKED: dict[bytes, tuple[str, Callable[[IO[bytes]], IO[bytes]]]] = {
    b"\x1f\x8b\x08": ("gzip", lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="r"))),
    b"BZh": ("bzip2", lambda file: cast(IO[bytes], bz2.BZ2File(file))),
    b"\x28\xb5\x2f": ("zstd", lambda file: cast(IO[bytes], zstd.ZstdFile(file))),
    b"LZI": ("lzip", lambda file: cast(IO[bytes], io.BufferedReader(Lzip(file)))),
    b"\xfd7z": ("xz", lambda file: cast(IO[bytes], lzma.LZMAFile(file))),  # noqa: SIM115 read to the end of the process
}
_BROKEN = (tarfile.TarError, EOFError, OSError, lzma.LZMAError, zstd.ZstdError, ValueError)


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
    """Everything is loaded with this module, but the codecs of old names."""
    prepare_encodings()
    return make


def make(reader: Reader, link: Link) -> Made:
    """List the entries that the budget pays for; "at least" so many when it ends first."""
    magic = reader.pread(0, 3)
    file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), 4096))
    if magic not in _PACKED:
        return _list(lambda: tarfile.open(fileobj=file, mode="r:", encoding="utf-8"), whole=True)
    name, unpack = _PACKED[magic]
    stream = Unpacked(unpack(file))
    try:
        return _list(
            lambda: tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|", encoding="utf-8"), whole=False
        )
    except PreviewFailed as failed:
        if failed.outcome != "damaged":
            raise
        return Made(Unknown(f"Compressed file ({name})"))


def _raw(name: str) -> bytes:
    """The bytes of a name that is not UTF-8, else nothing."""
    raw = name.encode("utf-8", "surrogateescape")
    return b"" if raw == name.encode("utf-8", "replace") else raw


def _list(start: Callable[[], tarfile.TarFile], *, whole: bool) -> Made:
    entries: list[Entry] = []
    raws: list[bytes] = []
    count, partial = 0, ""
    try:
        archive = start()
        while (member := archive.next()) is not None:
            count += 1
            if len(entries) < SHOWN:
                entries.append(entry(member.name, member.size, folder=member.isdir()))
                raws.append(_raw(member.name))
            archive.members = []  # type: ignore[attr-defined]  # or it keeps them all
    except PreviewFailed as failed:
        if not entries:
            raise
        partial = str(failed)
    except _BROKEN:
        if not entries:
            raise PreviewFailed("damaged", "The TAR archive is damaged.") from None
        partial = "The TAR archive ends in the middle of an entry."
    if not entries and not whole:
        raise PreviewFailed("damaged", "There is no TAR archive in it.")  # zeros, which end one at once
    encoding = names_encoding(raws, "cp437")
    entries = [
        structs.replace(each, name=shown_name(raw.decode(encoding, "replace"))) if raw else each
        for each, raw in zip(entries, raws, strict=True)
    ]
    return Made(Archive("tar", entries, count, at_least=bool(partial)), partial)
