"""The rarer formats that sellers sell: each is shown as what it is."""

import base64
import gzip
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from core.catalogue.preview_shares import LONGEST
from schemas.preview import Archive, Document, Excerpt, Picture, Sound, Unknown
from scripts.bench import odd_files
from scripts.bench.rar_files import rar_with
from tests.workers.preview import files
from workers.preview.preview import Preview, make_preview
from workers.preview.source import FileSource

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PHOTO = files.photo(800, 600)
JPEG = files.encoded(PHOTO, "JPEG")
COVER = base64.b64encode(JPEG).decode()
TAR = files.tar_of({"a.txt": 10, "b/c.txt": 20})
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">
<rect width="80" height="40" fill="#0a0"/>
<image href="file:///etc/passwd" width="9" height="9"/><script>alert(1)</script></svg>"""


@pytest.fixture
def look(tmp_path: Path) -> Callable[[bytes], Preview]:
    def make(content: bytes) -> Preview:
        (tmp_path / "x").write_bytes(content)
        return make_preview(FileSource(tmp_path / "x"))

    return make


Look = Callable[[bytes], Preview]


def poster(preview: Preview) -> Image.Image:
    assert preview.outcome == "made", preview.reason
    return Image.open(io.BytesIO(preview.pictures["poster.jpg"])).convert("RGB")


@pytest.mark.parametrize(
    ("label", "name", "content"),
    [
        ("HEIC image", "HEIC", lambda: odd_files.encoded_by("HEIF", PHOTO, "pillow_heif")),
        ("JPEG XL image", "JPEG XL", lambda: odd_files.encoded_by("JXL", PHOTO, "pillow_jxl")),
        ("Photoshop image", "PSD", lambda: odd_files.psd(PHOTO)),
        ("JPEG 2000 image", "JPEG 2000", lambda: odd_files.encoded_by("JPEG2000", PHOTO)),
        ("DDS image", "DDS", lambda: odd_files.encoded_by("DDS", PHOTO)),
        ("QOI image", "QOI", lambda: odd_files.encoded_by("QOI", PHOTO)),
        ("AVIF image", "AVIF", lambda: files.encoded(PHOTO, "AVIF")),
        ("Camera raw image", "RAW", lambda: odd_files.camera_raw(JPEG)),
        ("Camera raw image", "RAW", lambda: odd_files.fuji_raw(JPEG)),
    ],
)
def test_a_picture_of_any_format_is_shown_in_part(
    look: Look, label: str, name: str, content: Callable[[], bytes]
) -> None:
    preview = look(content())
    assert (preview.label, preview.description) == (label, Picture(name, 800, 600))
    shown = poster(preview)
    assert shown.size == (200, 150)
    expected = PHOTO.resize(shown.size)
    for place in ((10, 10), (100, 75), (190, 140)):
        colours = zip(shown.getpixel(place), expected.getpixel(place), strict=True)  # type: ignore[arg-type]
        assert all(abs(one - other) < 24 for one, other in colours)


def test_an_icon_shows_its_largest_picture(look: Look) -> None:
    preview = look(odd_files.encoded_by("ICO", PHOTO.resize((256, 256))))
    assert preview.description == Picture("ICO", 256, 256)
    assert poster(preview).size == (64, 64)


def test_a_drawing_is_drawn_without_what_it_refers_to(look: Look) -> None:
    preview = look(SVG.encode())
    assert preview.description == Picture("SVG", 80, 40)
    shown = poster(preview)
    assert shown.size == (LONGEST, LONGEST // 2)
    assert shown.getpixel((300, 200)) == pytest.approx((0, 170, 0), abs=6)


def test_a_drawing_with_letters_is_drawn_without_them(look: Look) -> None:
    letters = SVG.replace("</svg>", '<text x="5" y="30" font-size="30">Words</text></svg>')
    assert poster(look(letters.encode())).tobytes() == poster(look(SVG.encode())).tobytes()


def test_a_packed_drawing_is_a_drawing(look: Look) -> None:
    preview = look(gzip.compress(SVG.encode()))
    assert (preview.label, preview.description) == ("SVG image", Picture("SVG", 80, 40))
    assert poster(preview).size == (LONGEST, LONGEST // 2)


@pytest.mark.parametrize("encoding", ["windows-1251", "iso-8859-1", "utf-8-sig", "gb18030"])
def test_a_drawing_is_read_in_the_encoding_that_it_names(look: Look, encoding: str) -> None:
    title = "Привет" if encoding in ("windows-1251", "gb18030") else "Été"
    named = encoding.removesuffix("-sig")
    drawing = f'<?xml version="1.0" encoding="{named}"?>' + SVG.replace(
        "</svg>", f"<title>{title}</title></svg>"
    )
    assert poster(look(drawing.encode(encoding))).tobytes() == poster(look(SVG.encode())).tobytes()


@pytest.mark.parametrize("pages", [1, 12])
def test_a_djvu_is_named_and_has_an_icon(look: Look, pages: int) -> None:
    """No library that draws one is kept well."""
    preview = look(odd_files.djvu(pages))
    assert (preview.outcome, preview.description) == ("made", Unknown("DjVu document"))
    assert list(preview.pictures) == ["icon.jpg"]


def test_an_azw3_shows_title_and_cover(look: Look) -> None:
    preview = look(odd_files.azw3(JPEG))
    assert preview.description == Document("mobi", "Un été")
    assert poster(preview).size == (200, 150)


@pytest.mark.parametrize("locked", [False, True])
def test_a_mobi_shows_title_and_cover(look: Look, locked: bool) -> None:
    preview = look(odd_files.mobi(JPEG, locked=locked))
    assert (preview.outcome, preview.description) == (
        "locked" if locked else "made",
        Document("mobi", "Un été"),
    )
    assert set(preview.pictures) == {"poster.jpg"}


def test_an_fb2_shows_title_cover_and_chapters(look: Look) -> None:
    preview = look(odd_files.fb2(COVER))
    assert preview.description == Document("fb2", "Лето", ["Chapter 0", "Chapter 1", "Chapter 2"])
    assert poster(preview).size == (200, 150)


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", "Лето"),
        ("koi8-r", "Лето"),
        ("iso-8859-2", "Žluťoučký"),
        ("gbk", "夏天"),
        ("euc-jp", "夏の本"),
    ],
)
def test_an_fb2_is_read_in_the_encoding_that_it_names(look: Look, encoding: str, title: str) -> None:
    book = odd_files.fb2(COVER).decode().replace('"1.0"', f'"1.0" encoding="{encoding}"', 1)
    preview = look(book.replace("Лето", title).encode(encoding))
    assert preview.description == Document("fb2", title, ["Chapter 0", "Chapter 1", "Chapter 2"])
    assert poster(preview).size == (200, 150)


@pytest.mark.parametrize(
    ("kind", "body", "document"),
    [
        (
            "text",
            f"<text:h>One</text:h><text:p>{'words ' * 99}</text:p>",
            Document("odt", "A title", ["One"]),
        ),
        ("spreadsheet", '<table:table table:name="Prices"/>', Document("ods", "A title", ["Prices"])),
        ("presentation", '<draw:page draw:name="First"/>', Document("odp", "A title", ["First"])),
    ],
)
def test_an_open_document_shows_its_thumbnail_title_and_outline(
    look: Look, kind: str, body: str, document: Document
) -> None:
    preview = look(odd_files.open_document(kind, body))
    assert preview.description == document
    assert poster(preview).size == (64, 50)


def test_an_open_document_with_a_password_is_locked(look: Look) -> None:
    assert look(odd_files.open_document("text", "", encrypted=True)).outcome == "locked"


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("pages", ("Index/Document.iwa",)),
        ("numbers", ("Index/Document.iwa", "Index/CalculationEngine.iwa", "Index/Tables/Tile.iwa")),
        ("keynote", ("Index/Document.iwa", "Index/Slide-1.iwa")),
    ],
)
def test_a_document_of_apple_shows_the_picture_that_it_holds(
    look: Look, kind: str, parts: tuple[str, ...]
) -> None:
    preview = look(files.zip_of({**dict.fromkeys(parts, "x"), "preview.jpg": JPEG}))
    assert preview.description == Document(kind)  # type: ignore[arg-type]
    assert poster(preview).size == (200, 150)


@pytest.mark.parametrize(
    ("kind", "root"), [("pages", "<sl:document"), ("numbers", "<ls:document"), ("keynote", "")]
)
def test_a_document_of_apple_of_before_2013_shows_its_picture(look: Look, kind: str, root: str) -> None:
    main = {"index.xml": root} if root else {"index.apxl": "x"}
    parts: dict[str, bytes | str] = {
        **main,
        "buildVersionHistory.plist": "x",
        "QuickLook/Thumbnail.jpg": JPEG,
    }
    preview = look(files.zip_of(parts))
    assert preview.description == Document(kind)  # type: ignore[arg-type]
    assert poster(preview).size == (200, 150)


def test_an_open_document_that_is_encrypted_as_a_whole_is_locked(look: Look) -> None:
    mime = "application/vnd.oasis.opendocument.text"
    preview = look(odd_files.zip_of({"mimetype": mime, "encrypted-package": b"x" * 99}))
    assert (preview.outcome, preview.description) == ("locked", Unknown("ZIP archive"))


@pytest.mark.parametrize(("version", "depth"), [(1, 16), (1, 32), (2, 8)])
def test_a_photoshop_file_that_cannot_be_decoded_shows_the_picture_that_it_holds(
    look: Look, version: int, depth: int
) -> None:
    small = files.encoded(PHOTO.resize((160, 120)), "JPEG")
    preview = look(odd_files.psd_with_thumbnail((4000, 3000), small, version=version, depth=depth))
    assert (preview.label, preview.description) == ("Photoshop image", Picture("PSD", 4000, 3000))
    assert poster(preview).size == (160, 120)
    tiny = look(odd_files.psd_with_thumbnail((80, 60), small, version=version, depth=depth))
    assert poster(tiny).size == (20, 15), "no more than a quarter of the whole"


def test_a_tiff_of_an_unknown_camera_shows_the_picture_that_it_holds(look: Look) -> None:
    preview = look(odd_files.camera_tiff(JPEG))
    assert (preview.label, preview.description) == ("TIFF image", Picture("RAW", 800, 600))
    assert poster(preview).size == (200, 150)


def test_a_comic_shows_its_first_page_and_its_list(look: Look) -> None:
    other = files.encoded(Image.new("RGB", (800, 600), "red"), "JPEG")
    preview = look(
        files.zip_of({"p10.jpg": other, "p2.jpg": JPEG, "p30.jpg": other, "ComicInfo.xml": "<x/>"})
    )
    assert isinstance(preview.description, Archive)
    assert preview.description.count == 4
    assert poster(preview).getpixel((100, 20)) != pytest.approx((255, 0, 0), abs=60)


def test_a_comic_in_rar_shows_its_first_page_and_its_list(look: Look) -> None:
    other = files.encoded(Image.new("RGB", (800, 600), "red"), "JPEG")
    pages = {"p10.jpg": other, "p2.jpg": JPEG, "p30.jpg": other, "ComicInfo.xml": b"<x/>"}
    preview = look(rar_with(pages))
    assert isinstance(preview.description, Archive)
    assert (preview.description.format, preview.description.count) == ("rar", 4)
    assert poster(preview).size == (200, 150)
    assert poster(preview).getpixel((100, 20)) != pytest.approx((255, 0, 0), abs=60)
    packed = look(rar_with(pages, method=3))
    assert (packed.outcome, packed.pictures, packed.description) == ("made", {}, preview.description)


def test_an_archive_with_a_few_pictures_is_a_list(look: Look) -> None:
    assert look(files.zip_of({"1.jpg": JPEG, "a.txt": "x", "b.txt": "x", "c.txt": "x"})).pictures == {}


@pytest.mark.parametrize(
    ("content", "form", "names"),
    [
        (lambda: zstd.compress(TAR), "tar", ["a.txt", "b/c.txt"]),
        (lambda: odd_files.lzip(TAR), "tar", ["a.txt", "b/c.txt"]),
        (lambda: odd_files.lzip(TAR[:700]) + odd_files.lzip(TAR[700:]), "tar", ["a.txt", "b/c.txt"]),
        (lambda: odd_files.iso({"Été.txt": 5}, joliet=True), "iso", ["Été.txt"]),
        (lambda: odd_files.iso({"a.txt": 5}, joliet=False), "iso", ["A.TXT"]),
        (
            lambda: odd_files.iso({"Été 2024.txt": 5, "b": 1}, joliet=False, posix=True),
            "iso",
            ["Été 2024.txt", "b"],
        ),
        (lambda: odd_files.old_tar({"a.txt": 10, "b/c.txt": 20}), "tar", ["a.txt", "b/c.txt"]),
        (lambda: odd_files.cab({"a\\b.txt": 5, "é.txt": 1}), "cab", ["a/b.txt", "é.txt"]),
        (lambda: odd_files.self_extracting(files.seven_zip_of(["a.txt"])), "7z", ["a.txt"]),
        (lambda: odd_files.self_extracting(files.rar_of({"a.txt": 3})), "rar", ["a.txt"]),
        (lambda: odd_files.self_extracting(files.zip_of({"a.txt": "x"})), "zip", ["a.txt"]),
    ],
)
def test_an_archive_of_any_format_lists_its_files(
    look: Look, content: Callable[[], bytes], form: str, names: list[str]
) -> None:
    archive = look(content()).description
    assert isinstance(archive, Archive)
    assert (archive.format, [entry.name for entry in archive.entries]) == (form, names)


def test_zeros_that_are_packed_are_no_empty_archive(look: Look) -> None:
    assert look(gzip.compress(bytes(100_000))).description == Unknown("Compressed file (gzip)")


def test_a_program_that_holds_nothing_is_a_program(look: Look) -> None:
    preview = look(odd_files.self_extracting(b"nothing"))
    assert (preview.outcome, preview.description) == ("made", Unknown("Program (Windows)"))


def test_parts_of_split_archives_say_so(look: Look) -> None:
    parts = files.zip_of({"a.txt": "x" * 100, "b.txt": "y"})
    last = look(_last_of_two(parts)).description
    assert isinstance(last, Archive)
    assert [entry.name for entry in last.entries] == ["a.txt", "b.txt"]
    for first in (b"PK\7\x08" + parts[:100], files.seven_zip_of(["a.txt", "b.txt"])[:50]):
        preview = look(first)
        assert (preview.outcome, "split" in preview.reason) == ("partial", True)


def _last_of_two(archive: bytes) -> bytes:
    """The part with the directory alone: its places count within the first part's."""
    end = archive.rindex(b"PK\5\6")
    start = archive.index(b"PK\1\2")
    record = bytearray(archive[end:])
    record[4:8] = b"\1\0\1\0"
    return archive[start:end] + bytes(record)


