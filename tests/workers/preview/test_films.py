"""Films that are coded in unusual ways: bright ones, ones renewed part by part, ones that begin white."""

import io
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from schemas.preview import Film
from workers.preview.makers.tone import HLG, PQ, toned
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import FileSource

FFMPEG = find_ffmpeg() or "ffmpeg"
SOURCE = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25")


def made_by_ffmpeg(path: Path, *arguments: str) -> Preview:
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", "-y", *arguments, str(path)], check=True)
    return make_preview(FileSource(path), Wish(ffmpeg=FFMPEG))


def picture(preview: Preview, name: str = "poster.jpg") -> Image.Image:
    assert preview.outcome == "made", preview.reason
    return Image.open(io.BytesIO(preview.pictures[name])).convert("RGB")


def test_a_film_that_is_renewed_part_by_part_shows_whole_pictures(tmp_path: Path) -> None:
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-x264-params", "intra-refresh=1:keyint=50:bframes=0")
    preview = made_by_ffmpeg(tmp_path / "x.mp4", *SOURCE, "-t", "20", *coded)
    assert isinstance(preview.description, Film)
    assert {"poster.jpg", "strip.jpg", "teaser.mp4"} <= set(preview.pictures)
    start = ("-ss", str(preview.description.poster_at), "-i", str(tmp_path / "x.mp4"))
    command = [FFMPEG, "-v", "error", *start, "-frames:v", "1", str(tmp_path / "right.png")]
    subprocess.run(command, check=True)
    shown = picture(preview)
    right = Image.open(tmp_path / "right.png").convert("RGB").resize(shown.size)
    for place in ((10, 60), (40, 60), (70, 60), (100, 60), (150, 60)):
        assert shown.getpixel(place) == pytest.approx(right.getpixel(place), abs=60)


def test_a_film_of_one_keyframe_shows_it_once(tmp_path: Path) -> None:
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "9999", "-sc_threshold", "0")
    preview = made_by_ffmpeg(tmp_path / "x.mp4", *SOURCE, "-t", "12", *coded)
    assert isinstance(preview.description, Film)
    assert len(preview.description.strip) == len(set(preview.description.strip)) == 1


def test_a_white_beginning_is_passed_over(tmp_path: Path) -> None:
    white = "drawbox=t=fill:color=white:enable='lt(t,2.5)'"
    coded = ("-vf", white, "-c:v", "libx264", "-preset", "ultrafast", "-g", "25")
    preview = made_by_ffmpeg(tmp_path / "x.mp4", *SOURCE, "-t", "12", *coded)
    assert isinstance(preview.description, Film)
    assert preview.description.poster_at >= 2.4


@pytest.mark.parametrize(("name", "white"), [("smpte2084", 148), ("arib-std-b67", 191)])
def test_what_is_bright_is_shown_as_bright_as_paper(tmp_path: Path, name: str, white: int) -> None:
    """Reference white is coded as 58 % in PQ, as 75 % in HLG (BT.2408, table 1)."""
    grey = f"color=c=0x{white:02x}{white:02x}{white:02x}:size=160x90:rate=25"
    tags = ("-color_primaries", "bt2020", "-color_trc", name, "-colorspace", "bt2020nc")
    setting = f"setparams=color_primaries=bt2020:color_trc={name}:colorspace=bt2020nc"
    coded = ("-vf", f"format=yuv420p10le,{setting}", "-c:v", "libx265", "-preset", "ultrafast", "-g", "25")
    quiet = ("-x265-params", "log-level=none")
    preview = made_by_ffmpeg(tmp_path / "x.mp4", "-f", "lavfi", "-i", grey, "-t", "12", *coded, *quiet, *tags)
    shade = picture(preview).getpixel((50, 50))
    assert isinstance(shade, tuple)
    assert min(shade) > 205
    assert max(shade) - min(shade) < 6
    (tmp_path / "teaser.mp4").write_bytes(preview.pictures["teaser.mp4"])
    command = [FFMPEG, "-v", "error", "-i", str(tmp_path / "teaser.mp4"), "-frames:v", "1"]
    subprocess.run([*command, str(tmp_path / "t.png")], check=True)
    frame = Image.open(tmp_path / "t.png").convert("RGB")
    assert frame.getpixel((50, 50)) == pytest.approx(shade, abs=10)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_tones_rise_and_grey_stays_grey(transfer: int) -> None:
    ramp = Image.linear_gradient("L").convert("RGB")
    shades = [toned(ramp, transfer).getpixel((0, row)) for row in range(256)]
    assert all(max(shade) - min(shade) <= 12 for shade in shades)  # type: ignore[arg-type]
    lights = [shade[0] for shade in shades]  # type: ignore[index]
    assert all(later - earlier >= -6 for earlier, later in pairwise(lights))
    assert lights[0] == 0
    assert lights[-1] > 245
