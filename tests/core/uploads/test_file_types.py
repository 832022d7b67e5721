"""Names and first bytes that agree, and that do not."""

import pytest

from core.uploads.file_types import PICTURE_TYPES, UNTYPED, Unfit, check_head, judge
from core.uploads.promises import PROMISES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ZIP = b"PK\3\4" + bytes(60)
MP4 = b"\0\0\0\x18ftypmp42" + bytes(60)
MKV = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska" + bytes(60)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
JPEG = b"\xff\xd8\xff\xe0" + bytes(60)
RTF = b"{\\rtf1\\ansi Bonjour}"
PAGE = b"<!doctype html><title>Sign in</title>" + b"<p>Sign in first.</p>" * 300
NOISE = bytes(range(256)) * 16
LETTERS = bytes(range(128, 250))  # of some old code page, or the end of something packed
PROGRAMS = {
    "Windows": b"MZ\x90" + bytes(500),
    "Linux": b"\x7fELF\2\1\1" + bytes(500),
    "macOS": b"\xcf\xfa\xed\xfe\x07\0\0\1" + bytes(500),
    "macOS, two processors": b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(500),
    "Windows shortcut": b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(500),
    "Android": b"dex\n035\0" + bytes(500),
}
# What people honestly have under these names: content, and every ending that programs give it.
HONEST: list[tuple[str, bytes, str]] = [
    ("pdf", b"%PDF-1.7\n", "pdf"),
    ("pdf behind an HTTP header", b"HTTP/1.1 200 OK\r\n\r\n" + b"X" * 200 + b"%PDF-1.4\n%\xe2\xe3", "pdf"),
    ("pdf of text only", b"Content-Type: application/pdf\n" + b"\n" * 2000 + b"%PDF-1.2\n1 0 obj", "pdf"),
    ("zip", ZIP, "zip docx xlsx pptx docm epub odt ods odp pages numbers cbz cbr apk jar 3mf kmz doc xls"),
    ("an empty zip", b"PK\5\6" + bytes(18), "zip"),
    ("the first part of a split zip", b"PK\7\x08PK\3\4" + bytes(60), "zip z01 001"),
    ("a later part of a split archive", NOISE, "z02 002 r00 r01 7z zip rar part2 003"),
    ("the short last part of a split archive", LETTERS, "zip 7z rar docx"),
    ("words in UTF-16", "Bonjour à tous".encode("utf-16"), "txt csv pdf zip"),
    ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), "7z cb7 zip 001"),
    ("rar", b"Rar!\x1a\x07\1\0" + bytes(60), "rar cbr zip r00 part1 exe"),
    ("gzip", b"\x1f\x8b\x08" + bytes(60), "gz tgz tar svgz z"),
    ("office before 2007", OLE, "doc xls ppt dot xlt pps pot msi msg vsd pub"),
    ("office behind a password", OLE, "docx xlsx pptx docm xlsm pptm"),
    ("rich text", RTF, "rtf doc txt"),
    ("a web page as a spreadsheet", PAGE, "xls doc html htm txt mht"),
    ("a table of text", b"a;b;c\n1;2;3\n" * 500, "csv tsv txt xls"),
    ("mp4", MP4, "mp4 m4v mov m4a m4b mp3 aac 3gp mkv webm ogv avi gif heic cr3"),
    ("a film without its end", b"\0\0\0\x18ftypisom" + bytes(16) + b"\0\0\0\1mdat" + NOISE, "mp4 mov m4a"),
    ("matroska", MKV, "mkv mka webm mp4 mp3"),
    ("mp3", b"ID3\4" + bytes(60), "mp3 mp2 mp4 wav aac"),
    ("mp3 behind noise", NOISE, "mp3 aac ac3"),
    ("mp3 behind words", b"ICY 200 OK\r\n" * 400, "mp3"),
    ("wav", b"RIFF\0\0\0\0WAVE" + bytes(60), "wav bwf mp3"),
    ("rf64", b"RF64\xff\xff\xff\xffWAVEds64" + bytes(60), "wav rf64"),
    ("w64", b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb" + bytes(60), "w64 wav"),
    ("tiff", b"II*\0" + bytes(60), "tif tiff dng nef cr2 jpg"),
    ("bigtiff", b"II+\0\x08\0\0\0" + bytes(60), "tif tiff"),
    ("big-endian bigtiff", b"MM\0+\0\x08\0\0" + bytes(60), "tif tiff"),
    ("jpeg", JPEG, "jpg jpeg jpe jfif png webp heic avif gif tif bmp"),
    ("png", PNG, "png jpg gif ico"),
    ("heic", b"\0\0\0\x18ftypheic" + bytes(60), "heic heif jpg jpeg png"),
    ("avif", b"\0\0\0\x20ftypavif" + bytes(60), "avif jpg png"),
    ("psd", b"8BPS\0\1" + bytes(60), "psd psb"),
    ("a font", b"OTTO\0\x0c" + bytes(60), "otf ttf"),
    ("text", b"Bonjour\n", "txt md csv json srt cube py unheard-of"),
    ("noise", NOISE, "dat bin cube xyz raw raf iso mpg avi wma psd mobi key"),
]


@pytest.mark.parametrize(("what", "head", "endings"), HONEST, ids=[what for what, _, _ in HONEST])
def test_what_people_honestly_have_is_taken(what: str, head: bytes, endings: str) -> None:
    for ending in endings.split():
        for name in (f"Leçon 1.{ending}", f"LEÇON.{ending.upper()}", f"v1.2 (final).{ending}"):
            assert judge(head, name).refused is None, name


