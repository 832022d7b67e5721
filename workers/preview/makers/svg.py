"""SVG: drawn by resvg, which knows no scripts; what it refers to outside of itself is never opened.

Letters are left out: fonts are files, and none can be opened once the process is sealed.
"""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from PIL import Image

from core.catalogue.preview_shares import LONGEST, within
from schemas.preview import Picture
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.xml_texts import letters_of, prepare_xml
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WHOLE = 16 << 20
"""Bytes of a drawing, unpacked."""
PIXELS_A_UNIT = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
USUAL = (300.0, 150.0)
_LENGTH = re.compile(r"\s*([0-9.]+(?:[eE][+-]?\d+)?)\s*(px|pt|pc|mm|cm|in)?\s*$")
_LARGEST = 1e6
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")  # of an encoding that it is no longer in


def prepare(task: Task) -> Make:
    """Load resvg."""
    prepare_pictures()
    prepare_xml()
    draw = import_module("resvg_py").svg_to_bytes
    draw(svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', skip_system_fonts=True)

    def make(reader: Reader, link: Link) -> Made:
        return _make(reader, task, link, draw)

    return make


def _make(reader: Reader, task: Task, link: Link, draw: Any) -> Made:
    letters = letters_of(_content(reader))
    width, height = size_of(letters)
    across, down = within(max(1, round(width * 64)), max(1, round(height * 64)), LONGEST)
    try:
        png = draw(
            svg_string=_DECLARATION.sub("", letters, 1),
            background="white",
            skip_system_fonts=True,
            width=across,
            height=down,
        )
    except ValueError:
        raise PreviewFailed("damaged", "The drawing is damaged, or not of SVG.") from None
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        link.picture("poster.jpg", encode(image, task.watermark))
    return Made(Picture("SVG", round(width), round(height)))


def _content(reader: Reader) -> bytes:
    content = reader.pread(0, WHOLE + 1)
    if content.startswith(b"\x1f\x8b"):
        content = zlib.decompressobj(31).decompress(content, WHOLE + 1)
    if len(content) > WHOLE:
        raise PreviewFailed("too-big", "The drawing is too large to be drawn on this machine.")
    return content


def size_of(letters: str) -> tuple[float, float]:
    """Width and height in pixels that the root of a drawing asks for (SVG 2, section 8.2)."""
    root = _root(letters)
    if root is None:
        return USUAL
    box = [
        float(number)
        for number in re.findall(r"[-+]?[0-9.]*[0-9](?:[eE][+-]?\d+)?", root.get("viewBox") or "")
    ]
    shape = (box[2], box[3]) if len(box) == 4 and min(box[2:]) > 0 else None
    width, height = _pixels(root.get("width")), _pixels(root.get("height"))
    if width and height:
        return width, height
    if shape is None:
        return width or USUAL[0], height or USUAL[1]
    if width or height:
        return (width, width * shape[1] / shape[0]) if width else (height * shape[0] / shape[1], height)
    return min(shape[0], _LARGEST), min(shape[1], _LARGEST)


def _root(letters: str) -> Element | None:
    parser: XMLPullParser[Any] = XMLPullParser(("start",))
    with suppress(ParseError):
        parser.feed(letters[:65536])
    events = cast(Iterator[tuple[str, Element]], parser.read_events())
    return next((element for _, element in events), None)


def _pixels(length: str | None) -> float:
    match = _LENGTH.match(length or "")
    if not match:
        return 0.0
    try:
        return min(float(match[1]) * PIXELS_A_UNIT[match[2] or ""], _LARGEST)
    except ValueError:
        return 0.0
