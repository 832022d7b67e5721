"""The shop's name on previews, in any script and on what moves."""

import io
import os
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import av
import pytest
from PIL import Image, ImageChops

from tests.workers.preview import files
from tests.workers.preview.files import H264
from workers.preview.mark import draw_mark
from workers.preview.preview import Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import FileSource

MEMORY = 256 << 20
SCRIPTS = {
    "French": "Boutique d’été — Noël",
    "Cyrillic": "Магазин Ёлка",
    "Greek": "Κατάστημα",
    "Hebrew": "מתנות לחג",
    "Arabic": "متجر الهدايا",
    "Chinese": "礼品店",
    "Japanese": "ギフトの店",
    "Korean": "선물 가게",
    "Thai": "ร้านของขวัญ",
}


def drawn(text: str) -> Image.Image:
    return Image.open(io.BytesIO(draw_mark(text, MEMORY))).convert("L")


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_of_a_script_has_a_shape_of_its_own(script: str) -> None:
    letters = sorted({letter for letter in SCRIPTS[script] if letter.isalpha()})[:4]
    # A font without a letter draws the same box for all that it lacks.
    shapes = [drawn(letter * 3).point(lambda shade: shade > 127 and 255) for letter in letters]
    assert len({(shape.size, shape.tobytes()) for shape in shapes}) == len(letters)


def test_words_that_run_to_the_left_begin_at_the_right() -> None:
    """A broad letter and four narrow ones: what comes first in the text stands at the right."""
    widths = letter_widths(drawn("שוווו"))
    assert len(widths) == 5
    assert widths[-1] > max(widths[:-1]) * 1.5


def letter_widths(image: Image.Image) -> list[int]:
    """The widths of what has no empty column inside, from left to right."""
    columns = [min(image.crop((x, 0, x + 1, image.height)).tobytes()) < 128 for x in range(image.width)]
    return [len(list(run)) for dark, run in groupby(columns) if dark]


def test_lines_stand_below_each_other_and_none_is_cut() -> None:
    one, two = drawn("Atelier"), drawn("Atelier\nAtelier")
    assert two.width == one.width
    assert two.height > one.height * 1.8
    wide = drawn("Atelier Nomade " * 8)
    assert wide.height > one.height * 1.5, "what is too wide goes on in the next line"


def test_markup_is_text() -> None:
    assert drawn("<b>A&B</b>").width > drawn("A&B").width * 2


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_nothing_is_no_mark(text: str) -> None:
    assert draw_mark(text, MEMORY) == b""


Look = Callable[[bytes, str], dict[str, Image.Image]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """The pictures of a preview with this watermark; of the teaser the first."""

    def look_at(content: bytes, text: str) -> dict[str, Image.Image]:
        (tmp_path / "x").write_bytes(content)
        preview = make_preview(FileSource(tmp_path / "x"), Wish(watermark=text, ffmpeg=find_ffmpeg()))
        return {name: _opened(picture) for name, picture in preview.pictures.items()}

    return look_at


def _opened(content: bytes) -> Image.Image:
    if content[4:8] != b"ftyp":
        return Image.open(io.BytesIO(content)).convert("RGB")
    with av.open(io.BytesIO(content), "r") as film:
        for frame in film.decode(video=0):
            return cast(Any, frame).to_image()  # type: ignore[no-any-return]
    raise AssertionError("the teaser has no picture")


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    """The box in which two pictures clearly differ."""
    assert one.size == other.size
    difference = ImageChops.difference(one, other).convert("L").point(lambda shade: shade > 40 and 255)
    return difference.getbbox() or (0, 0, 0, 0)


@pytest.mark.parametrize("turn", ["0", "90"])
def test_a_film_is_marked_in_the_corner_that_is_seen_also_when_it_moves(
    look: Look, tmp_path: Path, turn: str
) -> None:
    grey = ("-vf", "drawbox=t=fill:color=gray")
    flat = files.clip(tmp_path, "flat.mp4", *grey, *H264, seconds=10)
    turned = files.turned(flat, tmp_path / "turned.mp4", turn).read_bytes()
    plain, marked = look(turned, ""), look(turned, "متجر\nМагазин")
    assert set(plain) == set(marked) == {"poster.jpg", "strip.jpg", "teaser.mp4"}
    for name, picture in marked.items():
        left, top, right, bottom = changed(plain[name], picture)
        assert left > picture.width * 0.4
        assert top > picture.height * 0.4
        assert right > picture.width * 0.9
        assert bottom > picture.height * 0.9


@pytest.mark.parametrize("ground", ["white", "black"])
def test_a_mark_is_seen_on_light_and_dark(look: Look, ground: str) -> None:
    content = files.encoded(Image.new("RGB", (1600, 1200), ground), "PNG")
    plain, marked = look(content, "")["poster.jpg"], look(content, "Été")["poster.jpg"]
    left, top, right, bottom = changed(plain, marked)
    assert right - left > 100
    assert bottom - top > 30


def test_an_icon_is_marked(look: Look) -> None:
    content = os.urandom(2) + bytes(5000)
    assert changed(look(content, "")["icon.jpg"], look(content, "礼品店")["icon.jpg"]) != (0, 0, 0, 0)
