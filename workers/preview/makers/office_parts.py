"""The head of an office document, small enough to be drawn within seconds.

MuPDF lays out a whole document before its first page: a workbook of 100,000 rows takes a minute and 800 MB.
So it is given a document of the same kind that holds the first paragraphs, rows or slides only. On the way
strict documents (ISO/IEC 29500-4, annex A) get the namespaces that MuPDF knows, and cells with a text of
their own (`inlineStr`, ISO/IEC 29500-1, 18.18.11) the form that it draws.
"""

import io
import re
import zipfile
from contextlib import suppress
from typing import cast
from xml.etree.ElementTree import Element, ParseError, SubElement, register_namespace, tostring

from workers.preview.makers.xml_texts import XmlTexts

PART = 192 << 10
"""Bytes unpacked of an XML part: some hundred rows or paragraphs."""
MEDIA, WHOLE = 2 << 20, 8 << 20
"""Bytes of one picture, and of all parts."""
PARTS = 400
LONGEST_TEXT, LONGEST_WORD = 2000, 80  # characters
MOST = {"row": 60, "c": 12, "p": 60, "si": 2000, "tr": 60}
"""Elements kept of one parent; more of them than this are on no first page."""
SHEETS = re.compile(r"(xl/worksheets|ppt/slides|ppt/notesSlides)/[^/]+\.xml")
ORDERED = ("sheet", "sldId")
"""Elements of the main part that name sheets and slides in their order."""
OFFICE = "http://schemas.openxmlformats.org"
for _prefix, _space in {
    "r": "officeDocument/2006/relationships",
    "w": "wordprocessingml/2006/main",
    "a": "drawingml/2006/main",
    "p": "presentationml/2006/main",
}.items():
    register_namespace(_prefix, f"{OFFICE}/{_space}")  # MuPDF asks for "r:id" and "w:val" by these prefixes
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)")


def head_of(archive: zipfile.ZipFile, first_id: str = "", first: str = "") -> bytes:
    """A smaller archive with what its first page needs. Parts that are broken are left out.

    `first` is the part of the sheet or slide that comes first, `first_id` its relation: others are left out.
    """
    small, left = io.BytesIO(), WHOLE
    sheets = {name for name in archive.namelist() if SHEETS.fullmatch(name)}
    first = first or min(sheets, key=lambda name: (len(name), name), default="")
    members = [each for each in archive.infolist() if each.filename not in sheets - {first}]
    with zipfile.ZipFile(small, "w") as target:
        for member in members[:PARTS]:
            xml = member.filename.endswith((".xml", ".rels"))
            if not xml and member.file_size > MEDIA:
                continue
            try:
                with archive.open(member) as part:
                    content = part.read(PART if xml else MEDIA)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
                continue
            content = _shortened(content, first_id) if xml else content
            left -= len(content)
            if left < 0:
                break
            target.writestr(member.filename, content)
    return small.getvalue()


def _shortened(content: bytes, first_id: str) -> bytes:
    """A part whose elements are closed where its bytes end."""
    parser = XmlTexts(("start",))
    root: Element | None = None
    with suppress(ParseError):  # what came before is of use
        parser.feed(_STRICT.sub(rf"{OFFICE}/\1/2006".encode(), content))
        root = next(parser.elements(), None)
    if root is None:
        return b""
    _shorten(root, first_id)
    return cast(bytes, tostring(root, "utf-8", xml_declaration=True))


def _shorten(root: Element, first_id: str) -> None:
    for parent in root.iter():
        counts: dict[str, int] = {}
        for child in list(parent):
            name = child.tag.rpartition("}")[2]
            counts[name] = counts.get(name, 0) + 1
            if counts[name] > MOST.get(name, PARTS) or _follows(name, child, first_id):
                parent.remove(child)
            elif name == "c" and child.get("t") == "inlineStr":
                _to_value(child)
        if parent.text and len(parent.text) > LONGEST_WORD:
            parent.text = re.sub(rf"(\S{{{LONGEST_WORD}}})\S+", r"\1…", parent.text[:LONGEST_TEXT])


def _follows(name: str, element: Element, first_id: str) -> bool:
    """Whether an element names another sheet or slide than the first."""
    named = [value for key, value in element.attrib.items() if key.endswith("}id")]
    return bool(first_id) and name in ORDERED and named != [] and first_id not in named


def _to_value(cell: Element) -> None:
    text = "".join(cell.itertext())
    space = cell.tag.rpartition("}")[0]
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "str")
    SubElement(cell, f"{space}}}v" if space else "v").text = text
