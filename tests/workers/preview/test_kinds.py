"""Files by their first bytes."""

import random

import pytest

from workers.preview.kinds import Found, recognise

TAR = b"a.txt".ljust(257, b"\0") + b"ustar"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"", Found("icon", "Empty file")),
        (b"PK\3\4", Found("zip", "ZIP archive")),
        (b"PK\5\6" + bytes(18), Found("zip", "ZIP archive")),
        (b"7z\xbc\xaf\x27\x1c", Found("7z", "7z archive")),
        (b"Rar!\x1a\x07\x00", Found("rar", "RAR archive")),
        (TAR, Found("tar", "TAR archive")),
        (b"\x1f\x8b\x08\x00", Found("tar", "TAR archive")),
        (b"%PDF-1.7\n", Found("pdf", "PDF")),
        (b"\xef\xbb\xbf\n%PDF-1.7\n", Found("pdf", "PDF")),
        (b"\0\0\0\x20ftypisom", Found("video", "MP4 video")),
        (b"\0\0\0\x14ftypqt  ", Found("video", "QuickTime video")),
        (b"\0\0\0\x08wide", Found("video", "MP4 video")),
        (b"\0\0\0\x20ftypM4A ", Found("audio", "M4A")),
        (b"\0\0\0\x20ftypavif", Found("image", "AVIF image")),
        (b"\0\0\0\x20ftypheic", Found("icon", "HEIC image")),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", Found("video", "WebM video")),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", Found("video", "Matroska video")),
        (b"fLaC", Found("audio", "FLAC")),
        (b"ID3\4", Found("audio", "MP3")),
        (b"\xff\xfb\x90\x64", Found("audio", "MP3")),
        (b"\xff\xf1\x50\x80", Found("audio", "MP3")),
        (b"RIFF\0\0\0\0WAVE", Found("audio", "WAV")),
        (b"RIFF\0\0\0\0WEBP", Found("image", "WebP image")),
        (b"\xff\xd8\xff\xe0", Found("image", "JPEG image")),
        (b"BM\0\0\0\0\0\0\0\0", Found("image", "BMP image")),
        (b"BMW is a car", Found("text", "Text")),
        (b"FORM without sound", Found("text", "Text")),
        (b"\xff\xfea\0b\0", Found("text", "Text")),
        (b"\xff\xff\xff\xff", Found("text", "Text")),
        (b"#EXTM3U\nhttp://example.com/", Found("text", "Text")),
        (b"MZ\x90\x00", Found("icon", "Program (Windows)")),
        (bytes(4096), Found("icon", "File")),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, found: Found) -> None:
    assert recognise(head) == found


def test_any_bytes_have_a_kind() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        assert recognise(chance.randbytes(chance.randrange(4096))).label
