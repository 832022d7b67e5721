"""Files that say of themselves what cannot be: sizes and lengths beyond all bounds end no preview."""

import struct
import tarfile
from pathlib import Path

import pytest

from schemas.preview import MOST, Archive, Film, Sound
from scripts.bench.rar_files import BEGINNING, rar_block
from tests.workers.preview import files
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.source import FileSource

HUGE = MOST + 1


def look(folder: Path, content: bytes) -> Preview:
    (folder / "x").write_bytes(content)
    return make_preview(FileSource(folder / "x"), Wish(own=True))


def zip_that_says(size: int) -> bytes:
    """A ZIP64 of one file (APPNOTE 6.3.10, 4.5.3)."""
    content = bytearray(files.zip_of({"a.txt": "x"}))
    at = content.index(b"PK\1\2")
    content[at + 24 : at + 28] = b"\xff" * 4
    content[at + 30 : at + 32] = struct.pack("<H", 12)
    content[at + 46 + 5 : at + 46 + 5] = struct.pack("<HHQ", 1, 8, size)
    end = content.index(b"PK\5\6")
    content[end + 12 : end + 16] = struct.pack("<I", end - at)
    return bytes(content)


def tar_that_says(size: int) -> bytes:
    """A TAR whose size is written in base 256 (GNU tar manual, "Extensions to the Archive Format")."""
    member = tarfile.TarInfo("a.txt")
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def rar_that_says(size: int) -> bytes:
    """A RAR 5 of one file, whose size is a number of any length."""
    block = rar_block(2, 2, 0, 0, size, 0x20, 0, 1, 5, rest=b"a.txt")
    return BEGINNING + rar_block(1, 0, 0) + block + rar_block(5, 0, 0)


@pytest.mark.parametrize("content", [zip_that_says(HUGE), tar_that_says(HUGE), rar_that_says(HUGE)])
def test_a_size_that_cannot_be_is_none(tmp_path: Path, content: bytes) -> None:
    preview = look(tmp_path, content)
    assert isinstance(preview.description, Archive), preview
    assert [(entry.name, entry.size) for entry in preview.description.entries] == [("a.txt", None)]


def test_a_film_that_lasts_for_ever_is_a_film(tmp_path: Path) -> None:
    film = files.clip(tmp_path, "x.mkv", *files.H264, seconds=2).read_bytes()
    at = film.index(b"\x44\x89\x88")  # the length of the segment (RFC 9559, 5.1.2.10)
    preview = look(tmp_path, film[: at + 3] + struct.pack(">d", 1e15) + film[at + 11 :])
    assert isinstance(preview.description, Film), preview
    assert preview.description.duration is None
    assert "poster.jpg" in preview.pictures


def test_a_sound_that_lasts_for_ever_is_a_sound(tmp_path: Path) -> None:
    form = struct.pack("<HHIIHH", 1, 1, 1, 1, 1, 8)  # one sample a second
    head = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", 0xFFFFFFF0)
    preview = look(tmp_path, b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + head + bytes(9000))
    assert isinstance(preview.description, Sound), preview
    assert preview.outcome != "crashed"
