"""The watermark: a text of any script, drawn once in black on white, of which pictures take the shape.

MuPDF sets it: it shapes and orders the letters of all scripts, and brings a font for each.
"""

from html import escape
from typing import Any

from PIL import Image, ImageOps

from schemas.preview import Unknown
from workers.preview.makers import mupdf as lazy
from workers.preview.makers.made import Made, Make
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WIDTH, LINE, MARGIN = 900, 48, 4  # points: of the page and of a letter; pixels around the text
LONGEST = 2000  # pixels
STYLE = (
    "@page{margin:0} body{margin:8pt;font-family:sans-serif;font-weight:bold;text-align:right;"
    f"font-size:{LINE}pt;line-height:1.2}} div{{white-space:pre-wrap}}"
)


def prepare(task: Task) -> Make:
    """Load MuPDF, and draw: the text comes with the task, and no file is read."""
    prepare_pictures()
    mupdf = lazy.load()
    mupdf.fz_register_document_handlers()

    def make(reader: Reader, link: Link) -> Made:
        link.picture("mark.jpg", encode(draw(mupdf, task.label)))
        return Made(Unknown("mark"))

    return make


def draw(mupdf: Any, text: str) -> Image.Image:
    """The lines of a text below each other, in black on white, without what is empty around them."""
    lines = "".join(f"<div>{escape(line)}</div>" for line in text.splitlines())
    page = f"<html><head><style>{STYLE}</style></head><body>{lines}</body></html>".encode()
    stream = mupdf.fz_open_memory(mupdf.python_buffer_data(page), len(page))
    document = mupdf.fz_open_document_with_stream("mark.html", stream)
    mupdf.fz_layout_document(document, WIDTH, LONGEST, LINE)
    image = lazy.render(mupdf, document, 0, 1.0, LONGEST).convert("L")
    box = ImageOps.invert(image).getbbox()
    return ImageOps.expand(image.crop(box), MARGIN, 255) if box else image.resize((1, 1))
