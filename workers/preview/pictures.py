"""Encodes pictures of previews: JPEG, under the limit, without metadata, with a watermark if asked for."""

import io

from PIL import Image, ImageFilter, ImageOps

from workers.preview.protocol import PICTURE_LIMIT

QUALITIES = (85, 75, 60)
OUTLINE, OUTLINE_SHARE, FILL_SHARE = 1, 0.5, 0.7
"""Of a watermark: pixels around a letter, and how much of the picture letter and surroundings hide."""
LONGEST = 2400
"""Pixels of a longer side; phones show less."""


def prepare_pictures() -> None:
    """Load the codecs while files can still be opened."""
    Image.MAX_IMAGE_PIXELS = None  # makers have limits of their own, asked before anything is decoded
    Image.preinit()
    encode(Image.new("RGB", (8, 8)), encode(Image.new("RGB", (8, 8))))


def encode(image: Image.Image, watermark: bytes = b"") -> bytes:
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


def stencil(watermark: bytes, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """The watermark's fill and outline on a picture of this size, each as how much it covers.

    It stands in the lower right corner, a third of the picture wide or as high as it has lines.
    """
    mark = ImageOps.invert(Image.open(io.BytesIO(watermark)).convert("L")).point(_without_noise)
    width, height = size
    scale = min(max(width * 0.45, 60) / mark.width, height * 0.3 / mark.height, width * 0.9 / mark.width)
    small = mark.resize((max(1, round(mark.width * scale)), max(1, round(mark.height * scale))))
    margin = min(size) // 48
    at = (width - small.width - margin, height - small.height - margin)
    fill, outline = Image.new("L", size), Image.new("L", size)
    wide = ImageOps.expand(small, OUTLINE, 0).filter(ImageFilter.MaxFilter(2 * OUTLINE + 1))
    outline.paste(wide.point(lambda shade: shade * OUTLINE_SHARE), (at[0] - OUTLINE, at[1] - OUTLINE))
    fill.paste(small.point(lambda shade: shade * FILL_SHARE), at)
    return fill, outline


def _without_noise(shade: int) -> int:
    """JPEG leaves a little around each letter."""
    return shade if shade > 24 else 0


def _mark(image: Image.Image, watermark: bytes) -> None:
    """The shop's name, half transparent, readable on light and dark."""
    fill, outline = stencil(watermark, image.size)
    image.paste((0, 0, 0), mask=outline)
    image.paste((255, 255, 255), mask=fill)
