"""The picture that files of the corpus hold."""

import io
import struct
from collections.abc import Callable
from fractions import Fraction
from typing import cast

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

SIZE = (480, 320)


def photo() -> Image.Image:
    """A picture with something to see in it."""
    left, right = Image.linear_gradient("L").resize(SIZE), Image.radial_gradient("L").resize(SIZE)
    picture = Image.merge("RGB", (left, right, left.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    ImageDraw.Draw(picture).text((40, 40), "A corpus of files", fill="white")
    return picture


def encoded(name: str) -> bytes:
    """The same as a file of this format of Pillow."""
    buffer = io.BytesIO()
    photo().save(buffer, name)
    return buffer.getvalue()


def float_tiff(image: Image.Image) -> bytes:
    """A picture in three colours of floating point, as tools for light and maps write it (TIFF 6.0)."""
    rgb = image.convert("RGB")
    colours = [value / 255 for value in rgb.tobytes()]
    content = struct.pack(f"<{len(colours)}f", *colours)
    beside = 8 + len(content)
    bits = struct.pack("<3H", 32, 32, 32)
    entries = (
        *((256, 4, 1, rgb.width), (257, 4, 1, rgb.height), (258, 3, 3, beside), (259, 3, 1, 1)),
        *((262, 3, 1, 2), (273, 4, 1, 8), (277, 3, 1, 3), (278, 4, 1, rgb.height)),
        *((279, 4, 1, len(content)), (339, 3, 3, beside + len(bits))),
    )
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    kinds = struct.pack("<3H", 3, 3, 3)
    start = beside + len(bits) + len(kinds)
    head = b"II*\0" + struct.pack("<I", start)
    return head + content + bits + kinds + struct.pack("<H", len(entries)) + directory + bytes(4)


def coded(image: Image.Image, codec: str, pixels: str) -> bytes:
    """A picture by an encoder of FFmpeg, in a format of pixels that it takes."""
    context = cast(VideoCodecContext, av.CodecContext.create(codec, "w"))
    context.width, context.height, context.pix_fmt = image.width, image.height, pixels
    context.time_base = Fraction(1, 25)
    from_image: Callable[[Image.Image], VideoFrame] = VideoFrame.from_image  # which has no types
    frame = from_image(image).reformat(format=pixels)
    return b"".join(bytes(packet) for part in (frame, None) for packet in context.encode(part))
