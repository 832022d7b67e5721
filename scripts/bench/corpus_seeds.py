"""One small sound file of each format that the shop knows: what the corpus is mutated from.

A new format is one more row of `SEEDS`; a test fails when a maker of previews has none.
"""

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import py7zr
import pymupdf

from schemas.preview import Kind
from scripts.bench.corpus_odd_seeds import ODD
from scripts.bench.corpus_pictures import encoded, photo
from scripts.bench.preview_files import ffmpeg
from scripts.bench.rar_files import rar_with

MUPDF: Any = pymupdf  # it has no types
WORDS = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 40
BARS = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25")
TONE = ("-f", "lavfi", "-i", "sine=440")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac")
MPEG2 = ("-c:v", "mpeg2video", "-b:v", "1M", "-g", "12")


@dataclass(frozen=True)
class Seed:
    """How a sound file of one format comes to be, and the makers of previews that look at it."""

    make: Callable[[Path], object]
    kinds: tuple[Kind, ...]


def _by_hand(kind: Kind, content: Callable[[], bytes]) -> Seed:
    return Seed(lambda path: path.write_bytes(content()), (kind,))


def _film(*options: str) -> Seed:
    def make(path: Path) -> None:
        ffmpeg(*BARS, *TONE, "-t", "4", *options, path)

    return Seed(make, ("video", "teaser"))


def _sound(*options: str) -> Seed:
    return Seed(
        lambda path: ffmpeg(*TONE, "-t", "5", "-metadata", "title=A tone", *options, path), ("audio",)
    )


def _picture(mode: str = "RGB", **options: Any) -> Seed:
    return Seed(lambda path: photo().convert(mode).save(path, **options), ("image", "other-image"))


def _pdf(path: Path, *, picture: bool) -> None:
    with MUPDF.open() as document:
        for number in range(3):
            page = document.new_page()
            page.insert_textbox(MUPDF.Rect(50, 50, 550, 400), f"Page {number + 1}\n{WORDS}")
            if picture:
                page.insert_image(MUPDF.Rect(50, 420, 350, 620), stream=encoded("JPEG"))
        document.save(path)


