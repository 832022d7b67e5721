"""Pictures that are large, cut or odd: what is shown of them, and how little memory it takes."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from schemas.preview import Pages, Picture
from scripts.bench import odd_files
from scripts.bench.corpus import HEAVY_MEMORY
from scripts.bench.corpus_pictures import coded, float_tiff
from tests.workers.preview import files
from workers.preview.preview import Preview, make_preview
from workers.preview.source import FileSource

MIB = 1 << 20


def look(folder: Path, content: bytes) -> Preview:
    (folder / "x").write_bytes(content)
    return make_preview(FileSource(folder / "x"))


def poster(preview: Preview) -> Image.Image:
    return Image.open(io.BytesIO(preview.pictures["poster.jpg"])).convert("RGB")


@pytest.mark.parametrize("mode", [2, 3, 6])
def test_a_camera_of_61_megapixels_is_shown_in_bounded_memory(tmp_path: Path, mode: int) -> None:
    preview = look(tmp_path, odd_files.plain_png((9504, 6336), mode))
    assert (preview.outcome, preview.description) == ("made", Picture("PNG", 9504, 6336)), preview.reason
    assert poster(preview).getpixel((9, 9)) == pytest.approx((128, 128, 128), abs=3)
    assert preview.cost.peak_rss < HEAVY_MEMORY["camera.png"] * MIB


@pytest.mark.parametrize("from_end", [18, 200])
def test_a_damaged_camera_picture_takes_no_more_than_a_whole_one(tmp_path: Path, from_end: int) -> None:
    content = bytearray(odd_files.plain_png((9504, 6336), 2))
    content[-from_end] ^= 0x55
    preview = look(tmp_path, bytes(content))
    assert (preview.outcome, preview.description) == ("partial", Picture("PNG", 9504, 6336)), preview.reason
    assert poster(preview).getpixel((9, 9)) == pytest.approx((128, 128, 128), abs=3)
    assert preview.cost.peak_rss < HEAVY_MEMORY["camera.png"] * MIB


@pytest.mark.parametrize(("name", "alpha"), [("WEBP", False), ("WEBP", True), ("AVIF", False)])
def test_a_large_webp_or_avif_takes_little_memory(tmp_path: Path, name: str, alpha: bool) -> None:
    side = (7700, 7700) if name == "WEBP" else (5000, 5000)
    image = Image.new("RGBA" if alpha else "RGB", side, (200, 120, 40, 255) if alpha else (200, 120, 40))
    options = {"quality": 1, "method": 0} if name == "WEBP" else {"quality": 20, "speed": 10}
    preview = look(tmp_path, files.encoded(image, name, **options))
    assert (preview.outcome, preview.description) == ("made", Picture(name, *side)), preview.reason
    assert poster(preview).getpixel((99, 99)) == pytest.approx((200, 120, 40), abs=12)
    assert preview.cost.peak_rss < 256 * MIB


def test_a_gif_of_one_large_picture_takes_little_memory(tmp_path: Path) -> None:
    preview = look(tmp_path, files.encoded(Image.new("P", (7000, 7000)), "GIF"))
    assert preview.outcome == "made"
    assert preview.cost.peak_rss < 200 * MIB


def test_a_progressive_jpeg_beyond_the_bound_is_too_big(tmp_path: Path) -> None:
    content = files.encoded(files.photo(64, 48), "JPEG", progressive=True)
    frame = content.index(b"\xff\xc2")  # ISO/IEC 10918-1, B.2.2: the height, then the width
    content = content[: frame + 5] + struct.pack(">HH", 20_000, 20_000) + content[frame + 9 :]
    preview = look(tmp_path, content)
    assert preview.outcome == "too-big"
    assert "20000 × 20000" in preview.reason


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "BMP", "TIFF"])
def test_a_cut_picture_shows_what_is_there(tmp_path: Path, name: str) -> None:
    options = {"interlace": False} if name == "GIF" else {}
    content = files.encoded(files.photo(800, 600), name, **options)
    preview = look(tmp_path, content[: len(content) // 2])
    assert (preview.outcome, preview.description) == ("partial", Picture(name, 800, 600))
    expected = files.photo(800, 600).resize((200, 150))
    place = (100, 130) if name == "BMP" else (100, 20)  # which begins with its lowest row
    shades = 24 if name == "GIF" else 16  # of its palette
    assert poster(preview).getpixel(place) == pytest.approx(expected.getpixel(place), abs=shades)


CODINGS: dict[str, tuple[str, Callable[[Image.Image], bytes]]] = {
    "JPEG without loss": ("JPEG", lambda image: coded(image, "ljpeg", "bgr24")),
    "JPEG-LS": ("JPEG", lambda image: coded(image, "jpegls", "rgb24")),
    "JPEG 2000 with transparency": ("JPEG 2000", lambda image: coded(image, "jpeg2000", "ya8")),
    "TIFF of floating point": ("TIFF", float_tiff),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_that_one_library_does_not_know_is_read_by_another(tmp_path: Path, coding: str) -> None:
    name, code = CODINGS[coding]
    image = files.photo(800, 600)
    preview = look(tmp_path, code(image))
    assert (preview.outcome, preview.description) == ("made", Picture(name, 800, 600)), preview.reason
    expected = (image.convert("L").convert("RGB") if "2000" in name else image).resize((200, 150))
    for place in ((100, 20), (20, 130), (180, 75)):
        assert poster(preview).getpixel(place) == pytest.approx(expected.getpixel(place), abs=16)


def test_a_picture_of_which_nothing_is_there_is_damaged(tmp_path: Path) -> None:
    assert look(tmp_path, files.encoded(files.photo(800, 600), "PNG")[:60]).outcome == "damaged"


def test_lab_colours_are_shown(tmp_path: Path) -> None:
    lab = Image.merge("LAB", [Image.new("L", (64, 48), value) for value in (136, 208, 195)])
    red, green, blue = poster(look(tmp_path, files.encoded(lab, "TIFF"))).getpixel((8, 6))  # type: ignore[misc]
    assert red > 180 > 90 > max(green, blue)


def test_a_pdf_whose_count_cannot_be_is_shown(tmp_path: Path) -> None:
    content = files.pdf(3)
    assert content.count(b"/Count 3") == 1
    for wrong in (b"/Count 2000000000", b"/Count -1", b"/Kount 3", b"/Count 0"):
        preview = look(tmp_path, content.replace(b"/Count 3", wrong))
        assert (preview.outcome, preview.description) == ("made", Pages(3, "A book"))


def test_a_blank_first_page_is_passed_over(tmp_path: Path) -> None:
    with files.MUPDF.open() as document:
        document.new_page()
        document.new_page().insert_text((72, 72), "Hello world " * 5)
        preview = look(tmp_path, document.tobytes())
    assert preview.description == Pages(2)
    assert any(poster(preview).convert("L").histogram()[:128])
