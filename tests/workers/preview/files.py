"""Small files of every kind, made on the spot."""

import io
import struct
import subprocess
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import py7zr
import pymupdf
from PIL import Image

from scripts.bench.rar_files import BEGINNING, rar_block, rar_with
from workers.preview.program import find_ffmpeg

MUPDF: Any = pymupdf  # it has no types
WORDS = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 12


def pdf(pages: int, **saved: Any) -> bytes:
    """Pages of text."""
    with MUPDF.open() as document:
        for number in range(pages):
            box = MUPDF.Rect(50, 50, 550, 780)
            document.new_page().insert_textbox(box, f"Page {number + 1}\n{WORDS}")
        document.set_metadata({"title": "A book"})
        content: bytes = document.tobytes(**saved)
        return content


def clip(folder: Path, name: str, *options: str, seconds: int = 8, cover: Path | None = None) -> Path:
    """A film of moving bars, a tone and perhaps a third input, the cover; options are the output's."""
    path = folder / name
    command = [find_ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25"]
    command += ["-f", "lavfi", "-i", "sine=440", *(("-i", str(cover)) if cover else ())]
    command += ["-t", str(seconds), *options, str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path


def turned(path: Path, target: Path, degrees: str) -> Path:
    """The same film with the remark that it is to be turned."""
    turn = ["-display_rotation", degrees, "-i", str(path), "-c", "copy"]
    subprocess.run([find_ffmpeg(), "-v", "error", "-y", *turn, str(target)], check=True, timeout=60)
    return target


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac")


def photo(width: int = 900, height: int = 600) -> Image.Image:
    """A picture with something to see in it."""
    left = Image.linear_gradient("L").resize((width, height))
    right = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (left, right, left.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    """A picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A picture of which little more than the size is there."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zip_of(parts: dict[str, bytes | str], *, comment: bytes = b"", before: bytes = b"") -> bytes:
    """A ZIP archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in parts.items():
            archive.writestr(name, content)
    return before + buffer.getvalue()


def tar_of(names: dict[str, int], mode: str = "w") -> bytes:
    """A TAR archive of zeroes: name and size in bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, size in names.items():
            member = tarfile.TarInfo(name)
            member.size = size
            archive.addfile(member, io.BytesIO(bytes(size)))
    return buffer.getvalue()


def seven_zip_of(names: list[str], **options: Any) -> bytes:
    """A 7z archive of small files."""
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", filters=None, **options) as archive:
        for name in names:
            archive.writestr(b"content", name)
    return buffer.getvalue()


def rar_of(names: dict[str, int]) -> bytes:
    """A RAR 5 archive of stored zeroes."""
    return rar_with({name: bytes(size) for name, size in names.items()})


def locked_rar() -> bytes:
    """A RAR 5 archive whose headers are encrypted: after the encryption header there is only noise."""
    return BEGINNING + rar_block(4, 0, 0, 0, rest=b"\x0f" + bytes(16)) + b"noise" * 20


OFFICE = "http://schemas.openxmlformats.org"
DOCX = {
    "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>",
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{OFFICE}/package/2006/relationships"/>',
    "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A letter</dc:title></c>',
    "word/document.xml": f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body><w:p><w:pPr>'
    '<w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Chapter one</w:t></w:r></w:p><w:p><w:r><w:t>Words'
    "</w:t></w:r></w:p></w:body></w:document>",
}
EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container><rootfile full-path="OEBPS/book.opf"/></container>',
    "OEBPS/book.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
    '<dc:title>A novel</dc:title></metadata><manifest><item href="cover.jpg" '
    'properties="cover-image"/><item href="nav.xhtml" properties="nav"/></manifest></package>',
    "OEBPS/nav.xhtml": '<html><body><nav><a href="1">One</a><a href="2">Two</a></nav></body></html>',
}
XLSX = {
    "xl/workbook.xml": '<workbook><sheets><sheet name="Prices"/><sheet name="Été"/></sheets></workbook>',
}
PPTX = {
    "ppt/presentation.xml": "<presentation/>",
    "ppt/slides/slide2.xml": '<s><sp><ph type="title"/><t>Second</t></sp></s>',
    "ppt/slides/slide1.xml": '<s><sp><t>no title</t></sp><sp><ph type="ctrTitle"/><t>First</t></sp></s>',
}


def with_covers(sound: bytes, pictures: list[bytes]) -> bytes:
    """An MP3 with these pictures, all called JPEG, before its sound (ID3v2.3.0, sections 3.1 and 4.15)."""
    frames = b""
    for picture in pictures:
        body = b"\0image/jpeg\0\3\0" + picture
        frames += b"APIC" + len(body).to_bytes(4, "big") + b"\0\0" + body
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frames + sound
