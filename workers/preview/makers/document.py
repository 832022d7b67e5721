"""Office documents and books, all of them ZIP: cover or first page, title, outline.

Parts and relations: ECMA-376 part 2 (thumbnail, core properties) and part 1 (document, workbook, slides);
EPUB 3.3, sections 4.2.6.3.1 (container.xml), 5 (package document) and 7 (navigation).
"""

import codecs
import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import IO, Any, Literal, cast
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from PIL import Image

from schemas.preview import Document
from workers.preview.errors import PreviewFailed
from workers.preview.makers import mupdf as lazy
from workers.preview.makers.image import open_image
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

Format = Literal["docx", "xlsx", "pptx", "epub"]
XML_LIMIT, PICTURE_LIMIT = 4 << 20, 16 << 20  # bytes unpacked of one part
LINES = 200
LONGEST = 1600  # pixels
THUMBNAILS = ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png")
_BROKEN = (zipfile.BadZipFile, KeyError, ParseError, NotImplementedError, RuntimeError, EOFError, ValueError)


def prepare(task: Task) -> Make:
    """Load the parsers, and MuPDF for documents without a picture of their own."""
    prepare_pictures()
    Image.init()
    mupdf = lazy.load()
    mupdf.fz_register_document_handlers()
    codecs.lookup("cp437")
    XMLPullParser(("end",)).feed("<x/>")

    def make(reader: Reader, link: Link) -> Made:
        return _make(reader, task, link, mupdf)

    return make


def format_of(names: set[str]) -> Format | None:
    """What a ZIP with these names is, if it is a document."""
    parts: dict[str, Format] = {
        "word/document.xml": "docx",
        "xl/workbook.xml": "xlsx",
        "ppt/presentation.xml": "pptx",
        "META-INF/container.xml": "epub",
    }
    return next((kind for part, kind in parts.items() if part in names), None)


def _make(reader: Reader, task: Task, link: Link, mupdf: Any) -> Made:
    with zipfile.ZipFile(cast(IO[bytes], io.BufferedReader(ReadFile(reader), 1 << 16))) as archive:
        book = Book(archive)
        kind = format_of(set(archive.namelist()))
        if kind is None:
            raise PreviewFailed("damaged", "The file is no document.")
        package = book.package() if kind == "epub" else None
        picture = book.cover(package) if package is not None else book.thumbnail()
        title = book.title(package)
        outline = [shown_name(line) for line in book.outline(kind, package)]
    picture = picture or _first_page(mupdf, reader, kind)
    if picture:
        link.picture("poster.jpg", encode(picture, task.watermark))
    return Made(Document(kind, shown_name(title), outline[:LINES]))


def _first_page(mupdf: Any, reader: Reader, kind: Format) -> Image.Image | None:
    stream = lazy.LazyStream(mupdf, reader)
    try:
        document = mupdf.fz_open_document_with_stream(f"x.{kind}", stream.stream)
        return lazy.render(mupdf, document, 0, 2.0, LONGEST)
    except mupdf.FzErrorBase:
        stream.check()
        return None


class Book:
    """The parts of a document; a part that is missing or broken is left out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._root = ""

    def thumbnail(self) -> Image.Image | None:
        """The picture that the office program has put in."""
        return next((picture for name in THUMBNAILS if (picture := self._image(name))), None)

    def package(self) -> Element | None:
        """The package document of an EPUB."""
        root = next(
            (each.get("full-path") for each in self._elements("META-INF/container.xml", "rootfile")), None
        )
        self._root = dirname(root or "")
        return next(iter(self._elements(root, "package")), None) if root else None

    def cover(self, package: Element) -> Image.Image | None:
        """The cover of an EPUB, as version 3 or version 2 names it."""
        items = [each for each in package.iter() if _tag(each) == "item"]
        named = {each.get("content") for each in package.iter() if each.get("name") == "cover"}
        for item in items:
            if "cover-image" in (item.get("properties") or "").split() or item.get("id") in named:
                return self._image(self._path(item))
        return None

    def title(self, package: Element | None) -> str:
        """The title that its author gave it; empty where there is none."""
        elements = package.iter() if package is not None else self._elements("docProps/core.xml", "title")
        return next((_text(each) for each in elements if _tag(each) == "title"), "")

    def outline(self, kind: Format, package: Element | None) -> list[str]:
        """Headings, sheets, slides or chapters."""
        lines: Iterator[str]
        if kind == "docx":
            lines = (_text(each) for each in self._elements("word/document.xml", "p") if _is_heading(each))
        elif kind == "xlsx":
            lines = (each.get("name") or "" for each in self._elements("xl/workbook.xml", "sheet"))
        elif kind == "pptx":
            lines = self._slides()
        else:
            lines = self._chapters(package)
        return [line.strip() for line, _ in zip(lines, range(LINES), strict=False) if line.strip()]

    def _slides(self) -> Iterator[str]:
        numbered = {
            int(match[1]): name
            for name in self._archive.namelist()
            if (match := re.fullmatch(r"ppt/slides/slide(\d{1,6})\.xml", name))
        }
        for _, name in sorted(numbered.items())[:30]:
            for shape in self._elements(name, "sp"):
                kinds = {each.get("type") for each in shape.iter() if _tag(each) == "ph"}
                if kinds & {"title", "ctrTitle"}:
                    yield _text(shape)
                    break

    def _chapters(self, package: Element | None) -> Iterator[str]:
        for item in package.iter() if package is not None else ():
            if "nav" in (item.get("properties") or "").split():
                yield from (_text(each) for each in self._elements(self._path(item), "a"))
                return
        for item in package.iter() if package is not None else ():
            if item.get("media-type") == "application/x-dtbncx+xml":
                yield from (_text(each) for each in self._elements(self._path(item), "navLabel"))

    def _path(self, item: Element) -> str:
        return normpath(join(self._root, unquote(item.get("href") or "")))

    def _image(self, name: str) -> Image.Image | None:
        try:
            return open_image(io.BytesIO(self._read(name, PICTURE_LIMIT)), LONGEST)
        except (*_BROKEN, OSError, SyntaxError):
            return None
        except PreviewFailed as failed:
            if failed.outcome == "too-big":
                return None
            raise

    def _elements(self, name: str, tag: str) -> list[Element]:
        """The elements of this name in the head of a part, finished ones only."""
        parser: XMLPullParser[Any] = XMLPullParser(("end",))
        elements: list[Element] = []
        try:
            parser.feed(self._read(name, XML_LIMIT))
            events = cast(Iterator[tuple[str, Element]], parser.read_events())
            for _, element in events:
                if _tag(element) == tag:
                    elements.append(element)
        except _BROKEN:
            pass
        return elements

    def _read(self, name: str, limit: int) -> bytes:
        with self._archive.open(name) as part:
            return part.read(limit)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _is_heading(paragraph: Element) -> bool:
    styles = [each for each in paragraph.iter() if _tag(each) == "pStyle"]
    names = [value for each in styles for value in each.attrib.values()]
    return any(re.match(r"(heading|titre|title|überschrift)", name, re.IGNORECASE) for name in names)
