"""The messages between the parent and the sandboxed child of a preview, over their socket.

A message is one byte of kind, four of length (big-endian), and the body. The parent believes nothing of
what comes: lengths are bounded before anything is read, and bodies are decoded against `schemas.preview`.
"""

import struct
from collections.abc import Callable
from typing import Literal

import msgspec

from core.catalogue.preview_shares import Shares
from schemas.preview import Description, Kind

HEADER = struct.Struct(">BI")
STRETCH = struct.Struct(">QI")  # offset and length in bytes

# From the child: read or prefetch a STRETCH, what is known so far, a finished picture, the end.
READ, PREFETCH, ABOUT, PICTURE, DONE, FAILED = b"RPAIDF"
# From the parent: the task, the bytes asked for, or why there are none.
TASK, BYTES, REFUSED = b"TBX"

LONGEST_READ = 4 << 20
PICTURE_LIMIT = 1_000_000  # bytes; A45
TEASER_LIMIT = 3_000_000
LONGEST_REPORT = 2 << 20  # 1,000 entries of 1,024 characters, each up to 4 bytes, do not all come at once
LIMITS = {
    READ: STRETCH.size,
    PREFETCH: STRETCH.size,
    ABOUT: LONGEST_REPORT,
    PICTURE: TEASER_LIMIT + 64,
    DONE: LONGEST_REPORT,
    FAILED: 8192,
}

Detail = Literal["poster", "full"]


class Task(msgspec.Struct, frozen=True):
    """What a child is to make. `detail` "poster" stops after the first picture.

    `label` is for the icon: the type in words. The rest is for the teaser: what the poster's child found,
    `width` and `height` as the teaser is to be seen. `memory`: bytes that its processes may fill; 0: by kind.
    `own`: the file is a sample that its seller wants to be shown. `watermark` is drawn, by the maker "mark";
    the maker "paper" sets the HTML in `label`.
    """

    kind: Kind
    size: int
    detail: Detail = "full"
    watermark: bytes = b""
    label: str = ""
    start: float = 0.0  # seconds
    width: int = 0
    height: int = 0
    rotation: int = 0  # degrees counterclockwise
    mirrored: bool = False  # before it is turned
    ffmpeg: str = ""
    memory: int = 0
    own: bool = False
    seconds: float = 0.0  # of the teaser

    @property
    def shares(self) -> Shares:
        """How much of the file may be shown."""
        return Shares(self.own)

    @property
    def coded_size(self) -> tuple[int, int]:
        """Width and height of the teaser before it is turned."""
        return (self.height, self.width) if self.rotation % 180 else (self.width, self.height)


class About(msgspec.Struct, frozen=True):
    """What is known of a file before its pictures are made; it stays where they fail."""

    description: Description


class Done(msgspec.Struct, frozen=True):
    """The end of a preview that went well. `peak_rss` in bytes; `partial` says why there is no more."""

    description: Description
    peak_rss: int
    sandbox: list[str]
    partial: str = ""


class Failed(msgspec.Struct, frozen=True):
    """The end of a preview that did not, or of one read of it."""

    outcome: str
    reason: str
    peak_rss: int = 0


def pack(kind: int, body: bytes) -> bytes:
    """Write a message: its kind, its length, its body."""
    return HEADER.pack(kind, len(body)) + body


def read_exactly(read: Callable[[int], bytes], length: int) -> bytes:
    """Read exactly `length` bytes of a stream. Raises `EOFError` when the other side is gone."""
    parts = bytearray()
    while len(parts) < length:
        chunk = read(min(length - len(parts), 1 << 18))
        if not chunk:
            raise EOFError("the other side of the preview is gone")
        parts += chunk
    return bytes(parts)
