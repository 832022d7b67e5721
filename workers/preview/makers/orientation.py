"""How the pictures of a film are turned and mirrored to be seen."""

import math
import struct
from dataclasses import dataclass

from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from PIL import Image

# Two rows of a transformation, in parts of 1 << 16 (ISO/IEC 14496-12, 6.2.2; libavutil/display.h).
_MATRIX = struct.Struct("=9i")


@dataclass(frozen=True)
class Orientation:
    """First mirrored left to right, where `mirrored`, then turned by `rotation` degrees counterclockwise.

    `rotation` is 0, 90, 180 or 270: players draw other angles with black corners, and so they are left out.
    """

    rotation: int = 0
    mirrored: bool = False

    def upright(self, image: Image.Image) -> Image.Image:
        """The picture as it is to be seen."""
        if self.mirrored:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return image.rotate(self.rotation, expand=True) if self.rotation else image

    def lying(self, image: Image.Image) -> Image.Image:
        """What is to be seen, as the film has it."""
        image = image.rotate(-self.rotation, expand=True) if self.rotation else image
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self.mirrored else image


def orientation_of(frame: VideoFrame) -> Orientation:
    """How a picture is to be seen; as it lies, where the file says nothing that could be."""
    try:
        side = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # beside it lies something that FFmpeg knows and PyAV has no name for
        return Orientation()
    numbers = bytes(side) if isinstance(side, SideData) else b""
    if len(numbers) < _MATRIX.size:
        return Orientation()
    a, b, _, c, d, *_ = _MATRIX.unpack_from(numbers)
    if a * d - b * c == 0:
        return Orientation()  # it has no inverse: nothing could be seen
    mirrored = a * d - b * c < 0
    # A point (x, y), with y downwards, goes to (ax + cy, bx + dy); mirrored first, x comes as -x.
    angle = math.degrees(math.atan2(-b, a) if not mirrored else math.atan2(b, -a))
    return Orientation(round(angle / 90) * 90 % 360, mirrored)
