"""7z: the header at its end, unpacked by py7zr; no file is."""

import io
import lzma
import struct
from typing import IO, cast

import py7zr
from py7zr.exceptions import ArchiveError, PasswordRequired

from schemas.preview import Archive
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry
from workers.preview.makers.zip_archive import NO_LIST, SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

BROKEN = (EOFError, ValueError, KeyError, IndexError, struct.error, lzma.LZMAError, TypeError, AttributeError)
"""What py7zr raises of its own besides, where a header is broken."""


def prepare(task: Task) -> Make:
    """Load what py7zr loads at its first archive."""
    blank = io.BytesIO()
    with py7zr.SevenZipFile(blank, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        archive.writestr(b"x", "x")
    blank.seek(0)
    py7zr.SevenZipFile(blank, "r").close()
    return make


def make(reader: Reader, link: Link) -> Made:
    """List the entries; all are in the header, so their number is exact."""
    file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), 4096))
    try:
        archive = py7zr.SevenZipFile(file, "r")
    except PasswordRequired:
        raise PreviewFailed("locked", "The names in the 7z archive are protected by a password.") from None
    except (ArchiveError, *BROKEN):
        head = reader.pread(0, 32)
        if len(head) == 32 and 32 + sum(struct.unpack_from("<QQ", head, 12)) > reader.size:
            raise PreviewFailed("partial", NO_LIST) from None
        raise PreviewFailed(
            "damaged", "The 7z archive is damaged: its list of files cannot be read."
        ) from None
    encrypted = archive.needs_password()
    files = archive.files
    entries = [
        entry(
            member.filename,
            member.uncompressed,
            folder=member.is_directory,
            encrypted=encrypted and not member.is_directory,
        )
        for member, _ in zip(files, range(SHOWN), strict=False)
    ]
    return Made(Archive("7z", entries, len(files), encrypted=encrypted))
