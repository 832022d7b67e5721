"""The small picture that Photoshop puts into its files, where the whole one cannot be decoded here.

So it is of 16 and 32 bits, of large documents (PSB), and of what has too many pixels. "Adobe Photoshop File
Formats Specification": file header, image resource blocks, thumbnail resource (1036).
"""

import io
import struct

from PIL import Image

from core.catalogue.preview_shares import within
from workers.preview.makers.image import Fit, open_image
from workers.preview.remote import Reader

MOST_RESOURCES, LARGEST = 2000, 4 << 20  # bytes of a thumbnail
_THUMBNAIL, _BEFORE_JPEG = 1036, 28


def size_of(reader: Reader) -> tuple[int, int]:
    """Width and height in pixels; (0, 0) where they are not there."""
    head = reader.pread(0, 26)
    return struct.unpack_from(">II", head, 14)[::-1] if len(head) == 26 else (0, 0)


def thumbnail(reader: Reader, fit: Fit) -> Image.Image | None:
    """It, as large as the whole picture may be shown; None where there is none that can be read."""
    longest = max(fit(*size_of(reader)))
    at = 26 + 4 + int.from_bytes(reader.pread(26, 4), "big")
    end = at + 4 + int.from_bytes(reader.pread(at, 4), "big")
    at += 4
    for _ in range(MOST_RESOURCES):
        head = reader.pread(at, 268)
        if at >= end or head[:4] not in (b"8BIM", b"MeSa") or len(head) < 12:
            return None
        name = (1 + head[6] + 1) // 2 * 2  # its length and its letters, padded to an even number
        length = int.from_bytes(head[6 + name : 10 + name], "big")
        start = at + 10 + name
        if int.from_bytes(head[4:6], "big") == _THUMBNAIL and _BEFORE_JPEG < length <= LARGEST:
            content = reader.pread(start + _BEFORE_JPEG, length - _BEFORE_JPEG)
            return _opened(content, longest)
        at = start + length + length % 2
    return None


def _opened(content: bytes, longest: int) -> Image.Image | None:
    if not longest:
        return None
    try:
        return open_image(io.BytesIO(content), lambda width, height: within(width, height, longest))
    except (OSError, SyntaxError, ValueError):
        return None
