"""Files by their first bytes."""

import gzip
import random

import pytest

from core.uploads.kinds import FileKind, recognise, recognise_deeper

TAR = b"a.txt".ljust(257, b"\0") + b"ustar"
SUB_IFDS, MAKE, SUBFILE, DNG_VERSION = 0x14A, 0x10F, 0xFE, 0xC612


def tiff(**order: dict[int, int]) -> bytes:
    """The head of a TIFF whose first directory has these tags; `little` or `big` is its byte order."""
    [(name, tags)] = order.items()
    little = name == "little"

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, "little" if little else "big")

    long = 4  # the type of these values
    entries = [number(tag, 2) + number(long, 2) + number(1, 4) + number(tags[tag], 4) for tag in sorted(tags)]
    directory = number(len(entries), 2) + b"".join(entries)
    return (b"II*\0" if little else b"MM\0*") + number(8, 4) + directory + number(0, 4)


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
        (tiff(little={SUBFILE: 1, DNG_VERSION: 0x401}), FileKind("raw", "Camera raw image")),
        (tiff(big={SUBFILE: 1, MAKE: 8, SUB_IFDS: 64}), FileKind("raw", "Camera raw image")),
        (tiff(big={SUBFILE: 0, MAKE: 8, SUB_IFDS: 64}), FileKind("image", "TIFF image")),
        (b"\0\0mail before it\0%PDF-1.4\n", FileKind("pdf", "PDF")),
        (b"FORM\0\0\0\x20AIFFCOMM", FileKind("audio", "AIFF")),
        (gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>", mtime=0), FileKind("svg", "SVG image")),
        (b"A book".ljust(60, b"\0") + b"BOOKMOBI", FileKind("book", "E-book (MOBI)")),
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


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (bytes(16 * 2048 + 1) + b"CD001\1" + bytes(2041), FileKind("iso", "Disc image (ISO)")),
        (bytes(16 * 2048 + 1) + b"CD00X\1" + bytes(2041), FileKind("icon", "File")),
        (bytes(80) + (3).to_bytes(4, "little") + bytes(3 * 50), FileKind("model", "3D model (STL)")),
        (bytes(80) + (3).to_bytes(4, "little") + bytes(3 * 50 - 1), FileKind("icon", "File")),
        (b"\1" * 500 + b"PK\5\6" + bytes(18), FileKind("zip", "ZIP archive")),
        (b"\1", FileKind("icon", "File")),
    ],
)
def test_what_the_beginning_does_not_tell_is_looked_for_deeper(content: bytes, kind: FileKind) -> None:
    assert recognise(content[:4096]) == FileKind("icon", "File")
    assert recognise_deeper(len(content), lambda at, size: content[at : at + size]) == kind


def test_any_bytes_have_a_kind() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        assert recognise(chance.randbytes(chance.randrange(4096))).label
