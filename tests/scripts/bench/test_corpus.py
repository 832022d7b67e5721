"""The corpus of a few formats with a few damaged copies; all of it is `comptoir bench corpus`."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from schemas.preview import Cost, Unknown
from scripts.bench.corpus import Findings, leftovers
from scripts.bench.corpus_likeness import likeness
from scripts.bench.corpus_pictures import photo
from scripts.commands.bench import app
from workers.preview.pictures import encode
from workers.preview.preview import Preview


def test_a_few_formats_with_damaged_copies_keep_all_promises(tmp_path: Path) -> None:
    formats = ("photo.jpg", "course.zip", "text.pdf", "notes.txt", "film.mp4")
    only = [f"--only={name}" for name in formats]
    done = CliRunner().invoke(app, ["corpus", str(tmp_path / "out"), "--count", "40", "--json", *only])
    report = json.loads(done.stdout)
    targets = {target["what"]: target for target in report["targets"]}
    slow = targets.pop("over 5 s, or the deadline of a heavy one")  # other tests may have the machine
    assert slow["asked"] == "0"
    assert [what for what, target in targets.items() if not target["ok"]] == [], report["faults"]
    assert (report["previews"], report["formats"], report["compared"] >= 2) == (45, 5, True)
    shares = {what.partition(": ")[2] for what in targets if what.startswith("largest share shown")}
    assert {"letters of a text (notes.txt)", "pixels of a picture (photo.jpg)"} <= shares
    page = (tmp_path / "out" / "corpus.html").read_text(encoding="utf-8")
    assert all(name in page for name in formats)
    assert page.count("<img") >= 5


def preview(reason: str = "", outcome: str = "damaged", seconds: float = 1.0, memory: int = 1) -> Preview:
    cost = Cost(1, 1, seconds, memory << 20, [])
    return Preview(outcome, reason, "File", 1, Unknown("File"), cost)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "where"),
    [
        (preview(outcome="crashed"), "crashed"),
        (preview("The file cannot be read: KeyError: 'TIFF'"), "unnamed"),
        (preview("cannot identify <_io.BufferedReader>"), "unnamed"),
        (preview("No module in /usr/lib/python3"), "unnamed"),
        (preview(seconds=5.1), "late"),
        (preview(memory=257), "large"),
    ],
)
def test_what_no_preview_may_do_is_found(seen: Preview, where: str) -> None:
    findings = Findings()
    findings.judge("a.bin", "01-head", seen)
    assert {name for name, lines in vars(findings).items() if lines} == {where}


def test_a_reason_in_words_is_no_fault() -> None:
    findings = Findings()
    findings.judge("a.bin", "01-head", preview("The ZIP archive is damaged: it has no end record."))
    assert not any(vars(findings).values())


def test_what_is_left_open_or_lying_about_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = leftovers()
    (tmp_path / "spool").write_bytes(b"")
    assert set(leftovers() - before) == {"file spool"}


def test_likeness_tells_a_picture_from_another(tmp_path: Path) -> None:
    photo().save(tmp_path / "same.png")
    Image.radial_gradient("L").resize((480, 320)).save(tmp_path / "other.png")
    ours = encode(photo())
    assert Image.open(io.BytesIO(ours)).size == (480, 320)
    assert likeness(ours, tmp_path / "same.png", tmp_path) > 0.99
    assert likeness(ours, tmp_path / "other.png", tmp_path) < 0.97
