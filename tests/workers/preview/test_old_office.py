"""Office documents before 2007, and those that a password protects."""

from pathlib import Path

import pytest

from schemas.preview import Document, Unknown
from scripts.bench.compound_files import compound, sheets, slides, summary, word
from workers.preview.preview import Preview, make_preview
from workers.preview.source import FileSource

TITLE = {"\x05SummaryInformation": summary("Été 2005")}
LINES = [f"Line {number} of a letter that tells of a summer by the sea." for number in range(100)]


def look(folder: Path, streams: dict[str, bytes]) -> Preview:
    (folder / "x").write_bytes(compound(streams))
    return make_preview(FileSource(folder / "x"))


@pytest.mark.parametrize("wide", [False, True])
def test_a_letter_shows_its_title_and_the_head_of_its_text(tmp_path: Path, wide: bool) -> None:
    preview = look(tmp_path, word("\r".join(LINES), wide=wide) | TITLE)
    document = preview.description
    assert isinstance(document, Document), preview.reason
    assert (preview.outcome, document.format, document.title) == ("made", "doc", "Été 2005")
    assert document.outline == LINES[: len(document.outline)]
    assert 0 < len(document.outline) <= len(LINES) // 10


def test_a_short_letter_shows_none_of_its_text(tmp_path: Path) -> None:
    assert look(tmp_path, word("A licence key", wide=True)).description == Document("doc")


def test_a_workbook_names_its_sheets(tmp_path: Path) -> None:
    preview = look(tmp_path, sheets(["Prices", "Été"]) | TITLE)
    assert (preview.outcome, preview.description) == ("made", Document("xls", "Été 2005", ["Prices", "Été"]))


def test_a_presentation_names_its_slides(tmp_path: Path) -> None:
    preview = look(tmp_path, slides(["First", "Second été"]))
    assert (preview.outcome, preview.description) == ("made", Document("ppt", "", ["First", "Second été"]))


def test_a_title_is_read_in_its_code_page(tmp_path: Path) -> None:
    streams = sheets(["A"]) | {"\x05SummaryInformation": summary("Лето", 1251)}
    assert look(tmp_path, streams).description == Document("xls", "Лето", ["A"])


@pytest.mark.parametrize(
    "streams",
    [
        {"EncryptedPackage": b"x", "EncryptionInfo": b"y"},
        word("Secret", wide=True, locked=True),
        sheets(["Secret"], locked=True),
        slides(["Secret"], locked=True),
    ],
)
def test_a_document_behind_a_password_is_locked(tmp_path: Path, streams: dict[str, bytes]) -> None:
    preview = look(tmp_path, streams)
    assert preview.outcome == "locked"
    assert "password" in preview.reason


def test_other_compound_files_are_named(tmp_path: Path) -> None:
    assert look(tmp_path, {"__substg1.0_0037001F": b"x"}).description == Unknown("Outlook message")
    assert look(tmp_path, {"Other": b"x"}).description == Unknown("Office document (before 2007)")


def test_a_compound_file_that_is_cut_is_damaged_or_partial(tmp_path: Path) -> None:
    whole = compound(word("\r".join(LINES), wide=True))
    for length in (600, 5000, len(whole) - 700):
        (tmp_path / "x").write_bytes(whole[:length])
        preview = make_preview(FileSource(tmp_path / "x"))
        assert preview.outcome in ("damaged", "partial")
        assert "Error" not in preview.reason
