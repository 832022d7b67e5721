"""Pictures of rarer formats, each read by what is loaded for it alone."""

import io
from importlib import import_module
from typing import Any

from PIL import Image

from schemas.preview import Picture
from workers.preview.canvas import most_pixels, must_fit
from workers.preview.errors import PreviewFailed
from workers.preview.makers import photoshop
from workers.preview.makers.image import SIDEWAYS, prepare_formats, reduced
from workers.preview.makers.made import Made, Make
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

# Type in words: the module that reads it, and Pillow's name of the format.
READERS = {
    "HEIC image": ("pillow_heif", "HEIF"),
    "JPEG XL image": ("pillow_jxl", "JXL"),
    "Photoshop image": ("PIL.PsdImagePlugin", "PSD"),
    "JPEG 2000 image": ("PIL.Jpeg2KImagePlugin", "JPEG2000"),
    "Icon": ("PIL.IcoImagePlugin", "ICO"),
    "QOI image": ("PIL.QoiImagePlugin", "QOI"),
    "DDS image": ("PIL.DdsImagePlugin", "DDS"),
}
WHOLE = 64 << 20
"""Bytes of a file whose reader takes it at once."""
PIXEL = 10
"""Bytes for each: these decoders hold a picture of their own beside the one that they give."""
_NAMES = {"HEIF": "HEIC", "JXL": "JPEG XL", "JPEG2000": "JPEG 2000"}


def prepare(task: Task) -> Make:
    """Load the one reader, and what converts colours."""
    prepare_pictures()
    prepare_formats()
    module, name = READERS[task.label]
    reader = import_module(module)
    if name == "HEIF":
        reader.register_heif_opener(thumbnails=False)
        reader.options.DECODE_THREADS = 1
    elif name == "JXL":
        plugin: Any = import_module("pillow_jxl.JpegXLImagePlugin")
        plugin.DECODE_THREADS = 0

    def make(reader: Reader, link: Link) -> Made:
        try:
            return _make(reader, task, name, link)
        except (PreviewFailed, OSError, SyntaxError, ValueError) as error:
            if name != "PSD" or (isinstance(error, PreviewFailed) and error.outcome != "too-big"):
                raise
            return _small(reader, task, link, error)

    return make


def _make(reader: Reader, task: Task, name: str, link: Link) -> Made:
    if name in ("HEIF", "JXL") and reader.size > WHOLE:
        raise PreviewFailed("too-big", "The picture is too large to be decoded on this machine.")
    most = most_pixels(task.memory, PIXEL)
    if name == "JXL":  # decoded as soon as it is opened
        size = jxl_size(reader.pread(0, 64))
        must_fit(size, size, most)
    with Image.open(io.BufferedReader(ReadFile(reader), 1 << 16), formats=(name,)) as image:
        size = image.size
        must_fit(size, size, most)
        image.load()
        picture = reduced(image, task.shares.picture, size)
        if image.getexif().get(0x0112) in SIDEWAYS:
            size = size[::-1]
    if picture:
        link.picture("poster.jpg", encode(picture, task.watermark))
    return Made(Picture(_NAMES.get(name, name), *size))


def _small(reader: Reader, task: Task, link: Link, error: Exception) -> Made:
    """A Photoshop file by the picture that it holds for such as us. Raises `error` where there is none."""
    picture = photoshop.thumbnail(reader, task.shares.picture)
    if picture is None:
        raise error
    link.picture("poster.jpg", encode(picture, task.watermark))
    return Made(Picture("PSD", *photoshop.size_of(reader)))


def jxl_size(head: bytes) -> tuple[int, int]:
    """Width and height by the first bytes of a JPEG XL (ISO/IEC 18181-1, annex D.2); (0, 0) if unknown."""
    start = head.find(b"\xff\x0a")
    if start < 0:
        return 0, 0
    bits = int.from_bytes(head[start + 2 : start + 18], "little")
    small, bits = bits & 1, bits >> 1
    height, bits = _jxl_side(bits, bool(small))
    ratio, bits = bits & 7, bits >> 3
    if ratio:
        across, down = _RATIOS[ratio]
        return height * across // down, height
    return _jxl_side(bits, bool(small))[0], height


_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}


def _jxl_side(bits: int, small: bool) -> tuple[int, int]:
    if small:
        return ((bits & 31) + 1) * 8, bits >> 5
    wide = (9, 13, 18, 30)[bits & 3]
    return (bits >> 2 & (1 << wide) - 1) + 1, bits >> 2 + wide