@pytest.mark.parametrize("system", PROGRAMS)
def test_no_program_is_taken_under_the_name_of_something_else(system: str) -> None:
    for ending in PROMISES:
        with pytest.raises(Unfit, match="program-disguised"):
            check_head(PROGRAMS[system], f"cours.{ending}")


@pytest.mark.parametrize("name", ["setup.exe", "installer", "app.bin", "tool.so", "game.unheard-of"])
@pytest.mark.parametrize("system", PROGRAMS)
def test_a_program_that_says_so_is_looked_at_by_staff(system: str, name: str) -> None:
    judgement = judge(PROGRAMS[system], name)
    assert (judgement.refused, judgement.findings) == (None, (f"program: {name}",))


@pytest.mark.parametrize("name", ["run.bat", "Setup.CMD", "macro.vbs", "app.apk"])
def test_what_runs_by_its_name_is_looked_at_by_staff(name: str) -> None:
    assert judge(b"@echo off\r\n", name).findings == (f"program: {name}",) or name == "app.apk"
    assert judge(ZIP, name).findings == (f"program: {name}",)


@pytest.mark.parametrize(
    ("name", "head", "expected", "found", "ending"),
    [
        ("film.mp4", ZIP, "film", "archive", "zip"),
        ("photo.png", b"Bonjour\n", "picture", "text", "txt"),
        ("archive.zip", b"%PDF-1.7\n", "archive", "pdf", "pdf"),
        ("cours.pdf", PAGE, "pdf", "text", "txt"),
        ("cours.pdf", JPEG, "pdf", "picture", "jpg"),
        ("cours.docx", b"%PDF-1.7\n", "office", "pdf", "pdf"),
        ("son.flac", PNG, "sound", "picture", "png"),
        ("photo.jpg", MP4, "picture", "film", "mp4"),
        ("film.mkv", b"II*\0" + bytes(9), "film", "picture", "none"),
        ("présentation.pptx", MKV, "office", "film", "mkv"),
    ],
)
def test_what_is_for_certain_something_else_is_refused_with_what_to_do(
    name: str, head: bytes, expected: str, found: str, ending: str
) -> None:
    with pytest.raises(Unfit, match="content-differs") as refused:
        check_head(head, name)
    blanks = {"name": name, "expected": expected, "found": found, "ending": ending}
    assert refused.value.details == blanks


@pytest.mark.parametrize(
    ("name", "head", "findings"),
    [
        ("cours.docx", OLE, ("document: password",)),
        ("cours.doc", OLE, ()),
        ("cours.pdf", NOISE, ("content: nothing says that it is PDF",)),
        ("archive.zip", NOISE, ("content: nothing says that it is ZIP",)),
        ("archive.7z", LETTERS, ("content: nothing says that it is 7Z",)),
        ("chanson.mp3", NOISE, ()),
        ("données.bin", NOISE, ()),
        ("cours.pdf", b"%PDF-1.7", ()),
    ],
)
def test_what_nobody_can_tell_is_for_staff_to_look_at(
    name: str, head: bytes, findings: tuple[str, ...]
) -> None:
    assert judge(head, name).findings == findings


@pytest.mark.parametrize(
    ("name", "head", "content_type"),
    [
        ("cours.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("COURS.PDF", b"%PDF-1.7\n", "application/pdf"),
        ("cours.zip", ZIP, "application/zip"),
        ("cours.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("cours.docx", OLE, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("cours.doc", OLE, "application/msword"),
        ("film.mp4", MP4, "video/mp4"),
        ("son.m4a", MP4, "audio/mp4"),
        ("film.mp4", b"ID3\4", "audio/mpeg"),
        ("photo.jpg", PNG, "image/png"),  # a picture is a picture; its bytes say which
        ("scan.tif", b"MM\0*", "image/tiff"),
        ("musique.mp3", b"ID3\4", "audio/mpeg"),
        ("notes.txt", b"Bonjour\n", "text/plain"),
        ("setup.exe", PROGRAMS["Windows"], UNTYPED),
        ("données.xyz", NOISE, UNTYPED),
        ("sans-type", b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_a_file_is_handed_out_as_what_it_is(name: str, head: bytes, content_type: str) -> None:
    assert judge(head, name).content_type == content_type


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("page.html", b"Bonjour"),
        ("page.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><p>"),
        ("table.xls", PAGE),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("notes.txt", b"<script>alert(1)</script>"),
        ("a.xml", b"<?xml version='1.0'?>"),
        ("a.js", b"alert(1)"),
        ("a.xhtml", b"text"),
    ],
)
def test_what_a_browser_would_run_has_no_type(name: str, head: bytes) -> None:
    assert judge(head, name).content_type == UNTYPED


@pytest.mark.parametrize("name", ["photo.jpg", "photo", "photo.unheard-of", "photo.pdf"])
def test_a_picture_of_a_product_is_known_by_its_bytes_alone(name: str) -> None:
    assert judge(PNG, name, "picture").content_type in PICTURE_TYPES
    assert check_head(JPEG, name, "picture").refused is None
    for other in (b"GIF89a", MP4, b"%PDF-1.7", NOISE, PROGRAMS["Windows"]):
        with pytest.raises(Unfit, match="not-a-picture"):
            check_head(other, name, "picture")
