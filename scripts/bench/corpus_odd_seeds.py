"""Seeds of the corpus that are written by hand, or by a plugin: the rarer formats."""

import base64
import gzip
import json
from collections.abc import Callable

from PIL import ImageFont

from schemas.preview import Kind
from scripts.bench import odd_files
from scripts.bench.corpus_pictures import encoded, photo
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
    "part.stl": ("model", odd_files.stl),
    "part.obj": ("model", lambda: odd_files.OBJ),
    "part.glb": ("model", odd_files.glb),
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
}
