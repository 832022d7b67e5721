"""The triangles of a GLB (glTF 2.0, sections 3.5 nodes, 3.6 accessors, 3.7.2 meshes, 4.4 the file)."""

import json
import struct
from collections.abc import Iterator
from typing import Any

from workers.preview.makers.mesh import FACES, Point, Triangle

Matrix = tuple[float, ...]
"""Sixteen numbers, column by column."""
SAME: Matrix = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
_FORMATS = {5121: "B", 5123: "H", 5125: "I", 5126: "f"}
TRIANGLES, DEEPEST = 4, 32


def triangles(content: bytes) -> Iterator[Triangle]:
    """The faces of the scene. Raises `ValueError`, `KeyError` and the like where it is broken."""
    length = struct.unpack_from("<I", content, 12)[0]
    scene = json.loads(content[20 : 20 + length])
    binary = content[28 + length :]
    nodes = scene.get("nodes", [])
    scenes = scene.get("scenes") or [{"nodes": list(range(len(nodes)))}]
    left = FACES
    for root in scenes[scene.get("scene", 0)].get("nodes", []):
        for mesh, matrix in _placed(nodes, root, SAME, 0):
            for face in _faces(scene, binary, mesh, matrix):
                yield face
                left -= 1
                if left <= 0:
                    return


def _placed(nodes: list[Any], number: int, above: Matrix, depth: int) -> Iterator[tuple[int, Matrix]]:
    """The meshes of a node and of those below it, each with where it is."""
    if depth > DEEPEST:
        return
    node = nodes[number]
    matrix = _times(above, _matrix(node))
    if "mesh" in node:
        yield node["mesh"], matrix
    for child in node.get("children", []):
        yield from _placed(nodes, child, matrix, depth + 1)


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


def _faces(scene: dict[str, Any], binary: bytes, mesh: int, matrix: Matrix) -> Iterator[Triangle]:
    for primitive in scene["meshes"][mesh]["primitives"]:
        if primitive.get("mode", TRIANGLES) != TRIANGLES or "POSITION" not in primitive["attributes"]:
            continue
        points = [
            _moved(point, matrix) for point in _numbers(scene, binary, primitive["attributes"]["POSITION"], 3)
        ]
        order = range(len(points))
        if "indices" in primitive:
            order = [each[0] for each in _numbers(scene, binary, primitive["indices"], 1)]  # type: ignore[assignment]
        for at in range(0, len(order) - 2, 3):
            yield points[order[at]], points[order[at + 1]], points[order[at + 2]]


def _moved(point: tuple[float, ...], matrix: Matrix) -> Point:
    x, y, z = point
    return (
        matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12],
        matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13],
        matrix[2] * x + matrix[6] * y + matrix[10] * z + matrix[14],
    )


def _numbers(scene: dict[str, Any], binary: bytes, number: int, wide: int) -> list[tuple[Any, ...]]:
    """What an accessor names, `wide` numbers each."""
    accessor = scene["accessors"][number]
    view = scene["bufferViews"][accessor["bufferView"]]
    form = struct.Struct(f"<{wide}{_FORMATS[accessor['componentType']]}")
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    step = view.get("byteStride") or form.size
    count = min(accessor["count"], FACES * 3, max(0, len(binary) - start) // step)
    return [form.unpack_from(binary, start + place * step) for place in range(count)]
