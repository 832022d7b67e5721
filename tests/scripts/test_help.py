"""What every command shows of itself, and what it must not load for that."""

import json
import subprocess
import sys

import pytest

from scripts.cli import COMMANDS
from scripts.cli import main as cli_main

# The database, Telegram, the store and media take from one to three seconds to load.
HEAVY = {
    "sqlalchemy",
    "sqlmodel",
    "psycopg",
    "alembic",
    "pyrogram",
    "minio",
    "av",
    "PIL",
    "dramatiq",
    "litestar",
}
SHOW_ALL = """
import contextlib, io, json, sys
from scripts import cli
said = {}
for name in cli.COMMANDS:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        cli.run(name, ["--help"])
    said[name] = [out.getvalue(), sorted({module.partition(".")[0] for module in sys.modules})]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def help_pages() -> dict[str, tuple[str, list[str]]]:
    """For each command: its help, and the packages that are loaded when it has been shown."""
    done = subprocess.run([sys.executable, "-c", SHOW_ALL], check=True, capture_output=True, timeout=60)
    pages: dict[str, tuple[str, list[str]]] = json.loads(done.stdout)
    return pages


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_shown_without_loading_what_only_the_work_needs(
    help_pages: dict[str, tuple[str, list[str]]], name: str
) -> None:
    text, loaded = help_pages[name]

    assert f"Usage: comptoir {name}" in text
    assert HEAVY.isdisjoint(loaded)


def test_an_argument_that_is_not_utf8_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["comptoir", "orders", "find", "caf\udce9"])
    with pytest.raises(SystemExit) as ended:
        cli_main()
    assert ended.value.code == 1
    assert "not UTF-8" in capsys.readouterr().err
