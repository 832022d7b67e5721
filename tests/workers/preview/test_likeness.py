"""Pictures made from ranges of the store look like those that others make of the whole local file."""

import array
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import av
import pytest
from PIL import Image

from schemas.preview import Film, Sound
from tests.workers.preview import files
from tests.workers.preview.files import H264
from workers.preview.makers.audio import BARS_A_SECOND, RATE
from workers.preview.pictures import encode, sheet
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import HttpSource

Stored = Callable[[bytes | Path], HttpSource]
OWN = Wish(own=True)  # as large as a preview can be
ALIKE = 0.99  # structural similarity
KEYFRAMES = ("-g", "25")
FILMS: dict[str, tuple[str, ...]] = {
    "film.mp4": H264,
    "fragmented.mp4": (*H264, "-movflags", "frag_keyframe+empty_moov"),
    "film.mkv": H264,
    "film.webm": ("-c:v", "libvpx", "-deadline", "realtime", *KEYFRAMES, "-c:a", "libopus"),
}


@pytest.fixture
def alike(tmp_path: Path) -> Callable[[bytes, Image.Image], float]:
    """The structural similarity of one of our pictures to a local one kept as JPEG in the same way.

    By ffmpeg's ssim filter: 1 is equal.
    """

    def compare(ours: bytes, local: Image.Image) -> float:
        paths = tmp_path / "ours.jpg", tmp_path / "local.jpg"
        assert Image.open(io.BytesIO(ours)).size == local.size
        for path, picture in zip(paths, (ours, encode(local)), strict=True):
            path.write_bytes(picture)
        inputs = ["-i", str(paths[0]), "-i", str(paths[1])]
        command = [find_ffmpeg(), *inputs, "-lavfi", "ssim", "-f", "null", "-"]
        report = subprocess.run(command, check=True, capture_output=True, timeout=30).stderr.decode()
        match = re.search(r"All:([\d.]+)", report)
        assert match, report
        return float(match[1])

    return compare


Alike = Callable[[bytes, Image.Image], float]


def keyframes(path: Path) -> Iterator[tuple[float, Image.Image]]:
    """All of them with their times, by reading the film from its beginning to its end."""
    with av.open(str(path)) as film:
        for frame in film.decode(film.streams.video[0]):
            if frame.key_frame:
                yield frame.time or 0.0, cast(Any, frame).to_image()


@pytest.mark.parametrize("name", FILMS)
def test_every_picture_of_a_film_is_a_keyframe_of_the_local_file(
    stored: Stored, alike: Alike, tmp_path: Path, name: str
) -> None:
    path = files.clip(tmp_path, name, *FILMS[name])
    local = list(keyframes(path))

    preview = make_preview(stored(path), OWN)

    film = preview.description
    assert isinstance(film, Film), preview.reason

    def at(seconds: float) -> Image.Image:
        return min(local, key=lambda frame: abs(frame[0] - seconds))[1]

    assert alike(preview.pictures["poster.jpg"], at(film.poster_at)) > ALIKE
    assert len(film.strip) == (0 if name == "fragmented.mp4" else 8)
    if film.strip:
        for number, seconds in enumerate(film.strip):
            assert abs(seconds - film.duration * (number + 0.5) / 8) <= 1.1  # type: ignore[operator]
        strip = sheet([at(seconds) for seconds in film.strip], 4, 480)
        assert alike(preview.pictures["strip.jpg"], strip) > ALIKE


def test_every_page_of_a_pdf_is_that_of_the_local_file(stored: Stored) -> None:
    content = files.pdf(5)

    preview = make_preview(stored(content), OWN)

    with files.MUPDF.open(stream=content) as document:
        for number, name in enumerate(("poster.jpg", "page-2.jpg", "page-3.jpg", "page-4.jpg")):
            page = document[number]
            scale = 2.0 if number == 0 else 700 / page.rect.height
            pixels = page.get_pixmap(matrix=files.MUPDF.Matrix(scale, scale), alpha=False)
            local = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
            assert preview.pictures[name] == encode(local)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF"])
def test_an_image_is_the_local_one_made_smaller(stored: Stored, alike: Alike, name: str) -> None:
    content = files.encoded(files.photo(2400, 1200), name)

    preview = make_preview(stored(content), OWN)

    local = Image.open(io.BytesIO(content)).convert("RGB").resize((1280, 640), Image.Resampling.LANCZOS)
    assert alike(preview.pictures["poster.jpg"], local) > ALIKE


