"""`comptoir preview` on files of this machine, and on addresses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.commands.preview import app
from scripts.console import CommandError
from tests.workers.preview import files
from tests.workers.preview.server import serve


def test_the_report_tells_cost_and_outcome(tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_bytes(files.pdf(3))

    done = CliRunner().invoke(app, [str(path), "--report", "--out", str(tmp_path / "out")])

    said = json.loads(done.stdout)
    assert (said["outcome"], said["description"]["pages"], said["requests"]) == ("made", 3, 1)
    assert said["bytes"] == said["size"] == path.stat().st_size
    assert said["peak_rss"] > 0
    assert said["seconds"] > 0
    assert "seccomp" in said["sandbox"]
    assert {name: (tmp_path / "out" / name).stat().st_size for name in said["pictures"]} == said["pictures"]


def test_an_address_is_read_by_ranges() -> None:
    with serve(files.zip_of({"a.txt": b"x"})) as server:
        done = CliRunner().invoke(app, [server.url, "--report"])

    assert json.loads(done.stdout)["description"]["entries"] == [{"name": "a.txt", "size": 1}]


def test_what_is_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(tmp_path / "none"), "--report"])

    with pytest.raises(CommandError, match="no file here"):
        raise done.exception or AssertionError(done.stdout)
