"""Images: reduced, upright, without what cameras write into them."""

import io
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import IO, NamedTuple, cast

from PIL import Image, ImageCms, ImageFile, ImageOps

from schemas.preview import Picture
from workers.preview.canvas import CODED_PIXEL, TOO_MANY, fits, most_pixels, must_fit, webp_size
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

SIDEWAYS = (5, 6, 7, 8)
BAND = 1 << 20  # pixels
PLUGINS = ("Jpeg", "Mpo", "Png", "Gif", "Bmp", "Tiff", "WebP", "Avif")
CUT = ("JPEG", "MPO", "PNG", "GIF", "BMP", "TIFF")
"""Formats of which Pillow shows what is there."""
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF")

Fit = Callable[[int, int], tuple[int, int]]
"""The largest size in pixels in which a picture of a size may be shown; (0, 0): not at all."""


class Opened(NamedTuple):
    """A picture as it may be shown, its format, its whole size upright, and why it is not all of it.

    `image` is None where it may not be shown, or where another maker must decode it.
    """

    image: Image.Image | None
    name: str
    size: tuple[int, int]
    partial: str = ""


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_pictures()
    prepare_formats()

    def make(reader: Reader, link: Link) -> Made:
        file = io.BufferedReader(ReadFile(reader), 1 << 16)
        opened = open_whole(file, task.shares.picture, task.memory)
        if opened.image:
            link.picture("poster.jpg", encode(opened.image, task.watermark))
        return Made(Picture(opened.name, *opened.size), opened.partial)

    return make


def prepare_formats() -> None:
    """Load what reads the formats of `FORMATS`, and what converts their colours."""
    for name in PLUGINS:
        import_module(f"PIL.{name}ImagePlugin")
    ImageCms.createProfile("sRGB")


def open_image(file: IO[bytes], fit: Fit, memory: int = 0) -> Image.Image | None:
    """The picture in RGB, as large as may be shown. Raises `PreviewFailed` "too-big" unread."""
    opened = open_whole(file, fit, memory)
    if opened.image is None and min(fit(*opened.size)):
        raise PreviewFailed("too-big", TOO_MANY.format(*opened.size))
    return opened.image


def open_whole(file: IO[bytes], fit: Fit, memory: int) -> Opened:
    """The picture, and what is to be said of it. Raises `PreviewFailed` "too-big" undecoded."""
    head = file.read(30)
    file.seek(0)
    if not fits(webp_size(head), most_pixels(memory, CODED_PIXEL)):
        return Opened(None, "WEBP", webp_size(head))
    with Image.open(file, formats=FORMATS) as image:
        size, name = image.size, image.format or ""
        if name == "AVIF" and not fits(size, most_pixels(memory, CODED_PIXEL)):
            return Opened(None, name, _upright(image, size))
        part = fit(*size)
        image.draft("RGB", part if min(part) else size)
        # A progressive JPEG is kept whole in its coefficients, whatever the size that is asked for.
        must_fit(size if image.info.get("progressive") else image.size, size, most_pixels(memory))
        reason = _load(image)
    if not reason:
        return Opened(reduced(image, fit, size), name, _upright(image, size))
    file.seek(0)
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    with Image.open(file, formats=FORMATS) as image:
        image.draft("RGB", part if min(part) else size)
        image.load()
        if _is_plain(image):
            raise PreviewFailed("damaged", "The picture is damaged.")
        return Opened(reduced(image, fit, size), name, _upright(image, size), reason)


def reduced(image: Image.Image, fit: Fit, size: tuple[int, int]) -> Image.Image | None:
    """A loaded picture as large as may be shown, upright; `size` is that of the file."""
    part = fit(*size)
    if not min(part):
        return None
    small = _eight_bits(_banded(image, part))
    small.thumbnail(part, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return ImageOps.exif_transpose(_in_srgb(small, image))


def _load(image: Image.Image) -> str:
    """Decode it; why not all of it could be, if so."""
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PreviewFailed) or image.format not in CUT:
            raise
        return "The picture is cut or damaged: what is there is shown."
    return ""


def _banded(image: Image.Image, part: tuple[int, int]) -> Image.Image:
    """A large picture with a palette or transparency, made smaller band by band.

    Colours take four bytes a pixel, and as much again before they are mixed: of a band, not of all.
    """
    if image.mode not in ("P", "PA", "RGBA", "LA"):
        return image
    factor = max(1, min(image.width // part[0], image.height // part[1]) // 2)
    if factor == 1 and image.width * image.height <= BAND:
        return image.convert("RGBA")
    step = max(1, BAND // max(1, image.width) // factor) * factor
    whole = Image.new("RGBA", (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, step):
        band = image.crop((0, top, image.width, min(image.height, top + step))).convert("RGBA")
        whole.paste(band.reduce(factor), (0, top // factor))
    return whole


def _is_plain(image: Image.Image) -> bool:
    """Whether every pixel is the same; strip by strip, since Pillow copies a colour to find its extremes."""
    step, seen = max(1, BAND // max(1, image.width)), set()
    for top in range(0, image.height, step):
        strip = image.crop((0, top, image.width, min(image.height, top + step)))
        seen.add(extremes := strip.getextrema())
        pairs = extremes if isinstance(extremes[0], tuple) else (extremes,)
        if len(seen) > 1 or any(low != high for low, high in pairs):
            return False
    return True


def _upright(image: Image.Image, size: tuple[int, int]) -> tuple[int, int]:
    """The size as seen. EXIF 2.3, Orientation: from 5 on the sides change places."""
    return size[::-1] if image.getexif().get(0x0112) in SIDEWAYS else size


def _eight_bits(image: Image.Image) -> Image.Image:
    """What has more than 256 shades of grey, in 256: Pillow itself would make all above 255 white."""
    if image.mode == "I;16B":  # big-endian, which `point` does not know
        image = image.convert("I")
    if image.mode.startswith("I;16"):
        return image.point(lambda shade: shade * (1 / 256)).convert("L")
    if image.mode not in ("I", "F"):
        return image
    lowest, highest = cast(tuple[float, float], image.getextrema())
    if image.mode == "I" and lowest >= 0 and 255 < highest < 1 << 16:
        lowest, highest = 0, (1 << 16) - 1
    scale = 255 / (highest - lowest or 1)
    return image.point(lambda shade: shade * scale - lowest * scale).convert("L")


def _in_srgb(picture: Image.Image, image: Image.Image) -> Image.Image:
    """A picture in the colours of the web, by the profile of the image that it comes from."""
    profile = image.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "L", "CMYK", "LAB"):
        return picture
    target = "RGBA" if picture.mode == "RGBA" else "RGB"
    # A profile that cannot be used, or is of other colours, is left out, as browsers do.
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=target
        )
        return changed or picture
    return picture
