"""Files by their first bytes."""

import random

import pytest

from core.uploads.kinds import FileKind, recognise

TAR = b"a.txt".ljust(257, b"\0") + b"ustar"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", FileKind("icon", "Empty file")),
        (b"PK\3\4", FileKind("zip", "ZIP archive")),
        (b"PK\5\6" + bytes(18), FileKind("zip", "ZIP archive")),
        (b"7z\xbc\xaf\x27\x1c", FileKind("7z", "7z archive")),
        (b"Rar!\x1a\x07\x00", FileKind("rar", "RAR archive")),
        (TAR, FileKind("tar", "TAR archive")),
        (b"\x1f\x8b\x08\x00", FileKind("tar", "TAR archive")),
        (b"%PDF-1.7\n", FileKind("pdf", "PDF")),
        (b"\xef\xbb\xbf\n%PDF-1.7\n", FileKind("pdf", "PDF")),
        (b"\0\0\0\x20ftypisom", FileKind("video", "MP4 video")),
        (b"\0\0\0\x14ftypqt  ", FileKind("video", "QuickTime video")),
        (b"\0\0\0\x08wide", FileKind("video", "MP4 video")),
        (b"\0\0\0\x20ftypM4A ", FileKind("audio", "M4A")),
        (b"\0\0\0\x20ftypavif", FileKind("image", "AVIF image")),
        (b"\0\0\0\x20ftypheic", FileKind("other-image", "HEIC image")),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", FileKind("video", "WebM video")),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", FileKind("video", "Matroska video")),
        (b"fLaC", FileKind("audio", "FLAC")),
        (b"ID3\4", FileKind("audio", "MP3")),
        (b"\xff\xfb\x90\x64", FileKind("audio", "MP3")),
        (b"\xff\xf1\x50\x80", FileKind("audio", "AAC")),
        (b"RIFF\0\0\0\0WAVE", FileKind("audio", "WAV")),
        (b"RIFF\0\0\0\0WEBP", FileKind("image", "WebP image")),
        (b"\xff\xd8\xff\xe0", FileKind("image", "JPEG image")),
        (b"BM\0\0\0\0\0\0\0\0", FileKind("image", "BMP image")),
        (b"BMW is a car", FileKind("text", "Text")),
        (b"FORM without sound", FileKind("text", "Text")),
        (b"\xff\xfea\0b\0", FileKind("text", "Text")),
        (b"\xff\xff\xff\xff", FileKind("text", "Text")),
        (b"#EXTM3U\nhttp://example.com/", FileKind("text", "Playlist")),
        (b"MZ\x90\x00", FileKind("program", "Program (Windows)")),
        (bytes(4096), FileKind("icon", "File")),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", FileKind("other-image", "HEIC image")),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", FileKind("image", "AVIF image")),
        (b"\0\0\0\x1cftypcrx ", FileKind("raw", "Camera raw image")),
        (b"II*\0\x10\0\0\0CR\2\0", FileKind("raw", "Camera raw image")),
        (b"II*\0\x08\0\0\0\0\0", FileKind("image", "TIFF image")),
        (b"\x0b\x77", FileKind("audio", "AC-3")),
        (b"ID3\4\0\0\0\0\0\0fLaC", FileKind("audio", "FLAC")),
        (b"ID3\4\0\0\0\0\0\0\xff\xf1\x50\x80", FileKind("audio", "AAC")),
        (b"OggS".ljust(28, b"\0") + b"\x80theora", FileKind("video", "Ogg video")),
        (b"MThd\0\0\0\6", FileKind("midi", "MIDI")),
        ((b"\x47" + bytes(187)) * 8, FileKind("video", "MPEG transport stream")),
        ((bytes(4) + b"\x47" + bytes(187)) * 8, FileKind("video", "MPEG transport stream")),
        (b"\0\1\0\0\0\x0b\0\x80", FileKind("font", "Font")),
        (b"Yes, we can\nNo, we cannot\n" * 9, FileKind("text", "Text")),
        (b"name,price,day\n" + b"a,1,2\n" * 9, FileKind("table", "Table (CSV)")),
        (b"a;b\n" * 9, FileKind("table", "Table (CSV)")),
        (b"Well, yes; no\nAnd so on, and on\nA third\nA fourth\n", FileKind("text", "Text")),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, kind: FileKind) -> None:
    assert recognise(head) == kind


def test_any_bytes_have_a_kind() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        assert recognise(chance.randbytes(chance.randrange(4096))).label
