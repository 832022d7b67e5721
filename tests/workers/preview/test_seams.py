"""Private parts of MuPDF that previews of documents lean on (docs/private-seams.md)."""

import subprocess
import sys

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
