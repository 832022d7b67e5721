"""Office documents before 2007: title, and the text, sheets or titles of slides that they begin with.

[MS-CFB] is the container, which olefile reads; inside are [MS-DOC] (2.5 the FIB, 2.9.38 the pieces),
[MS-XLS] (2.4.28 BoundSheet8) and [MS-PPT] (2.9.41 to 2.9.44, the atoms of texts).
"""

import codecs
import io
import struct
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from PIL import Image

from schemas.preview import Document, Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers.image import open_image, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

LINES = 200
TEXT = 256 << 10
"""Bytes looked at of a document's text."""
STREAM = 4 << 20
LOCKED = "The document is protected by a password."
DOC_ENCRYPTED, DOC_SECOND_TABLE = 0x100, 0x200
PPT_ENCRYPTED = 0xF3D1C4DF
SHEET, FILE_PASS, END = 0x85, 0x2F, 0x0A
TEXT_HEADER, TEXT_WIDE, TEXT_NARROW = 0x0F9F, 0x0FA0, 0x0FA8
TITLES = (0, 6)
UTF8 = 65001


def prepare(task: Task) -> Make:
    """Load olefile, and what reads a thumbnail."""
    prepare_pictures()
    prepare_formats()
    ole = import_module("olefile")
    for encoding in ("cp1252", "utf-16-le", "utf-8", "cp1251", "cp1250", "cp932", "cp936", "cp949"):
        codecs.lookup(encoding)

    def make(reader: Reader, link: Link) -> Made:
        try:
            file = ole.OleFileIO(io.BufferedReader(ReadFile(reader), 1 << 16))
        except (OSError, ValueError, struct.error, IndexError):
            raise PreviewFailed("damaged", "The document is damaged.") from None
        return _make(file, task, link)

    return make


def _make(file: Any, task: Task, link: Link) -> Made:
    if file.exists("EncryptedPackage") or file.exists("EncryptionInfo"):
        raise PreviewFailed("locked", LOCKED)
    for name, kind, read in (
        ("WordDocument", "doc", _word),
        ("Workbook", "xls", _sheets),
        ("Book", "xls", _sheets),
        ("PowerPoint Document", "ppt", _slides),
    ):
        if not file.exists(name):
            continue
        properties = _properties(file)
        title = _title(properties)
        link.describe(Document(kind, title))  # type: ignore[arg-type]
        picture = _thumbnail(properties, task)
        if picture:
            link.picture("poster.jpg", encode(picture, task.watermark))
        try:
            lines = read(file, name, task)
        except (OSError, struct.error, IndexError, ValueError):
            return Made(Document(kind, title), "The text of the document is damaged.")  # type: ignore[arg-type]
        return Made(Document(kind, title, [shown_name(line) for line in lines][:LINES]))  # type: ignore[arg-type]
    names = {"/".join(path) for path in file.listdir()}
    if any(name.startswith("__substg1.0_") for name in names):
        return Made(Unknown("Outlook message"))
    return Made(Unknown(task.label))


def _properties(file: Any) -> Any:
    try:
        return file.get_metadata()
    except (OSError, ValueError, struct.error, IndexError, TypeError, AttributeError):
        return None


def _title(properties: Any) -> str:
    title = getattr(properties, "title", None)
    if not isinstance(title, bytes):
        return shown_name(str(title or "")).strip("\0 ")
    page = getattr(properties, "codepage", None)
    try:
        text = title.decode("utf-8" if page == UTF8 else f"cp{page or 1252}", "replace")
    except LookupError:
        text = title.decode("cp1252", "replace")
    return shown_name(text).strip("\0 ")


def _thumbnail(properties: Any, task: Task) -> Image.Image | None:
    content = getattr(properties, "thumbnail", None)
    if not isinstance(content, bytes):
        return None
    for magic in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        at = content.find(magic)
        if at >= 0:
            try:
                return open_image(io.BytesIO(content[at:]), task.shares.picture)
            except (OSError, SyntaxError, ValueError):
                return None
    return None


def _word(file: Any, name: str, task: Task) -> list[str]:
    with file.openstream(name) as stream:
        head = stream.read(0x1AA)
        flags = struct.unpack_from("<H", head, 0x0A)[0]
        if flags & DOC_ENCRYPTED:
            raise PreviewFailed("locked", LOCKED)
        start, length = struct.unpack_from("<II", head, 0x1A2)
        with file.openstream("1Table" if flags & DOC_SECOND_TABLE else "0Table") as table:
            table.seek(start)
            pieces = table.read(min(length, STREAM))
        text = "".join(_pieces(stream, pieces, struct.unpack_from("<I", head, 0x4C)[0]))
    lines = [line for line in text.replace("\r", "\n").replace("\x07", "\n").splitlines() if line.strip()]
    return task.shares.excerpt("\n".join(lines)).splitlines()


def _pieces(stream: Any, table: bytes, letters: int) -> Iterator[str]:
    at = 0
    while at < len(table) and table[at] == 1:  # properties, which are passed over
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    size = struct.unpack_from("<I", table, at + 1)[0]
    table = table[at + 5 : at + 5 + size]
    count = (len(table) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", table)
    read = 0
    for number in range(count):
        place = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)[0]
        wide = 1 if place & 0x40000000 else 2
        stream.seek((place & 0x3FFFFFFF) // (2 if wide == 1 else 1))
        length = min(bounds[number + 1], letters) - bounds[number]
        raw = stream.read(max(0, min(length * wide, TEXT - read)))
        read += len(raw)
        yield raw.decode("cp1252" if wide == 1 else "utf-16-le", "replace")
        if read >= TEXT:
            return


def _sheets(file: Any, name: str, task: Task) -> list[str]:
    names: list[str] = []
    with file.openstream(name) as stream:
        content = stream.read(STREAM)
    at, wide_strings = 0, True
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        body = content[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == FILE_PASS:
            raise PreviewFailed("locked", LOCKED)
        if kind == 0x809:  # BOF: BIFF8 names its version 0x600
            wide_strings = struct.unpack_from("<H", body)[0] == 0x600
        elif kind == SHEET and len(body) > 8:
            if wide_strings:
                raw, wide = body[8:], body[7] & 1
                names.append(
                    raw[: body[6] * 2].decode("utf-16-le", "replace")
                    if wide
                    else raw[: body[6]].decode("latin-1")
                )
            else:
                names.append(body[7 : 7 + body[6]].decode("cp1252", "replace"))
        elif kind == END:
            break
    return names


def _slides(file: Any, name: str, task: Task) -> list[str]:
    if file.exists("Current User"):
        with file.openstream("Current User") as stream:
            head = stream.read(16)
        if len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == PPT_ENCRYPTED:
            raise PreviewFailed("locked", LOCKED)
    with file.openstream(name) as stream:
        content = stream.read(STREAM)
    titles: list[str] = []
    at, kind_of_text = 0, -1
    while at + 8 <= len(content) and len(titles) < LINES:
        version, kind, length = struct.unpack_from("<HHI", content, at)
        at += 8
        if version & 0xF == 0xF:
            continue  # a container: its records come next
        body = content[at : at + length]
        at += length
        if kind == TEXT_HEADER and len(body) >= 4:
            kind_of_text = struct.unpack_from("<I", body)[0]
        elif kind in (TEXT_WIDE, TEXT_NARROW) and kind_of_text in TITLES:
            title = body.decode("utf-16-le" if kind == TEXT_WIDE else "latin-1", "replace")
            titles.append(" ".join(title.split()))
    return list(dict.fromkeys(filter(None, titles)))
