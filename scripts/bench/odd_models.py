"""Small 3D models, and long ones, written by hand."""

import json
import struct


def stl() -> bytes:
    """A tetrahedron, binary."""
    corners = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]
    faces = [(0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)]
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(part for corner in face for part in corners[corner]), 0)
        for face in faces
    )
    return b"made by hand".ljust(80, b"\0") + struct.pack("<I", len(faces)) + body


OBJ = b"# a pyramid\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0.5 0.5 1\n"
OBJ += b"f 1 2 3 4\nf 1 2 5\nf 2 3 5\nf 3 4 5\nf 4 1 5\n"


def glb(*, small: bool = False, **further: object) -> bytes:
    """A triangle in a node that moves it; `small`: its points are bytes that are parts of one."""
    points = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    accessor: dict[str, object] = {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}
    view = {"buffer": 0, "byteLength": len(points)}
    if small:
        points = bytes((0, 0, 0, 0, 127, 0, 0, 0, 0, 127, 0, 0))
        accessor |= {"componentType": 5120, "normalized": True}
        view |= {"byteStride": 4, "byteLength": len(points)}
    scene = {"accessors": [accessor], "bufferViews": [view], **further}
    return _glb(scene, points, {"attributes": {"POSITION": 0}})


def long_glb(faces: int) -> bytes:
    """A long row of triangles, each of three points of its own, named in an order of their own."""
    points = b"".join(struct.pack("<9f", n, 0, 0, n + 1, 0, 0, n, 0.3 * faces, 0) for n in range(faces))
    order = struct.pack(f"<{3 * faces}I", *range(3 * faces))
    views = [{"buffer": 0, "byteLength": len(points)}]
    views.append({"buffer": 0, "byteOffset": len(points), "byteLength": len(order)})
    accessors = [
        {"bufferView": 0, "componentType": 5126, "count": 3 * faces, "type": "VEC3"},
        {"bufferView": 1, "componentType": 5125, "count": 3 * faces, "type": "SCALAR"},
    ]
    scene = {"accessors": accessors, "bufferViews": views}
    return _glb(scene, points + order, {"attributes": {"POSITION": 0}, "indices": 1})


def long_obj(faces: int) -> bytes:
    """The same as OBJ."""
    points = "".join(f"v {n} 0 0\nv {n + 1} 0 0\nv {n} 0 {0.3 * faces}\n" for n in range(faces))
    return (points + "".join(f"f {3 * n + 1} {3 * n + 2} {3 * n + 3}\n" for n in range(faces))).encode()


def long_stl(faces: int) -> bytes:
    """The same as STL in words."""
    one = "facet normal 0 0 1\nouter loop\nvertex {0} 0 0\nvertex {1} 0 0\nvertex {0} 0 {2}\nendloop\n"
    one += "endfacet\n"
    return ("solid row\n" + "".join(one.format(n, n + 1, 0.3 * faces) for n in range(faces))).encode()


def _glb(scene: dict[str, object], binary: bytes, primitive: dict[str, object]) -> bytes:
    scene = {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": [5, 0, 0], "scale": [2, 2, 2]}],
        "meshes": [{"primitives": [primitive]}],
        "buffers": [{"byteLength": len(binary)}],
        **scene,
    }
    written = json.dumps(scene).encode()
    written += b" " * (-len(written) % 4)
    chunks = struct.pack("<I4s", len(written), b"JSON") + written
    chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks
