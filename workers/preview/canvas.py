"""How large a picture is by the first bytes of its file, and how large one may be that is decoded. Pure."""

from workers.preview.errors import PreviewFailed

MOST_PIXELS = 64_000_000  # a camera's 61 million are among them
"""After what a JPEG decoder leaves out by itself; RGBA takes four bytes for each."""
PIXEL = 6  # bytes, with what reducing takes beside the picture
CODED_PIXEL = 14
"""Bytes a pixel of WebP and AVIF: Pillow holds three pictures. Larger ones have their own maker."""
CODED_MEMORY = 160 << 20
LARGE_PIXEL = 5  # bytes, by that maker
OURSELVES = 32 << 20  # bytes of a process with Pillow in it
TOO_MANY = "The image has {} × {} pixels, too many to be decoded on this machine."

Size = tuple[int, int]
"""Width and height in pixels."""


def most_pixels(memory: int, pixel: int = PIXEL) -> int:
    """How many pixels a process may decode that may fill so many bytes; 0: any number of bytes."""
    if pixel == CODED_PIXEL:
        memory = min(memory or CODED_MEMORY, CODED_MEMORY)
    return min(MOST_PIXELS, max(0, memory - OURSELVES) // pixel) if memory else MOST_PIXELS


def must_fit(decoded: Size, whole: Size, most: int) -> None:
    """Raise `PreviewFailed` "too-big" where so many pixels may not be decoded."""
    if not fits(decoded, most):
        raise PreviewFailed("too-big", TOO_MANY.format(*whole))


def fits(size: Size, most: int) -> bool:
    """Whether a picture of this size has no more pixels."""
    return size[0] * size[1] <= most


def check_canvas(head: bytes, memory: int) -> None:
    """Raise `PreviewFailed` "too-big" for a picture that no process may decode that may fill so many bytes.

    Only where a file tells its size in its first bytes, and is decoded in no smaller one (as JPEG may be).
    """
    for size, pixel in ((webp_size(head), LARGE_PIXEL), (_plain_size(head), PIXEL)):
        must_fit(size, size, most_pixels(memory, pixel))


def webp_size(head: bytes) -> Size:
    """Width and height by the first 30 bytes of a WebP (RFC 9649); (0, 0) of another file."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return 0, 0
    kind, number = head[12:16], int.from_bytes
    if kind == b"VP8X":
        return number(head[24:27], "little") + 1, number(head[27:30], "little") + 1
    if kind == b"VP8L":
        sides = number(head[21:25], "little")
        return (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    return number(head[26:28], "little") & 0x3FFF, number(head[28:30], "little") & 0x3FFF


def _plain_size(head: bytes) -> Size:
    """The same of a PNG (PNG 3, 11.2.1) or GIF (GIF 89a, 18); (0, 0) of another file."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR" and len(head) >= 24:
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    return 0, 0
