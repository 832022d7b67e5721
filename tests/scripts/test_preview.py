"""`comptoir preview` on files of this machine, on addresses, and on files of the shop."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import Session
from typer.testing import CliRunner

from core.kit.db import Database
from schemas.catalogue import AssetPreview
from scripts.commands.preview import app
from scripts.embedded.store import Store
from scripts.terminal.console import CommandError
from scripts.terminal.context import load_settings
from tests.support import make
from tests.workers.preview import files
from tests.workers.preview.server import serve
from workers.store import S3Store


def test_the_report_tells_cost_and_outcome(tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_bytes(files.pdf(3))

    done = CliRunner().invoke(app, [str(path), "--report", "--out", str(tmp_path / "out")])

    report = json.loads(done.stdout)
    assert (report["outcome"], report["description"]["pages"], report["requests"]) == ("made", 3, 1)
    assert report["bytes"] == report["size"] == path.stat().st_size
    assert report["peak_rss"] > 0
    assert report["seconds"] > 0
    assert "seccomp" in report["sandbox"]
    assert {name: (tmp_path / "out" / name).stat().st_size for name in report["pictures"]} == report[
        "pictures"
    ]


def test_all_files_of_a_folder_are_reported_with_their_pictures(tmp_path: Path) -> None:
    shelf, out = tmp_path / "shelf", tmp_path / "out"
    (shelf / "more").mkdir(parents=True)
    (shelf / "a.txt").write_text("Bonjour", encoding="utf-8")
    (shelf / "more" / "b.pdf").write_bytes(files.pdf(1))

    done = CliRunner().invoke(app, [str(shelf), "--report", "--pictures", str(out)])

    reports = {report["file"]: report for report in json.loads(done.stdout)}
    assert list(reports) == ["a.txt", "more/b.pdf"]
    for name, report in reports.items():
        assert report["outcome"] == "made"
        assert {path.name for path in (out / name).iterdir()} == set(report["pictures"])
    (tmp_path / "empty").mkdir()
    done = CliRunner().invoke(app, [str(tmp_path / "empty"), "--report"])
    with pytest.raises(CommandError, match="holds no file"):
        raise done.exception or AssertionError(done.stdout)


def test_an_address_is_read_by_ranges() -> None:
    with serve(files.zip_of({"a.txt": b"x"})) as server:
        done = CliRunner().invoke(app, [server.url, "--report"])

    assert json.loads(done.stdout)["description"]["entries"] == [{"name": "a.txt", "size": 1}]


@pytest.mark.parametrize("arguments", [["--json"], ["some-file", "--all"]])
def test_one_file_or_many_must_be_named(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, arguments)

    with pytest.raises(CommandError, match="--older-than"):
        raise done.exception or AssertionError(done.stdout)


def test_what_is_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(tmp_path / "none"), "--report"])

    with pytest.raises(CommandError, match="no file here"):
        raise done.exception or AssertionError(done.stdout)


def test_the_preview_of_a_file_of_the_shop_is_made_again_and_kept(
    database: Database,
    database_url: str,
    redis_url: str,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ENV": "development"}
    environment |= {"COMPTOIR_VAR": str(tmp_path / "var")}
    for name, value in (environment | store.environment).items():
        monkeypatch.setenv(name, value)
    book = files.pdf(2)
    S3Store(load_settings()).upload("uploads/1/again/cours.pdf", BytesIO(book), len(book), "application/pdf")
    with database.transaction() as session:
        product = make.product(session, files=(), published=False)
        asset = make.asset(session, product, object_name="uploads/1/again/cours.pdf")

    done = CliRunner().invoke(app, [str(asset.id), "--report"])

    keys = json.loads(done.stdout)["keys"]
    assert keys["poster.jpg"] == f"previews/{asset.id}/poster.jpg"
    with Session(database.engine) as session:
        preview = session.get_one(AssetPreview, asset.id)
    assert preview.pictures == {name: {"key": key} for name, key in keys.items()}
    for option, count in (("--all", 1), ("--failed", 0), ("--older-than=1", 0)):
        assert json.loads(CliRunner().invoke(app, [option, "--json"]).stdout) == {"previews": count}
    monkeypatch.setenv("PREVIEW_MAX_BYTES", "100")
    done = CliRunner().invoke(app, [str(asset.id), "--report"])
    assert json.loads(done.stdout)["outcome"] == "too-large"
