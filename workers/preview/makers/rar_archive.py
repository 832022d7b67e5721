"""RAR: the headers one after the other, by rarfile, which needs no unrar for them."""

import codecs
import io
from typing import IO, Any, cast

import rarfile
from msgspec import structs

from schemas.preview import Archive, Entry
from workers.preview.errors import PreviewFailed
from workers.preview.makers.encodings import names_encoding, prepare_encodings
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry, shown_name
from workers.preview.makers.zip_archive import SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile


def prepare(task: Task) -> Make:
    """Everything is loaded with rarfile, but the codecs of names."""
    for encoding in ("utf-8", "utf-16-le", rarfile.DEFAULT_CHARSET, *rarfile.TRY_ENCODINGS):
        codecs.lookup(encoding)
    prepare_encodings()
    rarfile.rar3_decompress = _leave_packed
    return make


def _leave_packed(*comment: Any) -> bytes:
    """Leave the comment of an archive packed: rarfile would run a program to read it."""
    return b""


class Listing:
    """The entries read so far; it outlives a budget that ends in the middle."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.count = 0
        self._raws: list[bytes] = []  # names whose encoding nothing tells; empty for the others

    def add(self, member: Any) -> None:
        """Add an entry; rarfile calls this for each header."""
        if not isinstance(member, rarfile.RarInfo) or not member.filename:
            return
        if not (member.is_file() or member.is_dir() or member.is_symlink()):
            return  # a comment, recovery data and the like: records that hold no file
        self.count += 1
        if len(self.entries) < SHOWN:
            encrypted = bool(member.needs_password())
            raw = getattr(member, "orig_filename", b"")
            # RAR 1.5 to 4 keeps names that are not Unicode in the code page of the program that wrote them.
            told = not isinstance(member, rarfile.Rar3Info) or bool(member.flags & rarfile.RAR_FILE_UNICODE)
            self._raws.append(b"" if told or not isinstance(raw, bytes) else raw)
            self.entries.append(
                entry(member.filename, member.file_size, folder=member.is_dir(), encrypted=encrypted)
            )

    def named(self) -> list[Entry]:
        """The entries, with names in one encoding."""
        encoding = names_encoding(self._raws, "cp437")
        return [
            structs.replace(each, name=shown_name(raw.decode(encoding, "replace").replace("\\", "/")))
            if raw
            else each
            for each, raw in zip(self.entries, self._raws, strict=True)
        ]


def make(reader: Reader, link: Link) -> Made:
    """List the entries that the budget pays for."""
    seen, partial = Listing(), ""
    file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), 4096))
    try:
        archive = rarfile.RarFile(file, info_callback=seen.add, part_only=True, errors="strict")
        if not seen.entries and archive.needs_password():
            raise PreviewFailed("locked", "The names in the RAR archive are protected by a password.")
    except PreviewFailed as failed:
        if not seen.entries:
            raise
        partial = str(failed)
    except rarfile.Error:
        if not seen.entries:
            raise PreviewFailed(
                "damaged", "The RAR archive is damaged: its headers cannot be read."
            ) from None
        partial = "The RAR archive ends in the middle of an entry."
    encrypted = any(each.encrypted for each in seen.entries)
    return Made(
        Archive("rar", seen.named(), seen.count, at_least=bool(partial), encrypted=encrypted), partial
    )
