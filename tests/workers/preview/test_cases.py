"""Odd files that people really have, each with what is right to show of it."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from schemas.preview import Archive, Document, Excerpt, Film, Pages, Picture, Sound
from tests.workers.preview import files
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import FileSource

CASES = Path(__file__).parent / "cases"
FFMPEG = find_ffmpeg() or "ffmpeg"
Colour = tuple[int, int, int]


def shown(path: Path) -> Preview:
    return make_preview(FileSource(path), Wish(ffmpeg=FFMPEG, own=True))


def case(name: str) -> Preview:
    return shown(CASES / name)


def made_by_ffmpeg(path: Path, *arguments: str) -> Path:
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", "-y", *arguments, str(path)], check=True)
    return path


def tone(folder: Path) -> bytes:
    """A second of sound without tags."""
    plain = ("-f", "lavfi", "-i", "sine=440:d=1", "-id3v2_version", "0", "-write_xing", "0")
    return made_by_ffmpeg(folder / "tone.mp3", *plain).read_bytes()


def picture(preview: Preview, name: str = "poster.jpg") -> Image.Image:
    return Image.open(io.BytesIO(preview.pictures[name])).convert("RGB")


def near(one: Colour, other: Colour, by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def at(image: Image.Image, x: int, y: int) -> Colour:
    colour = image.getpixel((x, y))
    assert isinstance(colour, tuple)
    return int(colour[0]), int(colour[1]), int(colour[2])


def first_frame(preview: Preview, tmp_path: Path) -> Image.Image:
    (tmp_path / "teaser.mp4").write_bytes(preview.pictures["teaser.mp4"])
    made_by_ffmpeg(tmp_path / "frame.png", "-i", str(tmp_path / "teaser.mp4"), "-frames:v", "1")
    return Image.open(tmp_path / "frame.png").convert("RGB")


def test_sound_in_the_container_of_a_film_is_sound(tmp_path: Path) -> None:
    made = [
        CASES / "audio_only_mp42.m4a",
        made_by_ffmpeg(tmp_path / "x.webm", "-f", "lavfi", "-i", "sine=440:d=2", "-c:a", "libopus"),
        made_by_ffmpeg(tmp_path / "x.mka", "-f", "lavfi", "-i", "sine=440:d=2", "-c:a", "aac"),
        made_by_ffmpeg(tmp_path / "x.mov", "-f", "lavfi", "-i", "sine=440:d=2", "-c:a", "aac"),
    ]
    for path in made:
        preview = shown(path)
        assert isinstance(preview.description, Sound), (path.name, preview.reason)
        assert preview.description.duration == pytest.approx(2, abs=0.2)
        assert (preview.outcome, "waveform.jpg" in preview.pictures) == ("made", True)


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "JPEG", "TIFF"])
def test_a_sound_shows_a_cover_of_any_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(files.with_covers(tone(tmp_path), [files.encoded(files.photo(64, 48), kind)]))
    assert set(shown(path).pictures) == {"cover.jpg", "waveform.jpg"}


def test_of_two_covers_the_large_one_is_shown_and_garbage_costs_nothing_else(tmp_path: Path) -> None:
    sound = tone(tmp_path)
    icon, front = files.encoded(files.photo(8, 8), "PNG"), files.encoded(files.photo(64, 48), "JPEG")
    (tmp_path / "two.mp3").write_bytes(files.with_covers(sound, [icon, front]))
    assert picture(shown(tmp_path / "two.mp3"), "cover.jpg").size == (64, 48)
    (tmp_path / "bad.mp3").write_bytes(files.with_covers(sound, [b"no picture " * 20]))
    assert set(shown(tmp_path / "bad.mp3").pictures) == {"waveform.jpg"}


def test_a_sound_joined_of_two_kinds_shows_both() -> None:
    sound = case("mono_then_stereo.mp3").description
    assert isinstance(sound, Sound)
    assert sound.waveform_seconds == pytest.approx(2, abs=0.1)


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    grey = picture(case("gray16.png"))
    assert at(grey, 0, 20)[0] < 12
    assert 110 < at(grey, 32, 20)[0] < 140
    assert at(grey, 63, 20)[0] > 235


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_grey_of_sixteen_bits_is_read_in_both_orders_of_bytes(tmp_path: Path, mode: str) -> None:
    shade = (40000).to_bytes(2, "big" if mode == "I;16B" else "little")
    Image.frombytes(mode, (64, 40), shade * 64 * 40).save(tmp_path / "x.tiff")
    assert 140 < at(picture(shown(tmp_path / "x.tiff")), 20, 20)[0] < 172


def test_a_float_picture_is_shown_between_its_darkest_and_its_brightest(tmp_path: Path) -> None:
    image = Image.linear_gradient("L").convert("F").point(lambda shade: shade * (1 / 255) - 0.5)
    image.save(tmp_path / "x.tiff")
    shades = picture(shown(tmp_path / "x.tiff"))
    assert at(shades, 20, 2)[0] < 12
    assert at(shades, 20, 253)[0] > 243


def test_a_profile_of_colours_is_heeded() -> None:
    assert at(picture(case("icc_exchanged.png")), 8, 8)[1] > 200


def test_an_orientation_without_meaning_leaves_a_picture_as_it_lies(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    Image.new("RGB", (64, 48), "red").save(tmp_path / "x.jpg", exif=exif)
    for preview in (shown(tmp_path / "x.jpg"), case("exif_orientation_ascii.jpg")):
        assert preview.description == Picture("JPEG", 64, 48)
        assert picture(preview).size == (64, 48)


def film(preview: Preview) -> Film:
    assert isinstance(preview.description, Film), preview.reason
    return preview.description


def test_a_fragmented_film_is_never_as_short_as_its_first_fragment() -> None:
    assert film(case("fragmented_20s.mp4")).duration in (None, pytest.approx(20, abs=0.2))


def test_pixels_that_are_no_squares_are_stretched_everywhere(tmp_path: Path) -> None:
    preview = case("anamorphic.mp4")
    assert (film(preview).width, film(preview).height) == (128, 48)
    assert picture(preview).size == first_frame(preview, tmp_path).size == (128, 48)


def test_a_film_of_one_picture_has_no_teaser() -> None:
    assert set(case("one_frame.mp4").pictures) == {"poster.jpg", "strip.jpg"}


def test_the_teaser_has_the_colours_of_the_poster(tmp_path: Path) -> None:
    preview = case("bt709.mp4")
    poster, teaser = at(picture(preview), 32, 24), at(first_frame(preview, tmp_path), 32, 24)
    assert near(poster, (32, 128, 64))
    assert near(teaser, poster)


def quarters(folder: Path, *options: str) -> Path:
    """A film with a red, a lime, a blue and a black quarter."""
    image = Image.new("RGB", (64, 48), "red")
    pen = ImageDraw.Draw(image)
    pen.rectangle((32, 0, 64, 24), "lime")
    pen.rectangle((0, 24, 32, 48), "blue")
    pen.rectangle((32, 24, 64, 48), "black")
    image.save(folder / "still.png")
    still = ("-loop", "1", "-i", str(folder / "still.png"), "-t", "1", "-pix_fmt", "yuv420p")
    return made_by_ffmpeg(folder / "film.mp4", *still, *options, "-c:v", "libx264")


def turned(path: Path, matrix: tuple[int, ...]) -> Path:
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 44  # ISO/IEC 14496-12, 8.3.2
    content[place : place + 36] = b"".join(number.to_bytes(4, "big", signed=True) for number in matrix)
    path.write_bytes(content)
    return path


ONE = 1 << 16


@pytest.mark.parametrize(
    ("matrix", "first", "wide"),
    [
        ((ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30), (255, 0, 0), True),
        ((-ONE, 0, 0, 0, ONE, 0, 64 * ONE, 0, 1 << 30), (0, 255, 0), True),
        ((ONE, 0, 0, 0, -ONE, 0, 0, 48 * ONE, 1 << 30), (0, 0, 255), True),
        ((-ONE, 0, 0, 0, -ONE, 0, 64 * ONE, 48 * ONE, 1 << 30), (0, 0, 0), True),
        ((0, ONE, 0, -ONE, 0, 0, 48 * ONE, 0, 1 << 30), (0, 0, 255), False),
        ((0, -ONE, 0, ONE, 0, 0, 0, 64 * ONE, 1 << 30), (0, 255, 0), False),
        ((0, ONE, 0, ONE, 0, 0, 0, 0, 1 << 30), (255, 0, 0), False),
        ((0, -ONE, 0, -ONE, 0, 0, 48 * ONE, 64 * ONE, 1 << 30), (0, 0, 0), False),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0), (255, 0, 0), True),
    ],
)
def test_a_film_is_turned_and_mirrored_as_it_says_also_when_it_moves(
    tmp_path: Path, matrix: tuple[int, ...], first: Colour, wide: bool
) -> None:
    preview = shown(turned(quarters(tmp_path), matrix))
    size = (64, 48) if wide else (48, 64)
    assert (film(preview).width, film(preview).height) == size
    for image in (picture(preview), first_frame(preview, tmp_path)):
        assert image.size == size
        assert near(at(image, 6, 6), first, 40)


def test_a_film_that_begins_late_moves_from_its_poster_on(tmp_path: Path) -> None:
    sources = ("-itsoffset", "3", "-f", "lavfi", "-i", "testsrc=s=256x192:r=25:d=80")
    sound = ("-f", "lavfi", "-i", "sine=d=83", "-map", "0", "-map", "1", "-g", "25")
    path = made_by_ffmpeg(tmp_path / "late.mp4", *sources, *sound, "-pix_fmt", "yuv420p")
    preview = make_preview(FileSource(path), Wish(ffmpeg=FFMPEG))
    assert film(preview).poster_at < 80
    poster = picture(preview)
    moving = first_frame(preview, tmp_path).resize(poster.size)
    low, bands = poster.height * 5 // 6, [int(poster.width * share) for share in (0.1, 0.3, 0.55, 0.8)]
    assert all(near(at(poster, x, low), at(moving, x, low), 40) for x in bands)


def test_a_film_without_a_decoder_is_described_and_not_called_damaged() -> None:
    preview = case("unknown_codec.mp4")
    assert preview.outcome == "partial"
    assert film(preview).duration == pytest.approx(1, abs=0.1)
    assert "cannot be shown here" in preview.reason


def test_records_of_an_archive_that_hold_no_file_are_not_listed() -> None:
    for name, inside in (("rar4_comment.rar", "one.txt"), ("rar5_service_headers.rar", "only.txt")):
        archive = case(name).description
        assert isinstance(archive, Archive)
        assert ([entry.name for entry in archive.entries], archive.count) == ([inside], 1)


def test_what_stands_in_the_comment_of_a_zip_is_no_directory(tmp_path: Path) -> None:
    inner = files.zip_of({"hidden.txt": "x"})
    (tmp_path / "two.zip").write_bytes(files.zip_of({"a.txt": "x"}, comment=inner))
    for path in (CASES / "zip_comment_with_end_signature.zip", tmp_path / "two.zip"):
        archive = shown(path).description
        assert isinstance(archive, Archive)
        assert [entry.name for entry in archive.entries] == ["a.txt"]


@pytest.mark.parametrize(
    "words",
    [
        "The free encyclopedia.",
        "ID3 is a format of tags",
        "# PDF\n\nIt begins with `%PDF-1.7`.",
        "MZ was here",
    ],
)
def test_a_text_is_a_text_whatever_it_speaks_of(tmp_path: Path, words: str) -> None:
    (tmp_path / "x.md").write_text(words)
    assert isinstance(shown(tmp_path / "x.md").description, Excerpt)


def test_a_page_with_a_picture_that_is_cut_shows_its_text() -> None:
    preview = case("pdf_text_and_cut_jpx.pdf")
    assert preview.description == Pages(1)
    assert picture(preview).convert("L").histogram()[0] > 0, "there is black"


def test_a_book_lists_its_chapters_and_shows_the_cover_that_its_guide_names() -> None:
    preview = case("epub_landmarks_guide_cover.epub")
    assert isinstance(preview.description, Document)
    assert preview.description.outline == ["Chapter One"]
    assert len(picture(preview).getcolors(1 << 16) or []) < 300
