"""Small files of the rarer formats, written by hand where no tool writes them."""

import io
import lzma
import sqlite3
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image


def zip_of(parts: dict[str, bytes | str]) -> bytes:
    """A ZIP archive of these parts in their order, the first one not packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, content) in enumerate(parts.items()):
            archive.writestr(name, content, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return buffer.getvalue()


def lzip(content: bytes) -> bytes:
    """A member of lzip with a dictionary of 1 MiB (lzip manual, "File format")."""
    options = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    packed = lzma.compress(content, lzma.FORMAT_RAW, filters=options)
    return b"LZIP\1\x14" + packed + bytes(4) + struct.pack("<QQ", len(content), len(packed) + 26)


def cab(names: dict[str, int]) -> bytes:
    """The headers of a CAB archive; no file is looked into."""
    listing = b"".join(
        struct.pack("<IIHHHH", size, 0, 0, 0, 0, 0x80) + name.encode() + b"\0" for name, size in names.items()
    )
    head = b"MSCF" + struct.pack("<IIIII", 0, 44 + len(listing), 0, 44, 0)
    return head + struct.pack("<BBHHHHH", 3, 1, 1, len(names), 0, 0, 0) + bytes(8) + listing


def iso(names: dict[str, int], *, joliet: bool, posix: bool = False) -> bytes:
    """A disc image whose root folder holds these files (ECMA-119, 8.4 and 9.1; IEEE P1282, 4.1.4)."""

    def record(raw: bytes, start: int, length: int, flags: int = 0, posix_name: bytes = b"") -> bytes:
        numbers = struct.pack("<I", start) + struct.pack(">I", start) + struct.pack("<I", length)
        body = bytes(1) + numbers + struct.pack(">I", length) + bytes(7) + bytes([flags, 0, 0]) + bytes(4)
        body += bytes([len(raw)]) + raw + bytes(1 - len(raw) % 2)
        half = len(posix_name) // 2
        for part, goes_on in ((posix_name[:half], 1), (posix_name[half:], 0)) if posix_name else ():
            body += b"NM" + bytes([5 + len(part), 1, goes_on]) + part
        return bytes([len(body) + 1]) + body

    def folder(wide: bool, at: int) -> bytes:
        listing = record(b"\0", at, 2048, 2) + record(b"\1", at, 2048, 2)
        for name, size in names.items():
            plain = name.upper().encode("ascii", "replace") + b";1"
            raw = name.encode("utf-16-be") if wide else plain
            listing += record(raw, 30, size, posix_name=name.encode() if posix else b"")
        return listing.ljust(2048, b"\0")

    def volume(kind: int, escape: bytes, at: int) -> bytes:
        head = bytes([kind]) + b"CD001\1" + bytes(81) + escape.ljust(68, b"\0")
        return (head + record(b"\0", at, 2048, 2)).ljust(2048, b"\0")

    volumes = (
        volume(1, b"", 20) + (volume(2, b"%/E", 21) if joliet else b"") + b"\xffCD001\1".ljust(2048, b"\0")
    )
    return (bytes(16 * 2048) + volumes).ljust(20 * 2048, b"\0") + folder(False, 20) + folder(True, 21)


def old_tar(names: dict[str, int]) -> bytes:
    """A TAR from before POSIX: no magic, and names of 100 bytes at most (tar(5), "Old-Style")."""
    content = b""
    for name, size in names.items():
        head = name.encode().ljust(100, b"\0") + b"000644 \0" + b"000000 \0" * 2
        head += b"%011o " % size + b"%011o " % 0 + b" " * 8
        head = head.ljust(512, b"\0")
        content += head[:148] + b"%06o\0 " % sum(head) + head[156:] + bytes(-(-size // 512) * 512)
    return content + bytes(1024)


def midi(tracks: int = 2, quarters: int = 8) -> bytes:
    """So many quarter notes at 60 a minute, in each track."""
    events = b"\0\xff\x51\x03" + (1_000_000).to_bytes(3, "big") + b"\0\xff\x03\x04Song"
    events += b"".join(b"\0\x90\x40\x40\x60\x80\x40\x40" for _ in range(quarters)) + b"\0\xff\x2f\0"
    track = b"MTrk" + len(events).to_bytes(4, "big") + events
    return b"MThd" + struct.pack(">IHHH", 6, 1, tracks, 96) + track * tracks


def dsf(seconds: int) -> bytes:
    """A sound of one bit a sample (DSF format 1.01, Sony): chunks "DSD ", "fmt ", "data"."""
    block, rate = 4096, 2_822_400
    samples = rate // 8 * seconds // block * block
    form = b"fmt " + struct.pack("<Q6IQII", 52, 1, 0, 2, 2, rate, 1, samples * 8, block, 0)
    sound = b"data" + struct.pack("<Q", 12 + samples * 2) + bytes([0x69]) * (samples * 2)
    return b"DSD " + struct.pack("<QQQ", 28, 28 + len(form) + len(sound), 0) + form + sound


def sqlite(folder: Path) -> bytes:
    """Two tables, a view and an index."""
    path = folder / "x.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE people (id INTEGER PRIMARY KEY, "full name" TEXT, born DATE)')
        connection.execute("CREATE TABLE été (a, b)")
        connection.execute("CREATE INDEX by_name ON people (born)")
        for number in range(60):
            connection.execute(f"CREATE TABLE t{number} (c{number} TEXT)")
    connection.close()
    return path.read_bytes()


def mobi(cover: bytes, *, locked: bool = False) -> bytes:
    """A book of two records: its head and its cover (MobileRead wiki, "MOBI")."""
    title = "Un été".encode()
    exth = struct.pack(">II", 503, 8 + len(title)) + title + struct.pack(">III", 201, 12, 0)
    exth = b"EXTH" + struct.pack(">II", 12 + len(exth), 2) + exth
    head = bytearray(16 + 232)
    struct.pack_into(">H", head, 12, 2 if locked else 0)
    head[16:20] = b"MOBI"
    struct.pack_into(">II", head, 20, 232, 2)
    struct.pack_into(">I", head, 28, 65001)
    struct.pack_into(">I", head, 108, 1)
    struct.pack_into(">I", head, 128, 0x40)
    first = bytes(head) + exth
    start = 78 + 16 + 2
    base = b"Un_ete".ljust(60, b"\0") + b"BOOKMOBI" + bytes(8) + struct.pack(">H", 2)
    places = struct.pack(">IIII", start, 0, start + len(first), 1) + bytes(2)
    return base + places + first + cover


def azw3(cover: bytes) -> bytes:
    """The same as AZW3, whose version of the format is 8 (MobileRead wiki, "KF8")."""
    content = bytearray(mobi(cover))
    struct.pack_into(">I", content, struct.unpack_from(">I", content, 78)[0] + 36, 8)
    return bytes(content)


def woff(font: bytes) -> bytes:
    """A TrueType font as WOFF, each table packed by itself (W3C WOFF 1.0, sections 3 to 5)."""
    count = struct.unpack_from(">H", font, 4)[0]
    entries, body = b"", b""
    start = 44 + 20 * count
    for number in range(count):
        tag, checksum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        table = font[offset : offset + length]
        packed = min(zlib.compress(table), table, key=len)
        entries += struct.pack(">4sIIII", tag, start + len(body), len(packed), length, checksum)
        body += packed + bytes(-len(packed) % 4)
    size = start + len(body)
    head = (b"wOFF", font[:4], size, count, 0, len(font), 1, 0, 0, 0, 0, 0, 0)
    return struct.pack(">4s4sIHHIHHIIIII", *head) + entries + body


def djvu(pages: int) -> bytes:
    """The outline of a DjVu document of several pages (DjVu 3, 8.3.2), or of one."""
    page = b"INFO" + struct.pack(">I", 10) + struct.pack(">HHBBHBB", 640, 480, 24, 0, 100, 22, 1)
    if pages == 1:
        body = b"DJVU" + page
    else:
        directory = struct.pack(">BH", 0x81, pages) + bytes(4 * pages)
        parts = b"".join(b"FORM" + struct.pack(">I", 4 + len(page)) + b"DJVU" + page for _ in range(pages))
        body = b"DJVMDIRM" + struct.pack(">I", len(directory)) + directory + bytes(len(directory) % 2) + parts
    return b"AT&TFORM" + struct.pack(">I", len(body)) + body


def fb2(cover: str, chapters: int = 3) -> bytes:
    """A book in XML; the cover in base64."""
    body = "".join(
        f"<section><title><p>Chapter {n}</p></title><p>{'words ' * 200}</p></section>"
        for n in range(chapters)
    )
    return (
        '<?xml version="1.0"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" '
        'xmlns:l="http://www.w3.org/1999/xlink"><description><title-info><book-title>Лето</book-title>'
        f'<coverpage><image l:href="#c"/></coverpage></title-info></description><body>{body}</body>'
        f'<binary id="c" content-type="image/jpeg">{cover}</binary></FictionBook>'
    ).encode()


def open_document(kind: str, body: str, *, encrypted: bool = False) -> bytes:
    """An OpenDocument with a thumbnail."""
    office = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:dc="e"'
    secret = "<encryption-data/>" if encrypted else ""
    return zip_of(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest>{secret}</manifest>",
            "content.xml": f"<office:document {office}>{body}</office:document>",
            "meta.xml": f"<office:document {office}><dc:title>A title</dc:title></office:document>",
            "Thumbnails/thumbnail.png": encoded_by("PNG", Image.linear_gradient("L").resize((256, 200))),
        }
    )


def camera_raw(picture: bytes) -> bytes:
    """The head of a DNG that names its JPEG in a further directory (DNG 1.7; TIFF 6.0, section 2)."""

    def directory(*entries: tuple[int, int, int]) -> bytes:
        body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
        return struct.pack("<H", len(entries)) + body + bytes(4)

    at = 200
    first = directory((0xFE, 4, 1), (0x14A, 4, 100), (0xC612, 4, 0x0701))
    second = directory((0x111, 4, at), (0x117, 4, len(picture)))
    return (
        (b"II*\0" + struct.pack("<I", 8) + first).ljust(100, b"\0") + second.ljust(at - 100, b"\0") + picture
    )


def fuji_raw(picture: bytes) -> bytes:
    """The head of a RAF, which names its JPEG."""
    return b"FUJIFILMCCD-RAW ".ljust(84, b"0") + struct.pack(">II", 200, len(picture)) + bytes(108) + picture


def psd(image: Image.Image) -> bytes:
    """A Photoshop file without layers: the picture as it was flattened, not packed."""
    red, green, blue = (channel.tobytes() for channel in image.split())
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, image.height, image.width, 8, 3)
    return head + bytes(12) + struct.pack(">H", 0) + red + green + blue


def psd_with_thumbnail(side: tuple[int, int], small: bytes, *, version: int, depth: int) -> bytes:
    """The head of a Photoshop file that holds a small JPEG among its resources, and no other picture."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", version, 3, side[1], side[0], depth, 3)
    thumbnail = struct.pack(">IIIIIIHH", 1, 160, 120, 480, 57_600, len(small), 24, 1) + small
    resources = b"8BIM" + struct.pack(">H", 1005) + b"\3odd" + struct.pack(">I", 3) + b"abc\0"
    resources += (
        b"8BIM" + struct.pack(">HHI", 1036, 0, len(thumbnail)) + thumbnail + bytes(len(thumbnail) % 2)
    )
    return head + bytes(4) + struct.pack(">I", len(resources)) + resources + bytes(8)