COVER = files.photo(300, 400)
COVERED: dict[str, dict[str, bytes | str]] = {
    "EPUB": {**files.EPUB, "OEBPS/cover.jpg": files.encoded(COVER, "JPEG", quality=95)},
    "DOCX": {**files.DOCX, "docProps/thumbnail.jpeg": files.encoded(COVER, "JPEG", quality=95)},
    "XLSX": {**files.XLSX, "docProps/thumbnail.png": files.encoded(COVER, "PNG")},
    "PPTX": {**files.PPTX, "docProps/thumbnail.jpg": files.encoded(COVER, "JPEG", quality=95)},
}


@pytest.mark.parametrize("kind", COVERED)
def test_the_cover_of_a_document_is_the_one_inside(stored: Stored, alike: Alike, kind: str) -> None:
    preview = make_preview(stored(files.zip_of(COVERED[kind])), OWN)

    assert alike(preview.pictures["poster.jpg"], COVER) > ALIKE


def test_the_first_page_of_a_letter_is_that_of_the_local_file(stored: Stored, alike: Alike) -> None:
    content = files.zip_of(dict(files.DOCX))

    preview = make_preview(stored(content), OWN)

    with files.MUPDF.open(stream=content, filetype="docx") as document:
        document.layout(width=420, height=595, fontsize=12)  # as MuPDF lays out by itself
        page = document[0]
        scale = min(2.0, 1600 / max(page.rect.width, page.rect.height))
        pixels = page.get_pixmap(matrix=files.MUPDF.Matrix(scale, scale), alpha=False)
        local = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    assert alike(preview.pictures["poster.jpg"], local) > ALIKE


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.m4a"])
def test_cover_and_waveform_of_a_sound_are_those_of_the_local_file(
    stored: Stored, alike: Alike, tmp_path: Path, name: str
) -> None:
    cover = tmp_path / "cover.png"
    cover.write_bytes(files.encoded(COVER, "PNG"))
    # A tone that swells, so that there is a shape to be compared.
    options = ["-map", "1", "-af", "volume='0.1+0.1*t':eval=frame", "-map", "2", "-c:v", "copy"]
    path = files.clip(tmp_path, name, *options, "-disposition:v", "attached_pic", cover=cover)

    preview = make_preview(stored(path), OWN)

    assert alike(preview.pictures["cover.jpg"], COVER) > ALIKE
    assert isinstance(preview.description, Sound)
    ours, local = preview.description.waveform, loudness(path)
    assert abs(len(ours) - len(local)) <= 1
    assert max(local) > 3 * local[0]
    # An MP3 is decoded with a delay of some milliseconds, which players leave out.
    assert max(abs(one - other) for one, other in zip(ours, local, strict=False)) <= 4


def loudness(path: Path) -> list[int]:
    """The peak of each tenth of a second of the whole file, as ffmpeg decodes it."""
    raw = ["-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"]
    command = [find_ffmpeg(), "-v", "error", "-i", str(path), "-map", "0:a", *raw]
    samples = array.array("h", subprocess.run(command, check=True, capture_output=True, timeout=30).stdout)
    step = RATE // BARS_A_SECOND
    whole = range(0, len(samples) - step + 1, step)
    return [min(255, max(abs(sample) for sample in samples[at : at + step]) >> 7) for at in whole]


@pytest.mark.parametrize("turn", [0, 90, -90, 180])
def test_a_teaser_shows_the_film_as_it_is_seen(
    stored: Stored, alike: Alike, tmp_path: Path, turn: int
) -> None:
    path = files.clip(tmp_path, "flat.mp4", *H264)
    if turn:
        turned = tmp_path / "turned.mp4"
        rotation = ["-display_rotation", str(turn), "-i", str(path)]
        command = [find_ffmpeg(), "-v", "error", *rotation, "-c", "copy", str(turned)]
        subprocess.run(command, check=True, timeout=30)
        path = turned

    preview = make_preview(stored(path), Wish(ffmpeg=find_ffmpeg(), own=True))

    film, first = preview.description, first_picture(preview)
    assert isinstance(film, Film)
    assert first.size == (film.width, film.height) == ((320, 180) if turn in (0, 180) else (180, 320))
    # Coded for a small film it is no likeness to the hundredth, but it is the right way up.
    upside_down = alike(preview.pictures["poster.jpg"], first.rotate(180))
    assert alike(preview.pictures["poster.jpg"], first) > upside_down + 0.2


def first_picture(preview: Preview) -> Image.Image:
    with av.open(io.BytesIO(preview.pictures["teaser.mp4"]), "r") as teaser:
        frame: Any = next(iter(teaser.decode(video=0)))
        return cast(Image.Image, frame.to_image())
