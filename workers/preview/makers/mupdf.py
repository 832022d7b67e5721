"""MuPDF (the PDF library) reading by ranges, without the rest of PyMuPDF.

PyMuPDF opens a stream only by reading it whole, and importing it takes 85 to 158 MB, for it brings
onnxruntime and numpy. The binding that it is built on, `pymupdf.mupdf`, is loaded alone here (40 MB).
MuPDF's own streams read lazily through two callbacks: a memory stream is made, and its callbacks replaced.
`struct fz_stream` is in the headers that PyMuPDF ships (mupdf/fitz/stream.h), but it is an interface of
binaries: the version is pinned, and the layout is checked each time.
"""

import ctypes
import importlib.util
import re
import sys
from types import ModuleType
from typing import Any

from PIL import Image

from workers.preview.errors import PreviewFailed
from workers.preview.remote import Reader

CHUNK = 8192
# An object that begins here and has a stream of its own length (ISO 32000-1, 7.3.8); a length that is a
# reference is not followed.
_OBJECT = re.compile(rb"\s*\d+ \d+ obj\b(.*?)\bstream\r?\n", re.DOTALL)
_LENGTH = re.compile(rb"/Length\s+(\d{5,8})(?!\d|\s+\d+\s+R)")
LONGEST_STREAM = 16 << 20
BLANK = ((255, 255),) * 3
_END = 2  # SEEK_END


def load() -> Any:
    """Load the binding `pymupdf.mupdf`, without running `pymupdf/__init__.py`."""
    if "pymupdf" not in sys.modules:
        spec = importlib.util.find_spec("pymupdf")
        assert spec is not None
        package = ModuleType("pymupdf")
        package.__path__ = list(spec.submodule_search_locations or ())
        sys.modules["pymupdf"] = package
    return importlib.import_module("pymupdf.mupdf")


class _Stream(ctypes.Structure):
    """`struct fz_stream`."""


_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Stream), ctypes.c_size_t)
_SEEK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Stream), ctypes.c_int64, ctypes.c_int)
_Stream._fields_ = [
    ("refs", ctypes.c_int),
    ("error", ctypes.c_int),
    ("eof", ctypes.c_int),
    ("progressive", ctypes.c_int),
    ("pos", ctypes.c_int64),
    ("avail", ctypes.c_int),
    ("bits", ctypes.c_int),
    ("rp", ctypes.c_void_p),
    ("wp", ctypes.c_void_p),
    ("state", ctypes.c_void_p),
    ("next", ctypes.c_void_p),
    ("drop", ctypes.c_void_p),
    ("seek", ctypes.c_void_p),
]


class LazyStream:
    """A MuPDF stream over a reader; keep it for as long as anything made from it is used.

    A callback cannot raise through C: it ends the stream and keeps the error, so `check` must be asked
    after every failure and after every success (a page cut short may look whole).
    """

    def __init__(self, mupdf: Any, reader: Reader) -> None:
        self._reader = reader
        self._offset = 0
        self._failure: Exception | None = None
        self._sought = False
        self._streams: dict[int, int] = {}  # where the streams of the objects seen begin: their lengths
        self._seed = b"\0"
        self._buffer = ctypes.create_string_buffer(CHUNK)
        self._base = ctypes.addressof(self._buffer)
        self._callbacks = (_NEXT(self._next), _SEEK(self._seek))
        self.stream = mupdf.fz_open_memory(mupdf.python_buffer_data(self._seed), 1)
        inside = ctypes.cast(int(self.stream.m_internal.this), ctypes.POINTER(_Stream)).contents
        if (inside.refs, inside.pos, (inside.wp or 0) - (inside.rp or 0)) != (1, 1, 1):
            raise RuntimeError("struct fz_stream is not what it was: pin PyMuPDF to the version of the lock")
        inside.next = ctypes.cast(self._callbacks[0], ctypes.c_void_p).value
        inside.seek = ctypes.cast(self._callbacks[1], ctypes.c_void_p).value
        inside.rp = inside.wp = self._base
        inside.pos = 0

    def prefetch(self) -> None:
        """Fetch all of it in one request."""
        self._reader.prefetch(0, self._reader.size)

    def check(self) -> None:
        """Raise what went wrong while reading."""
        if self._failure is not None:
            raise self._failure

    def _next(self, context: int, stream: Any, most: int) -> int:
        inside = stream.contents
        inside.rp = inside.wp = self._base
        try:
            piece = self._read()
        except (PreviewFailed, EOFError, OSError, MemoryError) as error:
            self._failure = self._failure or error
            piece = b""
        if not piece:
            return -1
        ctypes.memmove(self._base, piece, len(piece))
        self._offset += len(piece)
        inside.pos = self._offset
        inside.wp = self._base + len(piece)
        inside.rp = self._base + 1
        return piece[0]

    def _read(self) -> bytes:
        """The next piece. A stream that is about to be read, a photo say, is fetched whole and no further."""
        if self._offset in self._streams:
            self._reader.prefetch(self._offset, self._streams.pop(self._offset))
        piece = self._reader.pread(self._offset, CHUNK)
        if self._sought and (head := _OBJECT.match(piece)) and (length := _LENGTH.search(head[1])):
            self._streams[self._offset + head.end()] = min(int(length[1]), LONGEST_STREAM)
        self._sought = False
        return piece

    def _seek(self, context: int, stream: Any, offset: int, whence: int) -> None:
        inside = stream.contents
        if whence == _END:
            offset += self._reader.size
        self._sought = True
        self._offset = inside.pos = max(0, min(offset, self._reader.size))
        inside.rp = inside.wp = self._base


def letters(mupdf: Any, document: Any, number: int) -> int:
    """How many letters stand on a page (from 0), blanks left out."""
    buffer = mupdf.fz_new_buffer_from_page_number(document, number, mupdf.FzStextOptions())
    text: str = buffer.fz_string_from_buffer()
    return sum(not character.isspace() for character in text)


def render(mupdf: Any, document: Any, number: int, scale: float, longest: int) -> Image.Image:
    """Draw a page (from 0) in RGB at `scale` (1 is 72 dpi), smaller where a side would exceed `longest`."""
    page = mupdf.fz_load_page(document, number)
    box = mupdf.fz_bound_page(page)
    side = max(box.x1 - box.x0, box.y1 - box.y0, 1.0)
    scale = min(scale, longest / side)
    matrix = mupdf.fz_scale(scale, scale)
    area = mupdf.fz_round_rect(mupdf.fz_transform_rect(box, matrix))
    pixels = mupdf.fz_new_pixmap_with_bbox(mupdf.fz_device_rgb(), area, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixels, 255)
    device = mupdf.fz_new_draw_device(matrix, pixels)
    failure: Exception | None = None
    try:
        mupdf.fz_run_page(page, device, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(device)
    except mupdf.FzErrorBase as error:
        failure = error  # a broken picture, say; what was drawn before it is worth showing
    width, height = mupdf.fz_pixmap_width(pixels), mupdf.fz_pixmap_height(pixels)
    samples = bytes(mupdf.fz_pixmap_samples_memoryview(pixels))
    image = Image.frombytes("RGB", (width, height), samples)
    if failure is not None and image.getextrema() == BLANK:
        raise failure
    return image
