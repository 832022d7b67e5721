"""Archives of RAR 5 with stored files (https://www.rarlab.com/technote.htm, "Archive blocks")."""

import struct
import zlib
from collections.abc import Mapping

BEGINNING = b"Rar!\x1a\x07\x01\x00"


def rar_with(files: Mapping[str, bytes], *, method: int = 0) -> bytes:
    """An archive with these files, which are stored, whatever the method (0 to 5) says."""
    parts = [BEGINNING, rar_block(1, 0, 0)]
    for name, content in files.items():
        raw, size = name.encode(), len(content)
        parts += [rar_block(2, 2, size, 0, size, 0x20, method << 7, 1, len(raw), rest=raw), content]
    return b"".join([*parts, rar_block(5, 0, 0)])


def rar_block(*fields: int, rest: bytes = b"") -> bytes:
    """A header with its checksum and its length."""
    body = b"".join(map(_number, fields)) + rest
    sized = _number(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _number(value: int) -> bytes:
    """A number of any size, seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
