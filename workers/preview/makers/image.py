"""Images: reduced, upright, without what cameras write into them."""

import io
from typing import IO

from PIL import Image, ImageOps

from schemas.preview import Picture
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

LONGEST = 1600  # pixels
MOST_PIXELS = 60_000_000
"""After what a JPEG decoder leaves out by itself; RGBA takes four bytes for each."""
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF")


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_pictures()
    Image.init()

    def make(reader: Reader, link: Link) -> Made:
        image, name, size = _open(io.BufferedReader(ReadFile(reader), 1 << 16), LONGEST)
        link.picture("poster.jpg", encode(image, task.watermark))
        return Made(Picture(name, *size))

    return make


def open_image(file: IO[bytes], longest: int) -> Image.Image:
    """The picture in RGB, at most `longest` pixels a side. Raises `PreviewFailed` "too-big" unread."""
    return _open(file, longest)[0]


def _open(file: IO[bytes], longest: int) -> tuple[Image.Image, str, tuple[int, int]]:
    """The reduced picture upright, the name of its format, its whole size upright."""
    with Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        image.draft("RGB", (longest, longest))
        if image.width * image.height > MOST_PIXELS:
            reason = f"The image has {width} × {height} pixels, too many to be decoded here."
            raise PreviewFailed("too-big", reason)
        image.load()
        small = image if image.mode != "P" else image.convert("RGBA")
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
        # EXIF 2.3, Orientation: from 5 on the sides change places.
        size = (height, width) if image.getexif().get(0x0112, 1) >= 5 else (width, height)
        return ImageOps.exif_transpose(small), image.format or "", size
