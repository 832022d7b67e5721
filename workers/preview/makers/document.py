"""Office documents and books, all of them ZIP: cover or first page, title, outline.

Parts and relations: ECMA-376 part 2 (thumbnail, core properties) and part 1 (document, workbook, slides);
EPUB 3.3, sections 4.2.6.3.1 (container.xml), 5 (package document) and 7 (navigation).
"""

import codecs
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from posixpath import basename, dirname, join, normpath
from typing import IO, Any, Literal, cast
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from PIL import Image

from core.catalogue.preview_shares import PART, Shares
from schemas.preview import Document
from workers.preview.documents import BOOK, office_part
from workers.preview.errors import PreviewFailed
from workers.preview.makers import mupdf as lazy
from workers.preview.makers.headings import heading_styles, is_heading
from workers.preview.makers.image import Fit, open_image, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.makers.office_parts import head_of
from workers.preview.makers.xml_texts import XmlTexts, prepare_xml
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Bytes, Link, Reader, ReadFile

Format = Literal["docx", "xlsx", "pptx", "epub"]
XML_LIMIT, PICTURE_LIMIT = 4 << 20, 16 << 20  # bytes unpacked of one part
LINES, SLIDES = 200, 30
THUMBNAILS = ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png")
WRITTEN = ("docx", "pptx")
"""Their headings are words of the text itself; those of the others are names of its parts."""
_BROKEN = (zipfile.BadZipFile, KeyError, ParseError, NotImplementedError, RuntimeError, EOFError, ValueError)


def prepare(task: Task) -> Make:
    """Load the parsers, and MuPDF for documents without a picture of their own."""
    prepare_pictures()
    prepare_formats()
    mupdf = lazy.load()
    mupdf.fz_register_document_handlers()
    codecs.lookup("cp437")
    prepare_xml()

    def make(reader: Reader, link: Link) -> Made:
        return _make(reader, task, link, mupdf)

    return make


def format_of(names: Collection[str]) -> Format | None:
    """What a ZIP with these names is, if it is a document."""
    formats: dict[str, Format] = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
    return formats.get(dirname(office_part(names)), "epub" if BOOK in names else None)


def _make(reader: Reader, task: Task, link: Link, mupdf: Any) -> Made:
    with zipfile.ZipFile(cast(IO[bytes], io.BufferedReader(ReadFile(reader), 1 << 16))) as archive:
        book = Book(archive, task.shares)
        kind = format_of(archive.namelist())
        if kind is None:
            raise PreviewFailed("damaged", "The file is no document.")
        package = book.package() if kind == "epub" else None
        picture = book.cover(package) if package is not None else book.thumbnail()
        title = book.title(package)
        letters = book.letters(kind)
        outline = [shown_name(line) for line in book.outline(kind, package)]
        if kind in WRITTEN:
            outline = task.shares.outline(outline, letters)
        description = Document(kind, shown_name(title), outline[:LINES])
        # What takes long, or may fail, comes after what is known.
        link.describe(description)
        head = b"" if picture or kind == "epub" else head_of(archive, *book.first)
    picture = picture or _first_page(mupdf, Bytes(head) if head else reader, kind, task.shares, letters)
    if picture:
        link.picture("poster.jpg", encode(picture, task.watermark))
    return Made(description)


def _first_page(mupdf: Any, reader: Reader, kind: Format, shares: Shares, letters: int) -> Image.Image | None:
    """The first page, to be read where it holds a small part of all letters."""
    stream = lazy.LazyStream(mupdf, reader)
    try:
        document = mupdf.fz_open_document_with_stream(f"x.{kind}", stream.stream)
        first = lazy.letters(mupdf, document, 0) if letters else 0
        readable = shares.pages(PART, (first, letters - first)) if letters > first else 0
        return lazy.render(mupdf, document, 0, 2.0, shares.longest(readable or shares.own))
    except mupdf.FzErrorBase:
        stream.check()
        return None


