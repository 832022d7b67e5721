"""Encodes pictures of previews: JPEG, under the limit, without metadata, with a watermark if asked for."""

import io

from PIL import Image, ImageDraw, ImageFont

from workers.preview.protocol import PICTURE_LIMIT

QUALITIES = (85, 75, 60)
LONGEST = 2400
"""Pixels of a longer side; phones show less."""


def prepare_pictures() -> None:
    """Load the codecs while files can still be opened."""
    Image.MAX_IMAGE_PIXELS = None  # makers have limits of their own, asked before anything is decoded
    Image.preinit()
    ImageFont.load_default(12)
    encode(Image.new("RGB", (8, 8)), "x")


def encode(image: Image.Image, watermark: str = "") -> bytes:
    """A JPEG of at most 1,000,000 bytes: first in a lower quality, then smaller."""
    image = flatten(image)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if watermark:
        _mark(image, watermark)
    while True:
        for quality in QUALITIES:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=False)
            if buffer.tell() <= PICTURE_LIMIT:
                return buffer.getvalue()
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))


def flatten(image: Image.Image) -> Image.Image:
    """A copy in RGB; what is transparent becomes white."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def sheet(images: list[Image.Image], columns: int, width: int) -> Image.Image:
    """Small pictures beside each other on black, each `width` pixels wide at most."""
    cells = [image.copy() for image in images]
    for cell in cells:
        cell.thumbnail((width, width))
    height = max(cell.height for cell in cells)
    rows = -(-len(cells) // columns)
    ground = Image.new("RGB", (width * min(columns, len(cells)), height * rows))
    for number, cell in enumerate(cells):
        left = number % columns * width + (width - cell.width) // 2
        ground.paste(cell, (left, number // columns * height + (height - cell.height) // 2))
    return ground


def _mark(image: Image.Image, text: str) -> None:
    """The shop's name in the lower right corner, half transparent, readable on light and dark."""
    size = max(12, min(image.size) // 24)
    font = ImageFont.load_default(size)
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    at = (image.width - size // 2, image.height - size // 2)
    draw.text(
        at,
        text,
        (255, 255, 255, 150),
        font,
        "rs",
        stroke_width=max(1, size // 16),
        stroke_fill=(0, 0, 0, 110),
    )
    image.paste(layer, mask=layer)
