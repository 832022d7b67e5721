"""What a preview read of a file is gone with it, however it ends."""

import errno
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.workers.preview import files
from workers.preview.preview import Preview, make_preview
from workers.preview.source import FileSource


def open_files() -> Counter[str]:
    """What this process has open that has no name any more; the same name may stand there twice."""
    links = [Path(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    return Counter(name for link in links if link.is_symlink() and "deleted" in (name := os.readlink(link)))


def look_at(folder: Path, content: bytes) -> Preview:
    path = folder / "file"
    path.write_bytes(content)
    return make_preview(FileSource(path))


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (files.pdf(3), "made"),
        (b"%PDF-1.7\n" + bytes(90_000), "damaged"),
        (b"PK\3\4" + bytes(90_000), "damaged"),
    ],
)
def test_what_a_preview_read_is_gone_with_it_however_it_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, outcome: str
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    assert look_at(tmp_path, content).outcome == outcome  # the first one opens what the process keeps
    before = open_files()
    assert look_at(tmp_path, content).outcome == outcome
    assert list(scratch.iterdir()) == []
    assert open_files() <= before, "a file without a name lives as long as somebody has it open"


def test_the_files_of_a_preview_that_breaks_on_our_side_are_gone_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = open_files()
    monkeypatch.setattr("workers.preview.preview._attempt", full)
    assert look_at(tmp_path, files.pdf(3)).outcome == "crashed"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert open_files() <= before
