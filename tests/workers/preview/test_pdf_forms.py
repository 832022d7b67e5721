"""Forms of a PDF that draw other forms, many times over: a few kilobytes that would be drawn for ever."""

import io
from pathlib import Path

import pytest
from PIL import Image

from schemas.preview import Pages
from tests.workers.preview import files
from workers.preview.preview import Preview, make_preview
from workers.preview.source import FileSource


def look(folder: Path, content: bytes) -> Preview:
    (folder / "x").write_bytes(content)
    return make_preview(FileSource(folder / "x"))


def _forms_in_forms(levels: int, each: int) -> bytes:
    """A PDF whose page draws a form so many times, which draws the next one as often, and so on."""
    with files.MUPDF.open() as document:
        page = document.new_page()
        numbers = [document.get_new_xref() for _ in range(levels + 1)]
        for level, number in enumerate(numbers):
            last = level == levels
            inside = "" if last else f"/XObject << /F {numbers[level + 1]} 0 R >>"
            document.update_object(
                number, f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << {inside} >> >>"
            )
            document.update_stream(number, b"0 0 300 300 re f" if last else b"/F Do " * each)
        document.xref_set_key(page.xref, "Resources", f"<< /XObject << /F {numbers[0]} 0 R >> >>")
        stream = document.get_new_xref()
        document.update_object(stream, "<< >>")
        document.update_stream(stream, b"/F Do")
        document.xref_set_key(page.xref, "Contents", f"{stream} 0 R")
        content: bytes = document.tobytes()
        return content


def test_forms_inside_forms_are_refused_before_they_are_drawn(tmp_path: Path) -> None:
    preview = look(tmp_path, _forms_in_forms(9, 10))

    assert preview.outcome == "partial"
    assert "forms" in preview.reason
    assert preview.description == Pages(1)
    assert list(preview.pictures) == ["icon.jpg"]


@pytest.mark.parametrize(("levels", "each"), [(3, 10), (20, 1)])
def test_some_forms_inside_forms_are_drawn(tmp_path: Path, levels: int, each: int) -> None:
    preview = look(tmp_path, _forms_in_forms(levels, each))

    assert preview.outcome == "made"
    assert Image.open(io.BytesIO(preview.pictures["poster.jpg"])).convert("L").histogram()[0] > 0