def test_a_font_sets_a_line(look: Look) -> None:
    for content in FONTS:
        preview = look(content)
        assert preview.description == Document("font", "Aileron Regular"), preview.reason
        assert any(poster(preview).convert("L").histogram()[:80])


def _font() -> bytes:
    from PIL import ImageFont

    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return bytes(font.font_bytes)


FONTS = [_font(), odd_files.woff(_font())]


def test_a_database_names_its_tables_and_columns(look: Look, tmp_path: Path) -> None:
    description = look(odd_files.sqlite(tmp_path)).description
    assert isinstance(description, Document)
    assert description.format == "sqlite"
    assert description.outline[:3] == ["people (id, full name, born)", "été (a, b)", "t0 (c0)"]
    assert len(description.outline) == 62


def test_a_table_names_its_columns_and_a_notebook_its_headings(look: Look) -> None:
    table = look("prénom;prix;jour\r\n".encode("cp1252") + b"a;1;2\r\n" * 30)
    assert table.description == Document("csv", "", ["prénom", "prix", "jour"])
    cells = b'{"cell_type": "markdown", "source": ["# Title\\n", "' + b"words " * 100 + b'"]}'
    notebook = look(b'{"cells": [' + cells + b', {"cell_type": "code", "source": "x"}], "metadata": {}}')
    assert notebook.description == Document("notebook", "", ["Title"])


def test_a_midi_plays_as_long_as_its_tracks(look: Look) -> None:
    description = look(odd_files.midi(tracks=3, quarters=8)).description
    assert description == Sound("midi", 8.0, {"tracks": "3", "title": "Song"})


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (b'TITLE "x"\nLUT_3D_SIZE 2\n' + b"0 0 0\n" * 8, "Colour table (LUT)"),
        (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a crs:Version="1"/></x:xmpmeta>', "Lightroom preset"),
        (b"{\\rtf1\\ansi A letter}", "RTF document"),
        (b'{"name": "value", "numbers": [1, 2]}', "JSON"),
        (b"# A course\n\nWords.\n\n## The first part\n\nMore words.\n", "Markdown"),
        (b"Title\n=====\n\nSee [there](a.html).\n\n## Part\n\n- **one**\n", "Markdown"),
        (b"# a setting\nname = value\n# another one\nother = `date`\n", "Text"),
        (b"One line, and - two.\n", "Text"),
    ],
)
def test_a_text_is_named_as_what_it_is(look: Look, content: bytes, label: str) -> None:
    preview = look(content)
    assert isinstance(preview.description, Excerpt)
    assert preview.label == label
