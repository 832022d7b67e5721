"""Fonts: lines set in them, by FreeType.

Their share is a picture of fixed letters: the goods are the outlines and the tables that place them, and none
of those is in it.
"""

import io

from PIL import Image, ImageDraw, ImageFont

from schemas.preview import Document
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make, read_whole
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WHOLE = 32 << 20
LINES = (
    ("Aa Bb Cc 123", 84),
    ("The quick brown fox jumps over the lazy dog", 40),
    ("Portez ce vieux whisky", 40),
)
OTHERS = ("Съешь ещё этих мягких булок", "こんにちは世界", "你好世界", "مرحبا بالعالم", "שלום עולם")
WIDTH, MARGIN = 640, 24  # pixels
INK = "#1e293b"


def prepare(task: Task) -> Make:
    """Load FreeType."""
    prepare_pictures()

    def make(reader: Reader, link: Link) -> Made:
        content = read_whole(reader, WHOLE, "The font is too large to be drawn on this machine.")
        try:
            font = ImageFont.truetype(io.BytesIO(content), 40, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            raise PreviewFailed("damaged", "The font is damaged.") from None
        family, style = font.getname()
        title = shown_name(" ".join(filter(None, (family, style)))).strip()
        link.describe(Document("font", title))
        link.picture("poster.jpg", encode(_drawn(content), task.watermark))
        return Made(Document("font", title))

    return make


def _drawn(content: bytes) -> Image.Image:
    image = Image.new("RGB", (WIDTH, 260), "white")
    pen, top = ImageDraw.Draw(image), MARGIN
    for line, size in LINES:
        font = ImageFont.truetype(io.BytesIO(content), size, layout_engine=ImageFont.Layout.BASIC)
        pen.text((MARGIN, top), _writable(font, line), INK, font)
        top += size + MARGIN
    return image


def _writable(font: ImageFont.FreeTypeFont, line: str) -> str:
    """The line, or one in a script for which the font has letters."""
    missing = bytes(font.getmask("\uffff"))
    for each in (line, *OTHERS):
        letters = {letter for letter in each if letter != " "}
        if sum(bytes(font.getmask(letter)) != missing for letter in letters) * 2 > len(letters):
            return each
    return line
