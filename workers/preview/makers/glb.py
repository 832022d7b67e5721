"""The triangles of a GLB (glTF 2.0, sections 3.5 nodes, 3.6 accessors, 3.7.2 meshes, 4.4 the file)."""

import json
import struct
from collections.abc import Iterator
from typing import Any

from workers.preview.errors import PreviewFailed
from workers.preview.makers.mesh import FACES, Point, Triangle

Matrix = tuple[float, ...]
"""Sixteen numbers, column by column."""
SAME: Matrix = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
_FORMATS = {5120: "b", 5121: "B", 5122: "h", 5123: "H", 5125: "I", 5126: "f"}
_WHOLE = {5120: 127, 5121: 255, 5122: 32767, 5123: 65535}
"""By which numbers are divided that are parts of one (3.6.2.2, "normalized")."""
TRIANGLES, MOST_NODES = 4, 20_000
PACKED = {"KHR_draco_mesh_compression", "EXT_meshopt_compression"}
NOT_DRAWN = "The faces of the model are packed in a way that cannot be drawn here."


def triangles(content: bytes) -> Iterator[Triangle]:
    """The faces of the scene, every so-manieth of many.

    Raises `ValueError`, `KeyError` and the like where it is broken, `PreviewFailed` where it is packed.
    """
    length = struct.unpack_from("<I", content, 12)[0]
    scene = json.loads(content[20 : 20 + length])
    if PACKED & set(scene.get("extensionsRequired", [])):
        raise PreviewFailed("partial", NOT_DRAWN)
    binary = content[28 + length :]
    nodes = scene.get("nodes", [])
    scenes = scene.get("scenes") or [{"nodes": list(range(len(nodes)))}]
    placed = list(_placed(nodes, scenes[scene.get("scene", 0)].get("nodes", [])))
    faces = sum(_count(scene, primitive) for mesh, _ in placed for primitive in _primitives(scene, mesh))
    step = max(1, -(-faces // FACES))
    for mesh, matrix in placed:
        for primitive in _primitives(scene, mesh):
            yield from _faces(scene, binary, primitive, matrix, step)


def _placed(nodes: list[Any], roots: list[int]) -> Iterator[tuple[int, Matrix]]:
    """The meshes of these nodes and of those below them, each with where it is."""
    left = [(number, SAME) for number in roots[:MOST_NODES]]
    for _ in range(MOST_NODES):
        if not left:
            return
        number, above = left.pop()
        node = nodes[number]
        matrix = _times(above, _matrix(node))
        if "mesh" in node:
            yield node["mesh"], matrix
        left += [(child, matrix) for child in node.get("children", [])[: MOST_NODES - len(left)]]


def _matrix(node: dict[str, Any]) -> Matrix:
    if "matrix" in node:
        return tuple(map(float, node["matrix"]))
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    sx, sy, sz = node.get("scale", (1, 1, 1))
    tx, ty, tz = node.get("translation", (0, 0, 0))
    return (
        *(sx * part for part in (1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w), 0)),
        *(sy * part for part in (2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w), 0)),
        *(sz * part for part in (2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y), 0)),
        *(tx, ty, tz, 1),
    )


def _times(one: Matrix, other: Matrix) -> Matrix:
    return tuple(
        sum(one[place * 4 + row] * other[column * 4 + place] for place in range(4))
        for column in range(4)
        for row in range(4)
    )


def _primitives(scene: dict[str, Any], mesh: int) -> list[dict[str, Any]]:
    """The parts of a mesh that are made of triangles."""
    parts = scene["meshes"][mesh]["primitives"]
    return [
        each
        for each in parts
        if each.get("mode", TRIANGLES) == TRIANGLES and "POSITION" in each["attributes"]
    ]


def _count(scene: dict[str, Any], primitive: dict[str, Any]) -> int:
    """How many triangles a part says that it has."""
    number = primitive.get("indices", primitive["attributes"]["POSITION"])
    return int(scene["accessors"][number]["count"]) // 3


def _faces(
    scene: dict[str, Any], binary: bytes, primitive: dict[str, Any], matrix: Matrix, step: int
) -> Iterator[Triangle]:
    points = _Numbers(scene, binary, primitive["attributes"]["POSITION"], 3)
    order = _Numbers(scene, binary, primitive["indices"], 1) if "indices" in primitive else None
    for number in range(0, min(_count(scene, primitive), (order or points).count // 3), step):
        corners = [order.at(3 * number + corner)[0] if order else 3 * number + corner for corner in range(3)]
        one, two, three = (_moved(points.at(corner), matrix) for corner in corners)
        yield one, two, three


def _moved(point: tuple[float, ...], matrix: Matrix) -> Point:
    x, y, z = point
    return (
        matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12],
        matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13],
        matrix[2] * x + matrix[6] * y + matrix[10] * z + matrix[14],
    )


class _Numbers:
    """What an accessor names, `wide` numbers each, read where they are asked for."""

    def __init__(self, scene: dict[str, Any], binary: bytes, number: int, wide: int) -> None:
        accessor = scene["accessors"][number]
        view = scene["bufferViews"][accessor["bufferView"]]
        self._form = struct.Struct(f"<{wide}{_FORMATS[accessor['componentType']]}")
        self._whole = _WHOLE.get(accessor["componentType"], 1) if accessor.get("normalized") else 1
        self._binary = binary
        self._start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        self._step = view.get("byteStride") or self._form.size
        self.count = min(accessor["count"], max(0, len(binary) - self._start) // self._step)

    def at(self, place: int) -> tuple[Any, ...]:
        """The numbers at one place. Raises `IndexError` where there are none."""
        if not 0 <= place < self.count:
            raise IndexError(place)
        numbers = self._form.unpack_from(self._binary, self._start + place * self._step)
        return tuple(number / self._whole for number in numbers) if self._whole > 1 else numbers