def camera_tiff(picture: bytes) -> bytes:
    """A TIFF packed in a camera's own way (TIFF 6.0, section 8), with a JPEG in its second page."""

    def page(entries: list[tuple[int, int, int]], following: int) -> bytes:
        body = b"".join(
            struct.pack("<HHI", tag, kind, 1) + struct.pack("<I", value) for tag, kind, value in entries
        )
        return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)

    at = 400
    sensor = [(256, 4, 6000), (257, 4, 4000), (258, 3, 14), (259, 3, 65535), (262, 3, 32803), (273, 4, at)]
    sensor += [(277, 3, 1), (278, 4, 4000), (279, 4, len(picture))]
    first = (b"II*\0" + struct.pack("<I", 8) + page(sensor, 200)).ljust(200, b"\0")
    second = page([(259, 3, 6), (513, 4, at), (514, 4, len(picture))], 0)
    return (first + second).ljust(at, b"\0") + picture


def plain_png(side: tuple[int, int], mode: int) -> bytes:
    """A PNG of one colour, as large as a camera's (PNG 3, sections 5 and 11)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    width, height = side
    samples = {2: 3, 3: 1, 6: 4}[mode]
    packer = zlib.compressobj(1)
    row = bytes(1) + (bytes(1) if mode == 3 else b"\x80\x80\x80\xff"[:samples]) * width
    body = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    palette = chunk(b"PLTE", b"\x80\x80\x80") if mode == 3 else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, mode, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + palette + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def self_extracting(archive: bytes) -> bytes:
    """A program of one section, and an archive after it."""
    section = b".text".ljust(8, b"\0") + struct.pack("<IIII", 512, 4096, 512, 512) + bytes(16)
    head = (
        b"MZ".ljust(60, b"\0")
        + struct.pack("<I", 64)
        + b"PE\0\0"
        + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 0, 2)
    )
    return (head + section).ljust(1024, b"\x90") + archive


def encoded_by(name: str, image: Image.Image, module: str = "") -> bytes:
    """A picture in a format that a plugin writes."""
    buffer = io.BytesIO()
    if module:
        plugin = __import__(module)
        if hasattr(plugin, "register_heif_opener"):
            plugin.register_heif_opener()
    image.save(buffer, name)
    return buffer.getvalue()