class Book:
    """The parts of a document; a part that is missing or broken is left out."""

    def __init__(self, archive: zipfile.ZipFile, shares: Shares) -> None:
        self._archive = archive
        self._shares = shares
        self._root = ""
        self.main = office_part(archive.namelist())
        self._order = self._in_order()

    @property
    def first(self) -> tuple[str, str]:
        """The relation and the part of the first sheet or slide; empty where nothing tells them."""
        return next(iter(self._order.items()), ("", ""))

    def thumbnail(self) -> Image.Image | None:
        """The picture that the office program has put in."""
        return next(
            (picture for name in THUMBNAILS if (picture := self._image(name, self._shares.thumbnail))), None
        )

    def package(self) -> Element | None:
        """The package document of an EPUB."""
        root = next((each.get("full-path") for each in self._elements(BOOK, "rootfile")), None)
        self._root = dirname(root or "")
        return next(iter(self._elements(root, "package")), None) if root else None

    def cover(self, package: Element) -> Image.Image | None:
        """The cover of an EPUB, as version 3 or version 2 names it."""
        items = [each for each in package.iter() if _tag(each) == "item"]
        named = {each.get("content") for each in package.iter() if each.get("name") == "cover"}
        for element in items:
            if "cover-image" in (element.get("properties") or "").split() or element.get("id") in named:
                return self._image(self._path(element))
        # Some name the file itself, others only the page with the picture, in the guide of version 2.
        paths = [self._path(element) for element in items if element.get("href") in named]
        guide = [each for each in package.iter() if _tag(each) == "reference" and each.get("type") == "cover"]
        paths += [path for each in guide for path in self._pictures_of(self._path(each))]
        return next((picture for path in paths if (picture := self._image(path))), None)

    def _pictures_of(self, page: str) -> list[str]:
        """The pictures that a page shows, or itself where it is one."""
        pictures = [each.get("src") or "" for each in self._elements(page, "img")]
        pictures += [
            value
            for each in self._elements(page, "image")
            for name, value in each.attrib.items()
            if name.rpartition("}")[2] == "href"
        ]
        return [normpath(join(dirname(page), unquote(path))) for path in pictures if path] or [page]

    def title(self, package: Element | None) -> str:
        """The title that its author gave it; empty where there is none."""
        elements = package.iter() if package is not None else self._elements("docProps/core.xml", "title")
        return next((_text(each) for each in elements if _tag(each) == "title"), "")

    def outline(self, kind: Format, package: Element | None) -> list[str]:
        """Headings, sheets, slides or chapters."""
        lines: Iterator[str]
        if kind == "docx":
            styles = heading_styles(self._elements("word/styles.xml", "style"))
            paragraphs = self._elements(self.main, "p")
            lines = (_text(each) for each in paragraphs if is_heading(each, styles))
        elif kind == "xlsx":
            lines = (each.get("name") or "" for each in self._elements(self.main, "sheet"))
        elif kind == "pptx":
            lines = self._slides()
        else:
            lines = self._chapters(package)
        return [line.strip() for line, _ in zip(lines, range(LINES), strict=False) if line.strip()]

    def letters(self, kind: Format) -> int:
        """How many letters are written in it, or a lower bound; 0 where that is not asked."""
        parts = {"docx": [self.main], "pptx": self._slide_names()}.get(kind, [])
        return sum(len(_text(each).replace(" ", "")) for name in parts for each in self._elements(name, "t"))

    def _in_order(self) -> dict[str, str]:
        """The relation and the part of each slide, or sheet that is not hidden, in the document's order."""
        if not self.main:
            return {}
        folder = dirname(self.main)
        relations = self._elements(f"{folder}/_rels/{basename(self.main)}.rels", "Relationship")
        targets = {each.get("Id"): join("/", folder, each.get("Target") or "") for each in relations}
        order: dict[str, str] = {}
        for each in self._elements(self.main, "sldId" if folder == "ppt" else "sheet"):
            named = next((value for name, value in each.attrib.items() if name.endswith("}id")), "")
            if named in targets and each.get("state", "visible") == "visible":
                order[named] = normpath(targets[named]).lstrip("/")
        return order

    def _slide_names(self) -> list[str]:
        if self._order:
            return list(self._order.values())[:SLIDES]
        numbered = {
            int(match[1]): name
            for name in self._archive.namelist()
            if (match := re.fullmatch(r"ppt/slides/slide(\d{1,6})\.xml", name))
        }
        return [name for _, name in sorted(numbered.items())[:SLIDES]]

    def _slides(self) -> Iterator[str]:
        for name in self._slide_names():
            for shape in self._elements(name, "sp"):
                kinds = {each.get("type") for each in shape.iter() if _tag(each) == "ph"}
                if kinds & {"title", "ctrTitle"}:
                    yield _text(shape)
                    break

    def _chapters(self, package: Element | None) -> Iterator[str]:
        for element in package.iter() if package is not None else ():
            if "nav" in (element.get("properties") or "").split():
                lists = self._elements(self._path(element), "nav")
                # EPUB 3.3, 5.4: besides the contents there may be landmarks and a list of pages.
                contents = [each for each in lists if "toc" in _types(each)] or lists[:1]
                yield from (_text(link) for each in contents for link in each.iter() if _tag(link) == "a")
                return
        for element in package.iter() if package is not None else ():
            if element.get("media-type") == "application/x-dtbncx+xml":
                yield from (_text(each) for each in self._elements(self._path(element), "navLabel"))

    def _path(self, element: Element) -> str:
        return normpath(join(self._root, unquote(element.get("href") or "")))

    def _image(self, name: str, fit: Fit | None = None) -> Image.Image | None:
        try:
            return open_image(io.BytesIO(self._read(name, PICTURE_LIMIT)), fit or self._shares.picture)
        except (*_BROKEN, OSError, SyntaxError):
            return None
        except PreviewFailed as failed:
            if failed.outcome == "too-big":
                return None
            raise

    def _elements(self, name: str, tag: str) -> list[Element]:
        """The elements of this name in the head of a part, finished ones only."""
        parser = XmlTexts(("end",))
        elements: list[Element] = []
        try:
            parser.feed(self._read(name, XML_LIMIT))
            for element in parser.elements():
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


def _types(element: Element) -> list[str]:
    """The words of `epub:type`."""
    return next((value.split() for name, value in element.attrib.items() if name.endswith("}type")), [])


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
