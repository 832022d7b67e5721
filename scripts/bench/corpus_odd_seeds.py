"""Seeds of the corpus that are written by hand, or by a plugin: the rarer formats."""

import base64
import gzip
import json
import sys
from collections.abc import Callable

from PIL import ImageFont

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from schemas.preview import Kind
from scripts.bench import odd_files, odd_models
from scripts.bench.compound_files import compound, sheets, slides, summary, word
from scripts.bench.corpus_pictures import coded, encoded, float_tiff, photo
from scripts.bench.rar_files import rar_with

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100"
fill="gold"/><circle cx="60" cy="50" r="40" fill="teal"/></svg>"""
CELLS = [{"cell_type": "markdown", "metadata": {}, "source": ["# A lesson\n", "Words."]}]


def _font() -> bytes:
    font = ImageFont.load_default(20)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow came without FreeType, which its wheels have. Install its wheel.")
    return bytes(font.font_bytes)


def _cover() -> str:
    return base64.b64encode(encoded("JPEG")).decode()


def _tar() -> bytes:
    return odd_files.old_tar({"a.txt": 900, "folder/b.txt": 100})


def _old_office(streams: dict[str, bytes]) -> Callable[[], bytes]:
    return lambda: compound(streams | {"\x05SummaryInformation": summary("A title")})


def _archive(names: str, content: bytes | None = None) -> Callable[[], bytes]:
    """A ZIP of these names, each with this content, or with a picture."""
    return lambda: odd_files.zip_of({name: content or encoded("JPEG") for name in names.split()})


APPLE = "Index/Document.iwa preview.jpg"
WORDS = "\r".join(f"Line {number} of a letter that tells of a summer by the sea." for number in range(60))
PRESET = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description crs:Version="1"/></x:xmpmeta>\n'
SLIDE = "<p:sld xmlns:p='p'><p:sp><p:ph type='title'/><p:t>A title</p:t></p:sp></p:sld>"
ODD: dict[str, tuple[Kind, Callable[[], bytes]]] = {
    "photo.heic": ("other-image", lambda: odd_files.encoded_by("HEIF", photo(), "pillow_heif")),
    "camera.png": ("image", lambda: odd_files.plain_png((9504, 6336), 2)),
    "packed.svgz": ("svg", lambda: gzip.compress(SVG.encode(), mtime=0)),
    "comic.cbr": ("rar-comic", lambda: rar_with({f"{page}.jpg": encoded("JPEG") for page in "123"})),
    "letters.woff": ("font", lambda: odd_files.woff(_font())),
    "photo.psd": ("other-image", lambda: odd_files.psd(photo())),
    "photo.dng": ("raw", lambda: odd_files.camera_raw(encoded("JPEG"))),
    "photo.raf": ("raw", lambda: odd_files.fuji_raw(encoded("JPEG"))),
    "drawing.svg": ("svg", SVG.encode),
    "letters.ttf": ("font", _font),
    "part.stl": ("model", odd_models.stl),
    "part.obj": ("model", lambda: odd_models.OBJ),
    "part.glb": ("model", odd_models.glb),
    "song.mid": ("midi", odd_files.midi),
    "letter.odt": ("open-document", lambda: odd_files.open_document("text", "<text:p>Words</text:p>")),
    "book.mobi": ("book", lambda: odd_files.mobi(encoded("JPEG"))),
    "book.fb2": ("book", lambda: odd_files.fb2(_cover())),
    "lesson.ipynb": (
        "notebook",
        json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode,
    ),
    "disc.iso": ("iso", lambda: odd_files.iso({"readme.txt": 5, "setup.pdf": 9}, joliet=True)),
    "course.cab": ("cab", lambda: odd_files.cab({"a.txt": 5, "b.pdf": 9})),
    "course.exe": ("program", lambda: odd_files.self_extracting(odd_files.zip_of({"a.txt": "x"}))),
    "photo.jxl": ("other-image", lambda: odd_files.encoded_by("JXL", photo(), "pillow_jxl")),
    "photo.dds": ("other-image", lambda: odd_files.encoded_by("DDS", photo())),
    "photo.qoi": ("other-image", lambda: odd_files.encoded_by("QOI", photo())),
    "large.psb": (
        "other-image",
        lambda: odd_files.psd_with_thumbnail((4000, 3000), encoded("JPEG"), version=2, depth=16),
    ),
    "camera.tif": ("image", lambda: odd_files.camera_tiff(encoded("JPEG"))),
    "light.tif": ("ffmpeg-image", lambda: float_tiff(photo())),
    "lossless.jpg": ("ffmpeg-image", lambda: coded(photo(), "ljpeg", "bgr24")),
    "sound.dsf": ("audio", lambda: odd_files.dsf(2)),
    "letter.doc": ("office", _old_office(word(WORDS, wide=True))),
    "prices.xls": ("office", _old_office(sheets(["Prices", "Été"]))),
    "slides.ppt": ("office", _old_office(slides(["First", "Second"]))),
    "slides.pptx": ("document", _archive("ppt/presentation.xml ppt/slides/slide1.xml", SLIDE.encode())),
    "prices.ods": ("open-document", lambda: odd_files.open_document("spreadsheet", "")),
    "slides.odp": ("open-document", lambda: odd_files.open_document("presentation", "")),
    "letter.pages": ("open-document", _archive(APPLE)),
    "prices.numbers": (
        "open-document",
        _archive(f"{APPLE} Index/CalculationEngine.iwa Index/Tables/Tile.iwa"),
    ),
    "book.azw3": ("book", lambda: odd_files.azw3(encoded("JPEG"))),
    "comic.cbz": ("open-document", _archive("1.jpg 2.jpg 3.jpg")),
    "book.djvu": ("icon", lambda: odd_files.djvu(12)),
    "course.tar.zst": ("tar", lambda: zstd.compress(_tar())),
    "course.tar.lz": ("tar", lambda: odd_files.lzip(_tar())),
    "old.tar": ("tar", _tar),
    "samples.zip": ("zip", _archive("Pack/kick.wav Pack/snare.wav Pack/loop.aif", b"RIFF")),
    "notes.md": ("text", f"# A course\n\n## Part\n\n{'Words of it. ' * 400}".encode),
    "warm.xmp": ("text", PRESET.encode),
    "warm.cube": ("text", f"LUT_3D_SIZE 2\n{'0 0 0.5' * 8}".encode),
}
