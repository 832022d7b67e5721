"""How much memory the process of a preview may fill: its own bound, or a quarter of what there is."""

import io
import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image

from core.monitoring.memory import HostMemory
from scripts.bench.preview_files import make_clip, write_pdf
from tests.workers.preview.files import huge_png
from workers.preview.canvas import MOST_PIXELS, most_pixels, webp_size
from workers.preview.parent import ROOT
from workers.preview.preview import Preview, make_preview
from workers.preview.room import NO_ROOM, ROOM
from workers.preview.source import Source

SIDE = 7_700
INSIDE = """
import json, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from workers.preview.sandbox import Sandbox
sandbox = Sandbox()
score = os.open("/proc/self/oom_score_adj", os.O_RDONLY)
sandbox.close_in(900 << 20, 100 << 20)
sandbox.seal()
try:
    bytearray(150 << 20)
    filled = True
except MemoryError:
    filled = False
print(json.dumps({"filled": filled, "score": int(os.pread(score, 20, 0))}))
"""


@pytest.fixture(scope="module")
def webp() -> bytes:
    """A picture that is small as a file and 237 MB as pixels."""
    file = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), "orange").save(file, "WEBP", quality=1, method=0)
    return file.getvalue()


@pytest.fixture
def look(stored: Callable[[bytes], Source]) -> Callable[[bytes], Preview]:
    return lambda content: make_preview(stored(content))


def test_a_picture_beyond_a_quarter_of_a_small_host_ends_as_an_icon_that_says_why(
    webp: bytes, look: Callable[[bytes], Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ROOM, "_memory", lambda: HostMemory(512 << 20, 400 << 20))
    preview = look(webp)

    assert preview.outcome == "too-big"
    assert f"{SIDE} × {SIDE}" in preview.reason
    assert list(preview.pictures) == ["icon.jpg"]
    assert preview.cost.peak_rss < 128 << 20


@pytest.mark.parametrize("free", [70, 20])
def test_what_is_too_large_for_the_machine_is_so_however_little_is_free_just_now(
    webp: bytes, free: int, look: Callable[[bytes], Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ROOM, "_memory", lambda: HostMemory(512 << 20, free << 20))
    monkeypatch.setattr(ROOM, "_wait", 0.1)
    for content in (webp, huge_png(SIDE, SIDE), b"GIF89a" + SIDE.to_bytes(2, "little") * 2 + bytes(3)):
        preview = look(content)
        assert (preview.outcome, preview.later) == ("too-big", False)
        assert f"{SIDE} × {SIDE}" in preview.reason


def test_the_same_picture_is_shown_where_there_is_room(
    webp: bytes, look: Callable[[bytes], Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ROOM, "_memory", lambda: HostMemory(8 << 30, 4 << 30))
    assert "poster.jpg" in look(webp).pictures


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file of each kind, by its name; the film takes seconds to make."""
    folder = tmp_path_factory.mktemp("files")
    with (folder / "a.pdf").open("wb") as file:
        write_pdf(file, [b"BT /F 11 Tf 50 780 Td (A page of text) Tj ET"] * 5, None)
    picture = io.BytesIO()
    Image.new("RGB", (2000, 1500), "orange").save(picture, "JPEG")
    return {
        "film": make_clip(folder).read_bytes(),
        "pdf": (folder / "a.pdf").read_bytes(),
        "picture": picture.getvalue(),
    }


@pytest.mark.parametrize("free", [70, 50, 20, 0])
@pytest.mark.parametrize("kind", ["picture", "pdf", "film"])
def test_no_file_takes_more_than_is_free(
    kind: str,
    free: int,
    files: dict[str, bytes],
    look: Callable[[bytes], Preview],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too little for most: each ends by itself with a picture of something, and says why."""
    monkeypatch.setattr(ROOM, "_memory", lambda: HostMemory(512 << 20, free << 20))
    monkeypatch.setattr(ROOM, "_wait", 0.1)
    preview = look(files[kind])
    assert preview.pictures
    if free < 64:
        assert preview.outcome == "no-memory"
    if preview.outcome != "made":
        assert preview.outcome in ("no-memory", "partial")
        assert (preview.reason, preview.later) == (NO_ROOM, True)


def test_no_process_of_a_preview_fills_more_than_it_may_and_it_goes_first() -> None:
    program = subprocess.run(
        [sys.executable, "-I", "-B", "-c", INSIDE, str(ROOT)], capture_output=True, text=True, check=True
    )
    assert json.loads(program.stdout) == {"filled": False, "score": 1000}


def test_the_pixels_follow_the_memory() -> None:
    assert most_pixels(0) == most_pixels(8 << 30) == MOST_PIXELS
    assert 0 < most_pixels(128 << 20) < SIDE * SIDE
    assert most_pixels(1) == 0


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\x00\x00"}])
def test_the_size_of_a_webp_is_read_before_anything_is_decoded(options: dict[str, object]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (311, 97), "orange").save(file, "WEBP", **options)
    assert webp_size(file.getvalue()[:30]) == (311, 97)
    assert webp_size(b"RIFF") == webp_size(b"\x89PNG" * 10) == (0, 0)
