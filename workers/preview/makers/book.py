"""E-books that are no archives: cover, title and chapters of MOBI, AZW3 and FB2.

MOBI: https://wiki.mobileread.com/wiki/MOBI (PDB header, PalmDOC and MOBI header, EXTH); FB2: the schema of
http://www.gribuser.ru/xml/fictionbook/index.html.en.
"""

import base64
import binascii
import io
import struct
from xml.etree.ElementTree import Element, ParseError

from PIL import Image

from schemas.preview import Document
from workers.preview.errors import PreviewFailed
from workers.preview.makers.image import open_image, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.makers.xml_texts import XmlTexts, prepare_xml
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

COVER = 16 << 20
STEP, WHOLE = 256 << 10, 24 << 20
"""Bytes of a book in XML, read at once and altogether."""
LINES = 200
RECORDS = 78
TITLE, COVER_OFFSET = 503, 201
UTF8 = 65001


def prepare(task: Task) -> Make:
    """Load what reads covers."""
    prepare_pictures()
    prepare_formats()
    prepare_xml()

    def make(reader: Reader, link: Link) -> Made:
        written = reader.pread(60, 8) not in (b"BOOKMOBI", b"TEXtREAd")
        return _written(reader, task, link) if written else _mobi(reader, task, link)

    return make


def _show(content: bytes, task: Task, link: Link) -> None:
    try:
        picture: Image.Image | None = open_image(io.BytesIO(content), task.shares.picture, task.memory)
    except (OSError, SyntaxError, ValueError, PreviewFailed):
        return
    if picture:
        link.picture("poster.jpg", encode(picture, task.watermark))


def _mobi(reader: Reader, task: Task, link: Link) -> Made:
    count = int.from_bytes(reader.pread(76, 2), "big")
    places = [start for start, _ in struct.iter_unpack(">II", reader.pread(RECORDS, count * 8))]
    if not places:
        raise PreviewFailed("damaged", "The book has no records.")
    first = reader.pread(places[0], min(1 << 16, (places[1] if count > 1 else reader.size) - places[0]))
    if first[16:20] != b"MOBI" or len(first) < 132:
        return Made(Document("mobi", shown_name(reader.pread(0, 31).split(b"\0")[0].decode("latin-1"))))
    encoding = "utf-8" if struct.unpack_from(">I", first, 28)[0] == UTF8 else "cp1252"
    fields = _fields(first)
    start, length = struct.unpack_from(">II", first, 84)
    title = fields.get(TITLE) or first[start : start + length]
    description = Document("mobi", shown_name(title.decode(encoding, "replace")))
    link.describe(description)
    cover = fields.get(COVER_OFFSET, b"")
    number = struct.unpack_from(">I", first, 108)[0] + (
        int.from_bytes(cover, "big") if len(cover) == 4 else 0
    )
    if len(cover) == 4 and number < count:
        until = places[number + 1] if number + 1 < count else reader.size
        if 0 < until - places[number] <= COVER:
            _show(reader.pread(places[number], until - places[number]), task, link)
    if int.from_bytes(first[12:14], "big"):
        raise PreviewFailed("locked", "The book is protected for one reader.")
    return Made(description)


def _fields(first: bytes) -> dict[int, bytes]:
    """The EXTH fields, which follow the MOBI header."""
    at = 16 + struct.unpack_from(">I", first, 20)[0]
    fields: dict[int, bytes] = {}
    if first[at : at + 4] != b"EXTH" or at + 12 > len(first):
        return fields
    count = struct.unpack_from(">I", first, at + 8)[0]
    at += 12
    for _ in range(min(count, 500)):
        if at + 8 > len(first):
            break
        kind, length = struct.unpack_from(">II", first, at)
        if length < 8:
            break
        fields.setdefault(kind, first[at + 8 : at + length])
        at += length
    return fields


class _Fiction:
    """What is read of an FB2, element by element; what was read is forgotten at once."""

    def __init__(self) -> None:
        self.title = ""
        self.cover_id = ""
        self.cover = b""
        self.headings: list[str] = []
        self.letters = 0

    def take(self, element: Element) -> None:
        """Take an element that has ended."""
        name = element.tag.rpartition("}")[2]
        if name == "book-title" and not self.title:
            self.title = "".join(element.itertext())
        elif name == "coverpage":
            images = [
                value for each in element.iter() for key, value in each.attrib.items() if key.endswith("href")
            ]
            self.cover_id = next(iter(images), "").lstrip("#")
        elif name == "binary" and element.get("id") == self.cover_id and self.cover_id:
            try:
                self.cover = base64.b64decode(element.text or "")
            except (binascii.Error, ValueError):
                self.cover = b""
        elif name == "title" and len(self.headings) < LINES:
            self.headings.append(" ".join(" ".join(element.itertext()).split()))
        elif name == "p":
            self.letters += sum(map(len, element.itertext()))
            return  # a title may hold it
        if name in ("section", "binary", "body"):
            element.clear()


def _written(reader: Reader, task: Task, link: Link) -> Made:
    book, partial = _Fiction(), ""
    parser = XmlTexts(("end",))
    try:
        for at in range(0, min(reader.size, WHOLE), STEP):
            parser.feed(reader.pread(at, STEP))
            for element in parser.elements():
                book.take(element)
    except ParseError:
        partial = "The book is damaged from some place on."
    except PreviewFailed as failed:
        partial = str(failed)
    if not (book.title or book.headings):
        raise PreviewFailed("damaged", "The book is damaged.")
    if book.cover:
        _show(book.cover, task, link)
    outline = task.shares.outline([shown_name(line) for line in book.headings if line], book.letters)
    return Made(Document("fb2", shown_name(book.title).strip(), outline[:LINES]), partial)
