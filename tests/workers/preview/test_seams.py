"""Private parts of MuPDF, rarfile and the plugin of JPEG XL that previews lean on (docs/private-seams.md)."""

import io
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import rarfile

from scripts.bench import odd_files
from scripts.bench.rar_files import rar_with
from tests.workers.preview import files

# In a process of its own: the binding is loaded without the package around it, which others may want whole.
PROGRAM = """
import ctypes
import sys

from workers.preview.makers import mupdf as lazy

CONTENT = bytes(range(256)) * 100


class Reader:
    size = len(CONTENT)

    def pread(self, offset, length):
        return CONTENT[offset : offset + length]

    def prefetch(self, offset, length):
        pass


mupdf = lazy.load()
print("pymupdf.utils" in sys.modules, "numpy" in sys.modules)
stream = lazy.LazyStream(mupdf, Reader())
read = bytes(mupdf.fz_read_byte(stream.stream) for _ in range(9000))
print(read == CONTENT[:9000], mupdf.fz_tell(stream.stream))
mupdf.fz_seek(stream.stream, -2, 2)
print([mupdf.fz_read_byte(stream.stream) for _ in range(3)])
stream.check()

lazy._Stream._fields_  # one field more in front would move all others
moved = type("Moved", (ctypes.Structure,), {"_fields_": [("more", ctypes.c_int64), *lazy._Stream._fields_]})
lazy._Stream = moved
try:
    lazy.LazyStream(mupdf, Reader())
except RuntimeError as error:
    print(error)
"""


def test_a_stream_of_mupdf_reads_through_our_callbacks_and_another_layout_is_noticed() -> None:
    program = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert program.stderr == ""
    lean, reads, end, moved = program.stdout.splitlines()
    assert lean == "False False"
    assert reads == "True 9000"
    assert end == "[254, 255, -1]"
    assert moved.startswith("struct fz_stream is not what it was")


def test_a_file_in_a_rar_tells_the_bytes_of_its_name_and_where_it_begins(tmp_path: Path) -> None:
    (tmp_path / "x.rar").write_bytes(rar_with({"é.txt": b"first", "b.txt": b"second"}))
    with rarfile.RarFile(tmp_path / "x.rar") as archive:
        members = archive.infolist()
    content = (tmp_path / "x.rar").read_bytes()
    assert [member.orig_filename for member in members] == ["é.txt".encode(), b"b.txt"]
    assert content[members[1].data_offset :].startswith(b"second")
    assert callable(rarfile.rar3_decompress)


def test_the_threads_of_jpeg_xl_are_those_that_its_plugin_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    plugin: Any = import_module("pillow_jxl.JpegXLImagePlugin")  # it has no types
    decoder = plugin.Decoder

    def noticed(**options: Any) -> Any:
        asked.append(options["num_threads"])
        return decoder(**options)

    picture = odd_files.encoded_by("JXL", files.photo(80, 60), "pillow_jxl")
    monkeypatch.setattr(plugin, "Decoder", noticed)
    monkeypatch.setattr(plugin, "DECODE_THREADS", 0)
    with plugin.JXLImageFile(io.BytesIO(picture)) as image:
        image.load()
    assert set(asked) == {0}
