"""What is shown of each kind of file, read from the real store."""

import io
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from schemas.preview import Archive, Document, Excerpt, Film, Pages, Picture, Sound, Unknown
from tests.workers.preview import files
from tests.workers.preview.files import H264
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.ranges import Budget
from workers.preview.source import HttpSource

Stored = Callable[[bytes | Path], HttpSource]
POSTER = Wish("poster")
OWN = Wish(own=True)  # as large as a preview can be


def opened(preview: Preview, name: str) -> Image.Image:
    image = Image.open(io.BytesIO(preview.pictures[name]))
    assert image.format == "JPEG"
    assert len(preview.pictures[name]) <= 1_000_000
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean of the absolute differences, of 255."""
    assert one.size == other.size
    changed = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(ImageStat.Stat(changed).mean)


def test_a_pdf_shows_its_first_pages(stored: Stored) -> None:
    preview = make_preview(stored(files.pdf(40)))

    assert preview.outcome == "made"
    assert preview.description == Pages(40, "A book")
    assert set(preview.pictures) == {"poster.jpg", "page-2.jpg", "page-3.jpg", "page-4.jpg"}
    assert opened(preview, "poster.jpg").size == (1190, 1684)


def test_a_large_pdf_is_not_read_whole(stored: Stored) -> None:
    content = files.pdf(1500)

    preview = make_preview(stored(content), POSTER)

    assert preview.description == Pages(1500)
    assert preview.cost.bytes < len(content) / 3
    assert preview.cost.requests <= 10
    assert preview.cost.peak_rss < 112 << 20


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("end.mp4", H264),
        ("start.mp4", (*H264, "-movflags", "+faststart")),
        ("film.mov", H264),
        ("film.mkv", H264),
        ("film.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-g", "25", "-c:a", "libopus")),
    ],
)
def test_a_film_shows_a_poster_a_strip_and_what_it_is(
    stored: Stored, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    preview = make_preview(stored(files.clip(tmp_path, name, *options)))

    film = preview.description
    assert isinstance(film, Film)
    assert (preview.outcome, film.width, film.height) == ("made", 320, 180)
    assert film.duration == pytest.approx(8, abs=0.2)
    assert [track.kind for track in film.tracks] == ["video", "audio"]
    assert film.poster_at == pytest.approx(0.8, abs=0.9)
    assert film.strip == sorted(film.strip)
    assert len(set(film.strip)) >= 7
    assert opened(preview, "poster.jpg").size == (320, 180)
    assert opened(preview, "strip.jpg").width == 4 * 480


@pytest.mark.parametrize("name", ["fragmented.mp4", "no-cues.mkv"])
def test_a_film_without_an_index_shows_its_first_picture(stored: Stored, tmp_path: Path, name: str) -> None:
    options = {
        "fragmented.mp4": ("-movflags", "frag_keyframe+empty_moov"),
        "no-cues.mkv": ("-live", "1"),
    }[name]
    path = files.clip(tmp_path, name, *H264, *options)

    preview = make_preview(stored(path))

    assert isinstance(preview.description, Film)
    assert preview.description.poster_at == pytest.approx(0, abs=0.1)
    assert set(preview.pictures) == {"poster.jpg"}


def test_a_black_beginning_is_passed_over(stored: Stored, tmp_path: Path) -> None:
    black = ("-vf", "drawbox=t=fill:color=black:enable='lt(t,2.5)'")
    path = files.clip(tmp_path, "film.mp4", *black, *H264, seconds=10)

    preview = make_preview(stored(path), POSTER)

    assert isinstance(preview.description, Film)
    assert preview.description.poster_at >= 2.4
    assert max(ImageStat.Stat(opened(preview, "poster.jpg")).mean) > 30


def test_a_film_filmed_upright_is_shown_upright(stored: Stored, tmp_path: Path) -> None:
    flat = files.clip(tmp_path, "flat.mp4", *H264, seconds=2)
    turned = tmp_path / "turned.mp4"
    command = [find_ffmpeg(), "-v", "error", "-display_rotation", "90", "-i", str(flat), "-c", "copy"]
    subprocess.run([*command, str(turned)], check=True)

    assert opened(make_preview(stored(turned), POSTER), "poster.jpg").size == (180, 320)


def test_a_teaser_is_six_silent_seconds(stored: Stored, tmp_path: Path) -> None:
    path = files.clip(tmp_path, "film.mp4", *H264, seconds=64)

    preview = make_preview(stored(path), Wish(ffmpeg=find_ffmpeg()))

    with av.open(io.BytesIO(preview.pictures["teaser.mp4"]), "r") as teaser:
        assert not teaser.streams.audio
        assert len(list(teaser.decode(video=0))) == 90


def test_a_teaser_that_fails_leaves_the_rest(stored: Stored, tmp_path: Path) -> None:
    preview = make_preview(stored(files.clip(tmp_path, "film.mp4", *H264)), Wish(ffmpeg="/bin/false"))

    assert preview.outcome == "made"
    assert set(preview.pictures) == {"poster.jpg", "strip.jpg"}


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.m4a", "a.ogg", "a.wav"])
def test_a_sound_shows_cover_tags_and_waveform(stored: Stored, tmp_path: Path, name: str) -> None:
    cover = tmp_path / "cover.png"
    cover.write_bytes(files.encoded(files.photo(300, 300), "PNG"))
    with_cover = name in ("a.mp3", "a.flac", "a.m4a")
    options = ["-map", "1", "-metadata", "title=Été", "-metadata", "artist=Ann"]
    if with_cover:
        options += ["-map", "2", "-c:v", "copy", "-disposition:v", "attached_pic"]
    path = files.clip(tmp_path, name, *options, cover=cover if with_cover else None)

    preview = make_preview(stored(path))

    sound = preview.description
    assert isinstance(sound, Sound), preview.reason
    assert sound.duration == pytest.approx(8, abs=0.2)
    assert (sound.tags["title"], sound.tags["artist"]) == ("Été", "Ann")
    assert max(sound.waveform) > 10
    assert set(preview.pictures) == {"waveform.jpg"} | ({"cover.jpg"} if with_cover else set())


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF"])
def test_an_image_is_reduced(stored: Stored, name: str) -> None:
    preview = make_preview(stored(files.encoded(files.photo(2400, 1200), name)))

    assert preview.description == Picture(name, 2400, 1200)
    assert opened(preview, "poster.jpg").size == (600, 300)


def test_an_image_is_turned_and_loses_what_the_camera_wrote(stored: Stored) -> None:
    photo = files.photo(400, 200)
    exif = photo.getexif()
    exif[0x0112], exif[0x010F] = 6, "A camera"

    preview = make_preview(stored(files.encoded(photo, "JPEG", exif=exif.tobytes())), OWN)

    poster = opened(preview, "poster.jpg")
    assert preview.description == Picture("JPEG", 200, 400)
    assert poster.size == (200, 400)
    assert not dict(poster.getexif())
    assert difference(poster, photo.rotate(-90, expand=True)) < 6


def test_a_picture_of_noise_is_under_a_megabyte(stored: Stored) -> None:
    noise = Image.frombytes("RGB", (1600, 1600), os.urandom(1600 * 1600 * 3))

    opened(make_preview(stored(files.encoded(noise, "PNG")), OWN), "poster.jpg")


def test_the_shop_may_mark_its_pictures(stored: Stored) -> None:
    source = stored(files.encoded(Image.new("RGB", (800, 600), "navy"), "PNG"))

    plain, marked = make_preview(source), make_preview(source, Wish(watermark="Boutique d’été"))

    assert difference(opened(plain, "poster.jpg"), opened(marked, "poster.jpg")) > 0.1


@pytest.mark.parametrize(
    ("content", "format_name"),
    [
        (files.zip_of({"a/": b"", "a/é.txt": b"12345"}), "zip"),
        (files.zip_of({"a/": b"", "a/é.txt": b"12345"}, comment=b"x" * 3000), "zip"),
        (files.tar_of({"a/é.txt": 5}), "tar"),
        (files.tar_of({"a/é.txt": 5}, "w:gz"), "tar"),
        (files.tar_of({"a/é.txt": 5}, "w:bz2"), "tar"),
        (files.tar_of({"a/é.txt": 5}, "w:xz"), "tar"),
        (files.rar_of({"a/é.txt": 5}), "rar"),
        (files.seven_zip_of(["a/é.txt"]), "7z"),
    ],
)
def test_an_archive_shows_its_names(stored: Stored, content: bytes, format_name: str) -> None:
    preview = make_preview(stored(content))

    archive = preview.description
    assert isinstance(archive, Archive), preview.reason
    assert (preview.outcome, archive.format, archive.at_least) == ("made", format_name, False)
    names = {entry.name: entry.size for entry in archive.entries}
    assert names["a/é.txt"] == (7 if format_name == "7z" else 5)
    assert archive.count == len(archive.entries)


def test_a_zip_of_many_entries_is_counted_by_its_end(stored: Stored) -> None:
    content = files.zip_of({f"folder-{n:05}/some file {n:06}.txt": b"" for n in range(30_000)})

    preview = make_preview(stored(content))

    assert isinstance(preview.description, Archive)
    assert (preview.description.count, len(preview.description.entries)) == (30_000, 1000)
    assert preview.cost.bytes <= 256 << 10
    assert preview.cost.requests <= 3
    assert preview.cost.peak_rss <= 48 << 20


def test_an_archive_that_outlasts_the_budget_has_at_least_so_many(stored: Stored) -> None:
    content = files.tar_of({f"{n}.bin": 300_000 for n in range(40)})

    preview = make_preview(stored(content), budget=Budget(requests=10))

    assert isinstance(preview.description, Archive)
    assert (preview.outcome, preview.description.at_least) == ("partial", True)
    assert 5 <= preview.description.count == len(preview.description.entries) < 40


@pytest.mark.parametrize(
    ("parts", "title", "outline"),
    [
        (files.DOCX, "A letter", ["Chapter one"]),
        (files.XLSX, "", ["Prices", "Été"]),
        (files.PPTX, "", ["First", "Second"]),
    ],
)
def test_an_office_document_shows_its_title_and_outline(
    stored: Stored, parts: dict[str, bytes | str], title: str, outline: list[str]
) -> None:
    thumbnail = files.encoded(files.photo(256, 192), "JPEG")
    preview = make_preview(stored(files.zip_of({**parts, "docProps/thumbnail.jpeg": thumbnail})), OWN)

    assert isinstance(preview.description, Document), preview.reason
    assert (preview.description.title, preview.description.outline) == (title, outline)
    assert opened(preview, "poster.jpg").size == (256, 192)


def test_an_office_document_without_a_thumbnail_shows_its_first_page(stored: Stored) -> None:
    preview = make_preview(stored(files.zip_of(dict(files.DOCX))), OWN)

    assert max(opened(preview, "poster.jpg").size) > 700


def test_a_book_shows_its_cover_and_chapters(stored: Stored) -> None:
    cover = files.encoded(files.photo(300, 400), "JPEG")
    preview = make_preview(stored(files.zip_of({**files.EPUB, "OEBPS/cover.jpg": cover})), OWN)

    assert preview.description == Document("epub", "A novel", ["One", "Two"])
    assert opened(preview, "poster.jpg").size == (300, 400)


@pytest.mark.parametrize(
    ("content", "encoding", "at_least"),
    [
        ("été\n".encode(), "utf-8", False),
        ("é".encode() * 200_000, "utf-8", True),
        (b"x" + "é".encode() * 200_000, "utf-8", True),
        ("été".encode("utf-16"), "utf-16", False),
        ("été".encode("cp1252"), "cp1252", False),
        (b"#!/usr/bin/env python\nprint(1)\n", "utf-8", False),
    ],
)
def test_a_text_shows_its_head(stored: Stored, content: bytes, encoding: str, at_least: bool) -> None:
    preview = make_preview(stored(content), OWN)

    assert isinstance(preview.description, Excerpt)
    assert (preview.description.encoding, preview.description.at_least) == (encoding, at_least)
    assert preview.description.text[:3] == content.decode(encoding, "ignore")[:3]
    assert preview.cost.bytes <= 256 << 10


@pytest.mark.parametrize(
    ("content", "label"),
    [(b"", "Empty file"), (bytes(50_000), "File"), (b"\x7fELF" + bytes(60), "Program (Linux)")],
)
def test_anything_else_shows_an_icon(stored: Stored, content: bytes, label: str) -> None:
    preview = make_preview(stored(content))

    assert (preview.outcome, preview.description) == ("made", Unknown(label))
    assert opened(preview, "icon.jpg").size == (640, 640)


def test_the_operators_cut_off_reads_nothing_more(stored: Stored) -> None:
    preview = make_preview(stored(files.pdf(2)), replace(POSTER, largest=1000))

    assert (preview.outcome, preview.reason) == ("too-large", "Preview unavailable (file too large)")
    assert set(preview.pictures) == {"icon.jpg"}
    assert preview.cost.requests == 1
