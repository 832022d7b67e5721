"""The largest share of the goods that a preview shows, measured on files of every kind."""

import io
import random
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

from schemas.preview import Document, Excerpt, Film, Pages, Sound
from tests.workers.preview import files
from tests.workers.preview.files import H264
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.protocol import TEASER_LIMIT
from workers.preview.source import FileSource

FULL = Wish(ffmpeg=find_ffmpeg())
WORDS = ("lorem", "ipsum", "dolor", "sit", "amet", "consetetur", "sadipscing", "elitr")


def look(folder: Path, content: bytes) -> Preview:
    path = folder / "goods"
    path.write_bytes(content)
    return make_preview(FileSource(path), FULL)


def prose(lines: int) -> str:
    chance = random.Random(lines)
    return "\n".join(" ".join(chance.choices(WORDS, k=14)) for _ in range(lines))


def sizes(preview: Preview) -> Mapping[str, tuple[int, int]]:
    return {
        name: Image.open(io.BytesIO(content)).size
        for name, content in preview.pictures.items()
        if name.endswith(".jpg")
    }


def letters(text: str) -> int:
    return sum(not character.isspace() for character in text)


@pytest.mark.parametrize("lines", [1, 39, 60, 900, 20_000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_of_a_text_a_tenth_and_twenty_lines(tmp_path: Path, lines: int, encoding: str) -> None:
    text = prose(lines)
    description = look(tmp_path, text.encode(encoding)).description
    assert isinstance(description, Excerpt)
    assert letters(description.text) * 10 <= letters(text)
    assert len(description.text.splitlines()) <= 20
    assert bool(description.text) == (lines >= 40)
    assert description.lines == lines or (description.at_least and description.lines < lines)


@pytest.mark.parametrize("text", ["7F3A-9C41-ABCD-9910\n", "https://files.example/one\n" * 500, "x" * 90_000])
def test_of_a_key_or_a_list_of_links_nothing_but_its_length(tmp_path: Path, text: str) -> None:
    preview = look(tmp_path, text.encode())
    assert preview.outcome == "made"
    assert preview.description == Excerpt("utf-8", "", len(text.splitlines()), label=preview.label)
    assert not preview.pictures


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("size", [(2400, 1200), (90, 60), (40, 1600), (3, 3)])
def test_of_a_picture_a_sixteenth_of_its_pixels(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    preview = look(tmp_path, files.encoded(files.photo(*size), kind))
    assert preview.outcome == "made"
    shown = sizes(preview)
    assert set(shown) == ({"poster.jpg"} if min(size) >= 4 else {"icon.jpg"})
    if min(size) >= 4:
        width, height = shown["poster.jpg"]
        assert width * height * 16 <= size[0] * size[1]
        assert max(width, height) <= 640


def test_of_a_picture_inside_of_something_no_more(tmp_path: Path) -> None:
    cover = files.encoded(files.photo(800, 1200), "JPEG")
    tone = files.clip(tmp_path, "a.mp3", "-map", "1", seconds=8).read_bytes()
    inside = {
        "cover.jpg": files.with_covers(tone, [cover]),
        "poster.jpg": files.zip_of({**files.EPUB, "OEBPS/cover.jpg": cover}),
    }
    for name, content in inside.items():
        assert sizes(look(tmp_path, content))[name] == (200, 300)


@pytest.mark.parametrize("pages", [1, 2, 9, 10, 25])
def test_of_a_document_a_tenth_of_its_pages_or_a_thumbnail(tmp_path: Path, pages: int) -> None:
    preview = look(tmp_path, files.pdf(pages))
    assert preview.description == Pages(pages, "A book")
    shown = sizes(preview)
    if pages < 10:
        assert list(shown) == ["poster.jpg"]
        assert max(shown["poster.jpg"]) <= 200
    else:
        assert len(shown) * 10 <= pages
        assert max(shown["poster.jpg"]) > 1000


def test_of_a_document_whose_words_stand_on_its_first_page_a_thumbnail(tmp_path: Path) -> None:
    with files.MUPDF.open() as document:
        page = document.new_page()
        page.insert_textbox(files.MUPDF.Rect(50, 50, 550, 780), files.WORDS)
        for _ in range(29):
            document.new_page()
        shown = sizes(look(tmp_path, document.tobytes()))
    assert list(shown) == ["poster.jpg"]
    assert max(shown["poster.jpg"]) <= 200


def test_of_a_letter_a_thumbnail_and_no_heading_that_is_all_of_it(tmp_path: Path) -> None:
    preview = look(tmp_path, files.zip_of(dict(files.DOCX)))
    assert preview.description == Document("docx", "A letter")
    assert max(sizes(preview)["poster.jpg"]) <= 200


def test_of_a_long_letter_its_first_page_and_a_tenth_in_headings(tmp_path: Path) -> None:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in prose(600).splitlines())
    body = files.DOCX["word/document.xml"].replace("<w:p><w:r>", f"{paragraphs}<w:p><w:r>")
    preview = look(tmp_path, files.zip_of({**files.DOCX, "word/document.xml": body}))
    assert preview.description == Document("docx", "A letter", ["Chapter one"])
    assert max(sizes(preview)["poster.jpg"]) > 700


@pytest.mark.parametrize("seconds", [1, 8, 64])
def test_of_a_film_a_tenth_of_its_seconds_and_of_its_pictures(tmp_path: Path, seconds: int) -> None:
    preview = look(tmp_path, files.clip(tmp_path, "f.mp4", *H264, seconds=seconds).read_bytes())
    film = preview.description
    assert isinstance(film, Film)
    assert film.duration is not None
    assert film.teaser <= min(6, film.duration / 10)
    assert (1 + len(film.strip)) * 10 <= film.pictures
    assert ("teaser.mp4" in preview.pictures) == (film.teaser > 0) == (seconds > 1)
    if film.teaser:
        with av.open(io.BytesIO(preview.pictures["teaser.mp4"]), "r") as teaser:
            stream = teaser.streams.video[0]
            frames = len(list(teaser.decode(stream)))
        assert 0 < frames / 15 <= film.duration / 10


def test_of_a_film_of_few_pictures_a_small_one(tmp_path: Path) -> None:
    path = files.clip(tmp_path, "f.mp4", *H264, "-frames:v", "4", "-an")
    preview = look(tmp_path, path.read_bytes())
    assert sizes(preview) == {"poster.jpg": (80, 45)}
    assert set(preview.pictures) == {"poster.jpg"}


@pytest.mark.parametrize("seconds", [1, 8, 400])
def test_of_a_sound_a_tenth_of_its_seconds(tmp_path: Path, seconds: int) -> None:
    path = files.clip(tmp_path, "a.mp3", "-map", "1", seconds=seconds)
    sound = look(tmp_path, path.read_bytes()).description
    assert isinstance(sound, Sound)
    assert sound.duration is not None
    assert 0 < sound.waveform_seconds <= min(30, sound.duration / 10)
    assert len(sound.waveform) >= 10


@pytest.mark.parametrize("rows", [9, 40, 9000])
def test_of_a_table_columns_that_are_a_tenth_of_it_and_no_row(tmp_path: Path, rows: int) -> None:
    names = [f"column {number}" for number in range(30)]
    text = ",".join(names) + "\n" + (",".join(["secret"] * 30) + "\n") * rows
    description = look(tmp_path, text.encode()).description
    assert isinstance(description, Document)
    assert description.outline == names[: len(description.outline)]
    assert letters("".join(description.outline)) * 10 <= letters(text)


@pytest.mark.parametrize(
    "row", ["ann@example.com;Ann", "Ann;7F3A-9C41-ABCD-9910", "Ann;1984", "https://a.b;x"]
)
def test_of_a_table_without_a_head_nothing(tmp_path: Path, row: str) -> None:
    assert look(tmp_path, f"{row}\n".encode() * 500).description == Document("csv", "")


@pytest.mark.parametrize("tables", [1, 30, 300])
def test_of_a_database_names_that_are_a_tenth_of_it(tmp_path: Path, tables: int) -> None:
    path = tmp_path / "goods.db"
    database = sqlite3.connect(path)
    columns = ", ".join(f"a_long_name_of_a_column_{number} text" for number in range(30))
    for number in range(tables):
        database.execute(f"create table t{number} ({columns})")
    database.execute("insert into t0 (a_long_name_of_a_column_0) values ('secret')")
    database.commit()
    database.close()
    description = make_preview(FileSource(path), FULL).description
    assert isinstance(description, Document)
    assert letters("".join(description.outline)) * 10 <= path.stat().st_size
    assert "secret" not in "".join(description.outline)


@pytest.mark.parametrize(("seconds", "shown"), [(3, 3), (14, 14), (40, 15)])
def test_of_a_sample_a_film_from_its_beginning_up_to_fifteen_seconds(
    tmp_path: Path, seconds: int, shown: int
) -> None:
    path = files.clip(tmp_path, "f.mp4", *H264, seconds=seconds)
    preview = make_preview(FileSource(path), replace(FULL, own=True))
    film = preview.description
    assert isinstance(film, Film)
    assert film.teaser == pytest.approx(shown, abs=0.1)
    with av.open(io.BytesIO(preview.pictures["teaser.mp4"]), "r") as teaser:
        frames = len(list(teaser.decode(teaser.streams.video[0])))
    assert frames / 15 == pytest.approx(shown, abs=0.2)


def test_of_a_sample_of_mere_noise_a_teaser_that_fits(tmp_path: Path) -> None:
    noise = ("-vf", "scale=854:480,noise=alls=60:allf=t")
    path = files.clip(tmp_path, "f.mp4", *noise, *H264, "-preset", "ultrafast", "-crf", "38", seconds=15)
    preview = make_preview(FileSource(path), replace(FULL, own=True))
    assert 1_000_000 < len(preview.pictures["teaser.mp4"]) <= TEASER_LIMIT
