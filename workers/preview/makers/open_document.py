"""Documents that other office programs keep as ZIP archives: OpenDocument, iWork of Apple, and comics.

OpenDocument 1.3, part 2 (packages: mimetype, manifest, Thumbnails) and part 3 (content.xml, meta.xml).
"""

import codecs
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from typing import IO, cast
from xml.etree.ElementTree import Element, ParseError

from PIL import Image

from schemas.preview import Document, DocumentFormat
from workers.preview.documents import ENCRYPTED
from workers.preview.errors import PreviewFailed
from workers.preview.makers.image import open_image, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.makers.xml_texts import XmlTexts, prepare_xml
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

CONTENT, MANIFEST, META = "content.xml", "META-INF/manifest.xml", "meta.xml"
OLD_APPLE = {"index.xml", "buildVersionHistory.plist"}
"""Parts of a document of iWork before 2013; those of Keynote are named otherwise."""
# Of iWork everything is packed but the picture that its programs put in.
PICTURES = ("Thumbnails/thumbnail.png", "preview.jpg", "QuickLook/Thumbnail.jpg", "preview-web.jpg")
PICTURE, PART, STEP = 16 << 20, 16 << 20, 256 << 10  # bytes unpacked
LINES = 200
FEWEST_PAGES = 3
_TYPES: dict[str, DocumentFormat] = {
    "text": "odt",
    "spreadsheet": "ods",
    "presentation": "odp",
    "graphics": "odg",
}
# What an outline is made of: the element, and which attribute names it; its text where none does.
_PARTS: dict[DocumentFormat, tuple[str, str]] = {
    "odt": ("h", ""),
    "ods": ("table", "name"),
    "odp": ("page", "name"),
    "odg": ("page", "name"),
}
_PAGE = re.compile(r"\.(jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_BESIDE = ("/", ".xml", ".txt", ".nfo", ".db", ".DS_Store")
_SLIDE = re.compile(r"Index/(Template|Master)?Slide")
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ParseError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


def prepare(task: Task) -> Make:
    """Load the parsers."""
    prepare_pictures()
    prepare_formats()
    codecs.lookup("cp437")
    prepare_xml()

    def make(reader: Reader, link: Link) -> Made:
        with zipfile.ZipFile(cast(IO[bytes], io.BufferedReader(ReadFile(reader), 1 << 16))) as archive:
            return _make(archive, task, link)

    return make


def _make(archive: zipfile.ZipFile, task: Task, link: Link) -> Made:
    names = archive.namelist()
    open_document = {CONTENT, ENCRYPTED} & set(names)
    kind = _open_document(_read(archive, "mimetype", 100)) if open_document else apple_document_of(names)
    if kind is None and set(names) >= OLD_APPLE:
        kind = "numbers" if b"<ls:document" in _read(archive, "index.xml", 1024) else "pages"
    if kind is None:
        _show(archive, [comic_cover(names) or ""], task, link)
        raise PreviewFailed("damaged", "The archive is no document.")  # its list of files is shown
    if ENCRYPTED in names or b"encryption-data" in _read(archive, MANIFEST, PART):
        raise PreviewFailed("locked", "The document is protected by a password.")
    titles = [_text(each) for each in _elements(archive, META, ("title",))]
    title = shown_name(next(filter(None, titles), ""))
    link.describe(Document(kind, title))
    _show(archive, PICTURES, task, link)
    if kind not in _PARTS:
        return Made(Document(kind, title))
    outline, letters = _outline(archive, kind)
    if kind == "odt":  # headings are part of the text
        outline = task.shares.outline(outline, letters)
    return Made(Document(kind, title, outline[:LINES]))


def apple_document_of(names: Collection[str]) -> DocumentFormat | None:
    """The kind of an iWork document with these parts; None of another archive."""
    if "index.apxl" in names:
        return "keynote"
    if not {"Index/Document.iwa", "Index.zip"} & set(names):
        return None
    if any(_SLIDE.match(name) for name in names):
        return "keynote"
    # Pages has tables too, but a sheet of its own only where it lays out text.
    sheets = "Index/CalculationEngine.iwa" in names and not any("Section" in name for name in names)
    return "numbers" if sheets and any(name.startswith("Index/Tables/") for name in names) else "pages"


def comic_cover(names: Collection[str]) -> str | None:
    """The first page of a comic: an archive of numbered pictures, and little else."""
    names = [name for name in names if not name.startswith("__MACOSX")]
    pages = [name for name in names if _PAGE.search(name)]
    rest = [name for name in names if not _PAGE.search(name) and not name.endswith(_BESIDE)]
    if len(pages) < FEWEST_PAGES or rest or not all(re.search(r"\d", page) for page in pages):
        return None
    return min(pages, key=lambda name: [part.zfill(12) for part in re.split(r"(\d+)", name)])


def _open_document(mime: bytes) -> DocumentFormat | None:
    name = mime.decode("ascii", "replace").strip().rpartition("application/vnd.oasis.opendocument.")[2]
    return _TYPES.get(name.removesuffix("-template"))


def _outline(archive: zipfile.ZipFile, kind: DocumentFormat) -> tuple[list[str], int]:
    """Headings, sheets or slides; and how many letters the text has."""
    tag, attribute = _PARTS[kind]
    lines: list[str] = []
    letters = 0
    for element in _elements(archive, CONTENT, (tag, "p")):
        if kind == "odt":
            letters += len("".join(element.itertext()))
        if _tag(element) == tag and len(lines) < LINES:
            named = [value for name, value in element.attrib.items() if name.rpartition("}")[2] == attribute]
            lines.append(shown_name(next(iter(named), "") if attribute else _text(element)))
    return [line for line in lines if line.strip()], letters


def _show(archive: zipfile.ZipFile, names: Collection[str], task: Task, link: Link) -> None:
    for name in names:
        picture: Image.Image | None = None
        try:
            picture = open_image(io.BytesIO(_read(archive, name, PICTURE)), task.shares.picture, task.memory)
        except (*_BROKEN, SyntaxError, PreviewFailed):
            continue
        if picture:
            link.picture("poster.jpg", encode(picture, task.watermark))
            return


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(limit)
    except _BROKEN:
        return b""


def _elements(archive: zipfile.ZipFile, name: str, tags: Collection[str]) -> Iterator[Element]:
    """The elements of these names of a part, each as it ends; what they hold is forgotten after."""
    parser = XmlTexts(("end",))
    try:
        with archive.open(name) as part:
            for _ in range(0, PART, STEP):
                content = part.read(STEP)
                if not content:
                    return
                parser.feed(content)
                for element in parser.elements():
                    if _tag(element) in tags:
                        yield element
                    if _tag(element) in ("table-row", "p", "h", "page"):
                        element.clear()
    except _BROKEN:
        return


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
