"""RAR: the headers one after the other, by rarfile, which needs no unrar for them."""

import codecs
import io
from typing import IO, Any, cast

import rarfile

from schemas.preview import Archive, Entry
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry
from workers.preview.makers.zip_archive import SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile


def prepare(task: Task) -> Make:
    """Everything is loaded with rarfile, but the codecs of names."""
    for encoding in ("utf-8", "utf-16-le", rarfile.DEFAULT_CHARSET, *rarfile.TRY_ENCODINGS):
        codecs.lookup(encoding)
    return make


class Listing:
    """The entries read so far; it outlives a budget that ends in the middle."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.count = 0

    def add(self, member: Any) -> None:
        """Add an entry; rarfile calls this for each header."""
        if not isinstance(member, rarfile.RarInfo) or not member.filename:
            return
        self.count += 1
        if len(self.entries) < SHOWN:
            encrypted = bool(member.needs_password())
            self.entries.append(
                entry(member.filename, member.file_size, folder=member.is_dir(), encrypted=encrypted)
            )


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
    except rarfile.Error as error:
        if not seen.entries:
            raise PreviewFailed("damaged", f"The RAR archive is damaged: {error}.") from None
        partial = "The RAR archive ends in the middle of an entry."
    encrypted = any(each.encrypted for each in seen.entries)
    return Made(
        Archive("rar", seen.entries, seen.count, at_least=bool(partial), encrypted=encrypted), partial
    )
