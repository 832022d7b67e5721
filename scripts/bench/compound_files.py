"""Office documents before 2007: compound files ([MS-CFB]) as small as may be."""

import struct

SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LEAST = 4096  # bytes of a stream that does not go into the mini stream
NONE = 0xFFFFFFFF


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams in its root, each padded to 4,096 bytes."""
    contents = {name: content.ljust(LEAST, b"\0") for name, content in streams.items()}
    sectors: list[bytes] = []
    chains: list[int] = []
    starts: dict[str, int] = {}
    for name, content in contents.items():
        starts[name] = len(sectors)
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        sectors += pieces
        chains += [*range(starts[name] + 1, len(sectors)), END]
    directory = _directory(contents, starts)
    first = len(sectors)
    pieces = [directory[at : at + SECTOR] for at in range(0, len(directory), SECTOR)]
    sectors += pieces
    chains += [*range(first + 1, len(sectors)), END]
    place = len(sectors)
    table = struct.pack("<128I", *[*chains, FAT, *[FREE] * (127 - len(chains))])
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, first, 0, LEAST, END, 0, END, 0)
    head += struct.pack("<109I", place, *[FREE] * 108)
    return head + b"".join(sectors) + table


def _directory(contents: dict[str, bytes], starts: dict[str, int]) -> bytes:
    """The root, and its streams as a list that leans to the right."""
    order = sorted(contents, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, END, 0, child=1 if order else NONE)]
    for number, name in enumerate(order):
        right = number + 2 if number + 1 < len(order) else NONE
        entries.append(_entry(name, 2, starts[name], len(contents[name]), right=right))
    while len(entries) % 4:
        entries.append(bytes(64) + bytes(4) + struct.pack("<III", NONE, NONE, NONE) + bytes(48))
    return b"".join(entries)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = NONE, right: int = NONE) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", NONE, right, child)
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB", len(raw), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def summary(title: str, page: int = 1252) -> bytes:
    """The stream of properties with a title ([MS-OLEPS] 2.18 to 2.21)."""
    raw = title.encode(f"cp{page}") + b"\0"
    raw += bytes(-len(raw) % 4)
    values = (
        struct.pack("<Ihh", 2, page if page < 32768 else page - 65536, 0)
        + struct.pack("<II", 30, len(raw))
        + raw
    )
    section = struct.pack("<II", 8 + 16 + len(values), 2) + struct.pack("<IIII", 1, 24, 2, 32) + values
    head = struct.pack("<HHI", 0xFFFE, 0, 0) + bytes(16) + struct.pack("<I", 1)
    form = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
    return head + form + struct.pack("<I", 48) + section


def word(text: str, *, wide: bool, locked: bool = False) -> dict[str, bytes]:
    """A Word document of one piece ([MS-DOC] 2.5, 2.8.35, 2.9.178)."""
    raw = text.encode("utf-16-le" if wide else "cp1252")
    head = bytearray(1024)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 0x0A, 0x200 | (0x100 if locked else 0))
    struct.pack_into("<I", head, 0x4C, len(text))
    place = 1024 if wide else 1024 * 2 | 0x40000000
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    table = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", head, 0x1A2, 0, len(table))
    return {"WordDocument": bytes(head) + raw, "1Table": table}


def sheets(names: list[str], *, locked: bool = False) -> dict[str, bytes]:
    """The globals of a workbook ([MS-XLS] 2.4.21, 2.4.28, 2.4.117)."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    content = record(0x809, struct.pack("<HHHH", 0x600, 5, 0, 0) + bytes(8))
    if locked:
        content += record(0x2F, bytes(54))
    for name in names:
        wide = not name.isascii()
        raw = name.encode("utf-16-le" if wide else "ascii")
        content += record(0x85, struct.pack("<IBBBB", 0, 0, 0, len(name), wide) + raw)
    return {"Workbook": content + record(0x0A, b"")}


def slides(titles: list[str], *, locked: bool = False) -> dict[str, bytes]:
    """The texts of slides ([MS-PPT] 2.4.14.3, 2.9.42, 2.9.43)."""

    def record(version: int, kind: int, body: bytes) -> bytes:
        return struct.pack("<HHI", version, kind, len(body)) + body

    texts = b"".join(
        record(0, 0x0F9F, struct.pack("<I", kind)) + record(0, 0x0FA0, text.encode("utf-16-le"))
        for title in titles
        for kind, text in ((0, title), (1, "A body"))
    )
    token = 0xF3D1C4DF if locked else 0xE391C05F
    current = record(0, 0x0FF6, struct.pack("<II", 20, token) + bytes(12))
    return {"PowerPoint Document": record(15, 0x03E8, record(15, 0x0FF0, texts)), "Current User": current}