def _zip(path: Path, parts: dict[str, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _office(parts: dict[str, str | bytes]) -> Seed:
    return Seed(partial(_zip, parts=parts), ("zip", "document"))


def _tar(path: Path, mode: str) -> None:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for number in range(12):
            member = tarfile.TarInfo(f"folder/leçon {number}.txt")
            member.size = len(WORDS)
            archive.addfile(member, io.BytesIO(WORDS.encode()))


def _seven_zip(path: Path) -> None:
    with py7zr.SevenZipFile(path, "w") as archive:
        for number in range(12):
            archive.writestr(WORDS, f"folder/leçon {number}.txt")


def _rar(path: Path) -> None:
    path.write_bytes(rar_with({f"folder/leçon {number}.txt": WORDS.encode() for number in range(12)}))


def _database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table lesson (title text, minutes integer)")
        connection.executemany("insert into lesson values (?, ?)", [(WORDS[:50], at) for at in range(50)])
    connection.close()


def _text(words: str, encoding: str = "utf-8") -> Seed:
    return Seed(lambda path: path.write_bytes(words.encode(encoding)), ("text",))


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_ROOT = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_DOCX = f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:body></w:document>'
_ROWS = "".join(f'<row r="{at}"><c r="A{at}"><v>{at * 7}</v></c></row>' for at in range(1, 60))
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK = f"""<workbook xmlns="{_S}" xmlns:r="{_R}">
<sheets><sheet name="Prices" sheetId="1" r:id="rId1"/></sheets></workbook>"""
_BOOK_PARTS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
Target="worksheets/sheet1.xml"/></Relationships>"""
_CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
_OPF = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A book</dc:title></metadata>
<manifest><item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="one"/></spine></package>"""
_PAGE = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>One</h1><p>{WORDS}</p></body></html>'
_TABLE = "lesson;minutes;price\n" + "".join(f"Leçon {at};{at};{at * 3},50\n" for at in range(200))
_FOLDER: dict[str, str | bytes] = {f"folder/leçon {number}.txt": WORDS for number in range(12)}

SEEDS: dict[str, Seed] = {
    "film.mp4": _film(*H264),
    "fragmented.mp4": _film(*H264, "-movflags", "frag_keyframe+empty_moov+default_base_moof"),
    "film.mov": _film(*H264),
    "motion.mov": _film("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le"),
    "film.mkv": _film(*H264),
    "film.webm": _film("-c:v", "libvpx", "-deadline", "realtime", "-g", "25", "-c:a", "libopus"),
    "film.3gp": _film("-c:v", "mpeg4", "-c:a", "aac"),
    "film.avi": _film("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "film.ts": _film(*H264, "-f", "mpegts"),
    "film.mpg": _film(*MPEG2, "-c:a", "mp2"),
    "film.wmv": _film("-c:v", "wmv2", "-c:a", "wmav2"),
    "film.flv": _film("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100"),
    "film.ogv": _film("-c:v", "libtheora", "-c:a", "libvorbis"),
    "film.mxf": _film(*MPEG2, "-c:a", "pcm_s16le", "-ar", "48000"),
    "sound.mp3": _sound(),
    "sound.flac": _sound(),
    "sound.ogg": _sound("-c:a", "libvorbis"),
    "sound.opus": _sound("-c:a", "libopus"),
    "sound.wav": _sound(),
    "rf64.wav": _sound("-rf64", "always"),
    "sound.aiff": _sound(),
    "sound.m4a": _sound("-c:a", "aac"),
    "sound-only.mp4": _sound("-c:a", "aac", "-brand", "mp42"),
    "sound.mka": _sound("-c:a", "libopus"),
    "sound.aac": _sound("-f", "adts"),
    "sound.wma": _sound(),
    "sound.ac3": _sound(),
    "sound.au": _sound(),
    "sound.caf": _sound(),
    "sound.w64": _sound(),
    "sound.wv": _sound(),
    "photo.jpg": _picture(quality=92),
    "progressive.jpg": _picture(quality=92, progressive=True),
    "grey.jpg": _picture("L", quality=92),
    "print.jpg": _picture("CMYK", quality=95),
    "photo.png": _picture(),
    "palette.png": _picture("P"),
    "photo.gif": _picture("P"),
    "photo.bmp": _picture(),
    "photo.tif": _picture(),
    "packed.tif": _picture(compression="tiff_lzw"),
    "big.tif": _picture(big_tiff=True),
    "photo.webp": _picture(quality=92),
    "photo.avif": _picture(quality=90),
    "photo.ico": _picture(sizes=[(128, 128)]),
    "photo.jp2": _picture(),
    "text.pdf": Seed(partial(_pdf, picture=False), ("pdf",)),
    "pictures.pdf": Seed(partial(_pdf, picture=True), ("pdf",)),
    "letter.docx": _office({"[Content_Types].xml": _TYPES, "_rels/.rels": _ROOT, "word/document.xml": _DOCX}),
    "prices.xlsx": _office(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _ROOT,
            "xl/workbook.xml": _BOOK,
            "xl/_rels/workbook.xml.rels": _BOOK_PARTS,
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_S}"><sheetData>{_ROWS}</sheetData></worksheet>',
        }
    ),
    "book.epub": _office(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "book.opf": _OPF,
            "one.xhtml": _PAGE,
        }
    ),
    "course.zip": Seed(partial(_zip, parts=_FOLDER), ("zip",)),
    "course.7z": Seed(_seven_zip, ("7z",)),
    "course.rar": Seed(_rar, ("rar",)),
    "course.tar": Seed(partial(_tar, mode="w"), ("tar",)),
    "course.tar.gz": Seed(partial(_tar, mode="w:gz"), ("tar",)),
    "course.tar.bz2": Seed(partial(_tar, mode="w:bz2"), ("tar",)),
    "course.tar.xz": Seed(partial(_tar, mode="w:xz"), ("tar",)),
    "notes.gz": Seed(lambda path: path.write_bytes(gzip.compress(WORDS.encode(), mtime=0)), ("tar",)),
    "notes.bz2": Seed(lambda path: path.write_bytes(bz2.compress(WORDS.encode())), ("tar",)),
    "notes.xz": Seed(lambda path: path.write_bytes(lzma.compress(WORDS.encode())), ("tar",)),
    "notes.txt": _text("\n".join([WORDS] * 60)),
    "utf16.txt": _text("\n".join([WORDS] * 60), "utf-16"),
    "latin.txt": _text("Leçon de français\n" * 99, "latin-1"),
    "table.csv": Seed(lambda path: path.write_bytes(_TABLE.encode()), ("table",)),
    "page.html": _text(_PAGE),
    "shop.sqlite": Seed(_database, ("sqlite", "icon")),
    **{name: _by_hand(kind, content) for name, (kind, content) in ODD.items()},
}
