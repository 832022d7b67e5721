"""Archives on the real store, looked at by ranges."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from core.kit.errors import StoreUnavailable
from core.uploads.moderation import Subject
from tests.workers.preview import files
from workers.archives import ArchiveScan, _look
from workers.preview.ranges import RangeReader
from workers.preview.source import HttpSource, make_pool
from workers.store import S3Store

CASES = Path(__file__).parent / "preview" / "cases"
LONG = "archive: only 1000 of its names were looked at"
Scan = Callable[[bytes], list[str]]


@pytest.fixture
def scan(s3: S3Store) -> Scan:
    def look(data: bytes) -> list[str]:
        key = f"uploads/1/{uuid4()}/a.zip"
        s3.upload(key, io.BytesIO(data), len(data), "application/zip")
        return ArchiveScan(s3).findings(Subject("", "a.zip", len(data), "application/zip", "", key))

    return look


def zipped(*names: str, body: bytes = b"x") -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, body)
    return bytearray(out.getvalue())


def test_an_ordinary_archive_is_accused_of_nothing(scan: Scan) -> None:
    assert scan(bytes(zipped("leçon 1.pdf", "notes.txt"))) == []


def test_programs_are_named(scan: Scan) -> None:
    assert scan(bytes(zipped("a/SETUP.EXE", "b.pdf", "c.lnk"))) == ["program: a/SETUP.EXE", "program: c.lnk"]


def test_a_password_is_noticed(scan: Scan) -> None:
    data = zipped("secret.pdf")
    central = data.rindex(b"PK\1\2")
    data[central + 8] |= 1
    assert scan(bytes(data)) == ["archive: password"]


def test_a_bomb_is_noticed(scan: Scan) -> None:
    data = zipped("bomb.bin", body=bytes(1 << 16))
    central = data.rindex(b"PK\1\2")
    data[central + 24 : central + 28] = (0xF0000000).to_bytes(4, "little")
    assert scan(bytes(data)) == ["archive: unpacks to a thousand times its size"]


def test_a_damaged_archive_is_noticed(scan: Scan) -> None:
    assert scan(b"PK\3\4" + bytes(5000)) == ["archive: damaged"]


def test_a_directory_that_claims_to_begin_before_the_file_is_damaged(scan: Scan) -> None:
    data = zipped("a.pdf")
    end = data.rindex(b"PK\5\6")
    data[end + 12 : end + 16] = (1 << 30).to_bytes(4, "little")  # its size (APPNOTE 4.3.16)
    assert scan(bytes(data)) == ["archive: damaged"]


def test_an_archive_that_is_gone_from_the_store_is_looked_for_again(s3: S3Store) -> None:
    with make_pool() as pool:
        source = HttpSource(lambda: s3.sign_read("uploads/1/gone", expires=60), pool)
        with RangeReader(source) as reader, pytest.raises(StoreUnavailable):
            _look(reader, 100)


def test_an_endless_directory_is_not_read(scan: Scan) -> None:
    many = bytes(zipped(*(f"{number:04}{'x' * 900}" for number in range(2300))))
    assert scan(many) == ["archive: too many entries to look at"]


def test_what_is_no_archive_is_not_read(scan: Scan) -> None:
    assert scan(b"%PDF-1.7") == []
    assert scan(b"PK") == []


def with_comment(archive: bytes, comment: bytes) -> bytes:
    return archive[:-2] + len(comment).to_bytes(2, "little") + comment


@pytest.mark.parametrize("behind", [b"", b" and more", bytes(300)])
def test_a_comment_with_an_end_record_hides_no_program(scan: Scan, behind: bytes) -> None:
    """Whichever end record a buyer's program heeds: that of the archive, or that in its comment."""
    bad, fair = bytes(zipped("virus.exe")), bytes(zipped("a.pdf"))
    assert scan(with_comment(bad, fair[-22:] + behind)) == ["program: virus.exe"]
    assert scan(with_comment(bad, fair + behind)) == ["program: virus.exe"]
    assert scan(with_comment(fair, bad + behind)) == ["program: virus.exe"]
    assert scan(with_comment(bad, b"PK\5\6" + behind)) == ["program: virus.exe"]
    assert scan(with_comment(fair, b"PK\5\6 is how an archive ends" + behind)) == []


def test_more_ends_than_are_looked_at_call_staff(scan: Scan) -> None:
    noisy = with_comment(bytes(zipped("virus.exe")), b"PK\5\6" * 40 + bytes(40))
    assert scan(noisy) == ["archive: too many entries to look at"]


def test_a_part_of_a_split_archive_is_called_that(scan: Scan) -> None:
    assert scan(b"PK\7\x08PK\3\4" + bytes(5000)) == ["archive: part of a split one"]


@pytest.mark.parametrize(
    ("content", "findings"),
    [
        (files.rar_of({"leçon.pdf": 10, "a/SETUP.EXE": 5}), ["program: a/SETUP.EXE"]),
        (files.rar_of({"leçon.pdf": 10}), []),
        (files.locked_rar(), ["archive: password"]),
        (files.seven_zip_of(["leçon.pdf", "run.bat"]), ["program: run.bat"]),
        (files.seven_zip_of(["a.pdf"], password="x"), ["archive: password"]),
        (files.tar_of({"a.pdf": 1, "b.lnk": 1}), ["program: b.lnk"]),
        (files.tar_of({"a.pdf": 1, "b.scr": 1}, "w:gz"), ["program: b.scr"]),
        (b"Rar!\x1a\x07\1\0" + bytes(300), ["archive: damaged"]),
        (files.tar_of({f"{number}.wav": 0 for number in range(1001)}), [LONG]),
        ((CASES / "rar5_service_headers.rar").read_bytes(), []),
        ((CASES / "rar4_comment.rar").read_bytes(), []),
    ],
)
def test_other_archives_are_looked_into_as_well(scan: Scan, content: bytes, findings: list[str]) -> None:
    assert scan(content) == findings
