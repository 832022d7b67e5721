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
        file = io.BufferedReader(ReadFile(reader), 1 << 16)
        with Image.open(file, formats=FORMATS) as image:
            name, size = image.format or "", _upright_size(image)
        file.seek(0)
        link.picture("poster.jpg", encode(open_image(file, LONGEST), task.watermark))
        return Made(Picture(name, *size))

    return make


def open_image(file: IO[bytes], longest: int) -> Image.Image:
    """The picture in RGB, at most `longest` pixels a side. Raises `PreviewFailed` "too-big" unread."""
    with Image.open(file, formats=FORMATS) as image:
        image.draft("RGB", (longest, longest))
        if image.width * image.height > MOST_PIXELS:
            reason = f"The image has {image.width} × {image.height} pixels, too many to be decoded here."
            raise PreviewFailed("too-big", reason)
        image.load()
        small = image if image.mode != "P" else image.convert("RGBA")
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return ImageOps.exif_transpose(small)


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) >= 5  # EXIF 2.3, Orientation: from 5 on the sides change places
    return (image.height, image.width) if turned else image.size
