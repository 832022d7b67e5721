"""3D models (STL, OBJ, GLB): a small picture of their faces, seen from a corner, lit from above.

Its share is one side of it, in few pixels and so many faces: no point or face can be taken back out of it.

Binary STL: 80 bytes, a count, then 50 bytes a triangle; glTF 2.0, sections 3.6 (accessors) and 4.4 (GLB).
"""

import math
import re
import struct
from collections.abc import Iterable, Iterator
from itertools import pairwise

from PIL import Image, ImageDraw

from schemas.preview import Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers import glb
from workers.preview.makers.made import Made, Make, read_whole
from workers.preview.makers.mesh import FACES, Point, Triangle
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WHOLE = 48 << 20
SIZE, MARGIN = 480, 24  # pixels
GROUND, INK = "#f3f4f6", (139, 92, 246)
_ACROSS, _ABOVE = math.radians(35), math.radians(25)
_STL_HEAD, _STL_STEP = 84, 50
_FACE = re.compile(rb"[\r\n]f[ \t]")


def prepare(task: Task) -> Make:
    """Load what draws."""
    prepare_pictures()

    def make(reader: Reader, link: Link) -> Made:
        content = read_whole(reader, WHOLE, "The model is too large to be drawn on this machine.")
        try:
            triangles = list(_triangles(content))
        except (struct.error, ValueError, IndexError, KeyError, TypeError, RecursionError):
            raise PreviewFailed("damaged", "The model is damaged.") from None
        if not triangles:
            raise PreviewFailed("damaged", "The model has no faces.")
        upwards = "y" if content[:4] == b"glTF" else "z"
        link.picture("poster.jpg", encode(drawn(triangles, upwards), task.watermark))
        return Made(Unknown(task.label))

    return make


def _triangles(content: bytes) -> Iterator[Triangle]:
    if content[:4] == b"glTF":
        return glb.triangles(content)
    if len(content) >= _STL_HEAD and len(content) == _STL_HEAD + _STL_STEP * _count(content):
        return _binary_stl(content)
    if content.lstrip()[:6] == b"solid ":
        return _written_stl(content)
    return _obj(content)


def _count(content: bytes) -> int:
    return int.from_bytes(content[80:84], "little")


def _binary_stl(content: bytes) -> Iterator[Triangle]:
    count = _count(content)
    step = max(1, -(-count // FACES))
    for number in range(0, count, step):
        numbers = struct.unpack_from("<9f", content, _STL_HEAD + number * _STL_STEP + 12)
        yield numbers[:3], numbers[3:6], numbers[6:]


def _written_stl(content: bytes) -> Iterator[Triangle]:
    step = max(1, -(-content.count(b"vertex") // (3 * FACES)))
    points: list[Point] = []
    vertices = 0
    for line in content.splitlines():
        words = line.split()
        if len(words) == 4 and words[0] == b"vertex":
            if vertices // 3 % step == 0:
                points.append((float(words[1]), float(words[2]), float(words[3])))
            vertices += 1
            if len(points) == 3:
                yield points[0], points[1], points[2]
                points = []


def _obj(content: bytes) -> Iterator[Triangle]:
    step = max(1, -(-sum(1 for _ in _FACE.finditer(content)) // FACES))
    points: list[Point] = []
    faces = 0
    for line in content.splitlines():
        words = line.split()
        if len(words) > 3 and words[0] == b"v":
            points.append((float(words[1]), float(words[2]), float(words[3])))
        elif len(words) > 3 and words[0] == b"f":
            faces += 1
            if faces % step:
                continue
            numbers = [int(word.partition(b"/")[0]) for word in words[1:]]
            corners = [points[number - 1 if number > 0 else number] for number in numbers]
            for one, other in pairwise(corners[1:]):
                yield corners[0], one, other


def drawn(triangles: Iterable[Triangle], upwards: str) -> Image.Image:
    """The faces, those far away first."""
    turned = [tuple(_turned(point, upwards) for point in triangle) for triangle in triangles]
    turned = [face for face in turned if all(math.isfinite(number) for point in face for number in point)]
    if not turned:
        raise PreviewFailed("damaged", "The model has no faces.")
    lowest = [min(point[axis] for face in turned for point in face) for axis in (0, 1)]
    highest = [max(point[axis] for face in turned for point in face) for axis in (0, 1)]
    scale = (SIZE - 2 * MARGIN) / (max(highest[0] - lowest[0], highest[1] - lowest[1]) or 1.0)
    image = Image.new("RGB", (SIZE, SIZE), GROUND)
    pen = ImageDraw.Draw(image)
    shift = [SIZE / 2 - scale * (low + high) / 2 for low, high in zip(lowest, highest, strict=True)]
    for face in sorted(turned, key=lambda face: sum(point[2] for point in face)):
        corners = [(point[0] * scale + shift[0], SIZE - (point[1] * scale + shift[1])) for point in face]
        pen.polygon(corners, _shade(face))
    return image


def _turned(point: Point, upwards: str) -> Point:
    """As seen from a corner, a little from above: right, up, and towards who looks."""
    x, y, z = point if upwards == "z" else (point[0], -point[2], point[1])
    right, away = x * math.cos(_ACROSS) - y * math.sin(_ACROSS), x * math.sin(_ACROSS) + y * math.cos(_ACROSS)
    return (
        right,
        z * math.cos(_ABOVE) + away * math.sin(_ABOVE),
        z * math.sin(_ABOVE) - away * math.cos(_ABOVE),
    )


def _shade(face: tuple[Point, ...]) -> tuple[int, int, int]:
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = face
    normal = (
        (by - ay) * (cz - az) - (bz - az) * (cy - ay),
        (bz - az) * (cx - ax) - (bx - ax) * (cz - az),
        (bx - ax) * (cy - ay) - (by - ay) * (cx - ax),
    )
    length = math.sqrt(sum(part * part for part in normal)) or 1.0
    light = abs(normal[0] * 0.3 + normal[1] * 0.6 + normal[2] * 0.74) / length
    return tuple(min(255, int(colour * (0.35 + 0.75 * light))) for colour in INK)  # type: ignore[return-value]
