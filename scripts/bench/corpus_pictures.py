"""The picture that files of the corpus hold."""

import io

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
