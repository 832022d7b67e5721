"""Names and texts in old code pages, and sounds whose tags are in one."""

import io
import struct
import subprocess
import tarfile
import zlib
from pathlib import Path

import pytest

from schemas.preview import Archive, Document, Excerpt, Sound
from tests.workers.preview import files
from workers.preview.makers.encodings import decoded, mended, names_encoding
from workers.preview.preview import make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import FileSource

NAMES = {
    "cp850": ["À Êtres.txt", "Été/Noël.txt", "Facture n°3 réglée.pdf"],
    "cp866": ["Документы/отчёт.txt", "Привет.txt"],
    "cp1251": ["Фотографии лета.jpg", "Привет.txt"],
    "cp1252": ["Été – l’hiver.txt", "À Êtres.txt"],
    "cp932": ["写真/日本語のファイル.txt", "テスト.txt", "新しいフォルダー/資料.pdf"],
    "gbk": ["中文文件.txt", "新建文件夹/照片.jpg"],
    "cp949": ["한국어.txt", "새 폴더/사진 모음.jpg"],
    "cp1250": ["Příliš žluťoučký kůň.txt", "Zażółć gęślą jaźń.doc"],
    "cp852": ["Příliš žluťoučký kůň.txt", "Zażółć gęślą jaźń.doc"],
    "koi8-r": ["Документы/отчёт.txt", "привет.txt"],
    "cp1253": ["Καλημέρα κόσμε.txt", "Φωτογραφίες/θάλασσα.jpg"],
    "cp737": ["Καλημέρα κόσμε.txt", "Φωτογραφίες/θάλασσα.jpg"],
    "euc_jp": ["写真/日本語のファイル.txt", "テスト.txt"],
    "utf-8": ["Été.txt", "写真.txt"],
}


def zip_in(encoding: str, names: list[str]) -> bytes:
    """A ZIP whose names are in an encoding that it does not tell (APPNOTE 6.3.10, 4.3.12)."""
    local = directory = b""
    for name in names:
        raw = name.encode(encoding)
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(raw), 0, 0, 0, 0, 0, len(local)
        )
        directory += raw
        local += struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(raw), 0) + raw
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(local), 0)
    return local + directory + end


def tar_in(encoding: str, names: list[str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding) as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    return buffer.getvalue()


def rar_in(encoding: str, names: list[str]) -> bytes:
    """A RAR of version 4, whose names are not Unicode (unrar's technote, "Block Formats")."""

    def block(kind: int, flags: int, fields: bytes) -> bytes:
        body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body

    parts = [b"Rar!\x1a\x07\0", block(0x73, 0, bytes(6))]
    for name in names:
        raw = name.replace("/", "\\").encode(encoding)
        parts.append(
            block(0x74, 0x8000, struct.pack("<IIBIIBBHI", 0, 0, 0, 0, 0, 20, 0x30, len(raw), 0) + raw)
        )
    return b"".join([*parts, block(0x7B, 0x4000, b"")])


@pytest.mark.parametrize("pack", [zip_in, tar_in, rar_in])
@pytest.mark.parametrize("encoding", NAMES)
def test_names_of_an_archive_are_read_in_the_code_page_that_wrote_them(
    tmp_path: Path, encoding: str, pack: object
) -> None:
    assert callable(pack)
    (tmp_path / "x").write_bytes(pack(encoding, NAMES[encoding]))
    preview = make_preview(FileSource(tmp_path / "x"))
    archive = preview.description
    assert isinstance(archive, Archive), preview.reason
    assert [entry.name for entry in archive.entries] == NAMES[encoding]


@pytest.mark.parametrize("encoding", NAMES)
def test_a_single_name_is_enough(encoding: str) -> None:
    for name in NAMES[encoding]:
        raw = name.encode(encoding)
        assert raw.decode(names_encoding([raw], "cp437")) == name


TEXT = {
    "cp1252": "Été, café et crème brûlée à l'hôtel. ",
    "cp1251": "Привет, это обычный русский текст. ",
    "cp866": "Привет, это обычный русский текст. ",
    "cp932": "これは日本語のテキストです。",
    "gbk": "这是一个中文文本文件。",
    "cp949": "이것은 한국어 텍스트 파일입니다. ",
    "koi8-r": "Привет, это обычный русский текст. ",
    "cp1250": "Příliš žluťoučký kůň úpěl ďábelské ódy. ",
    "cp852": "Zażółć gęślą jaźń, proszę pani. ",
    "cp1253": "Καλημέρα, αυτό είναι ένα απλό κείμενο. ",
    "cp737": "Καλημέρα, αυτό είναι ένα απλό κείμενο. ",
    "euc_jp": "これは日本語のテキストです。",
    "utf-16-le": "Été and plain words. ",
    "utf-16-be": "Été and plain words. ",
    "utf-32-le": "Été and plain words. ",
    "utf-16": "Привет. ",
    "utf-32": "Привет. ",
}


@pytest.mark.parametrize("encoding", TEXT)
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    content = (TEXT[encoding] * 40).encode(encoding)
    assert decoded(content, whole=True)[1] == TEXT[encoding] * 40
    (tmp_path / "x.txt").write_bytes(content)
    excerpt = make_preview(FileSource(tmp_path / "x.txt")).description
    assert isinstance(excerpt, Excerpt), excerpt
    assert excerpt.encoding == encoding


def test_a_text_that_is_cut_within_a_letter_is_read() -> None:
    for encoding in ("gbk", "cp932", "utf-8"):
        text = "日本語中文" * 100
        assert decoded(text.encode(encoding)[:-1], whole=False)[1].startswith(text[:-1])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Ïðèâåò, ìèð", "Привет, мир"),
        ("Ïåñíÿ", "Песня"),
        ("Café del Mar", "Café del Mar"),
        ("Sigur Rós – Ágætis byrjun", "Sigur Rós – Ágætis byrjun"),
        ("MOTÖRHEAD", "MOTÖRHEAD"),
        ("Привет", "Привет"),
    ],
)
def test_a_tag_of_another_code_page_is_mended_and_a_right_one_left(text: str, right: str) -> None:
    assert mended(text) == right


def test_tags_in_cp1251_are_read(tmp_path: Path) -> None:
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "sine=440:d=2", "-id3v2_version", "0"]
    subprocess.run([*command, str(tmp_path / "x.mp3")], check=True)
    title = b"\0" + "Привет, мир".encode("cp1251")
    frame = b"TIT2" + len(title).to_bytes(4, "big") + b"\0\0" + title
    head = b"ID3\3\0\0\0\0\0" + bytes([len(frame)])
    (tmp_path / "y.mp3").write_bytes(head + frame + (tmp_path / "x.mp3").read_bytes())
    sound = make_preview(FileSource(tmp_path / "y.mp3")).description
    assert isinstance(sound, Sound)
    assert sound.tags["title"] == "Привет, мир"


def test_columns_of_a_table_are_read_in_its_code_page(tmp_path: Path) -> None:
    rows = "Название;Цена;День\n" + "а;1;2\n" * 30
    (tmp_path / "x.csv").write_bytes(rows.encode("cp1251"))
    table = make_preview(FileSource(tmp_path / "x.csv")).description
    assert table == Document("csv", "", ["Название", "Цена", "День"])


def test_an_archive_of_plain_names_stays_as_it_is() -> None:
    assert names_encoding([b"a.txt"], "cp437") == "utf-8"
    assert files.zip_of({"a": "b"})
