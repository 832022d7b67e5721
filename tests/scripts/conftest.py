"""Commands as a person types them, on a real database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import cli

Comptoir = Callable[..., Any]


class Failed(AssertionError):
    """The command exited with a code that is not zero; the text is what it printed on stderr."""


@pytest.fixture
def comptoir(
    database_url: str,
    owner_url: str,
    audit_url: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Comptoir:
    """Run a command; what it printed, parsed where --json was asked. Raises `Failed`."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OWNER_DATABASE_URL", owner_url)
    monkeypatch.setenv("AUDIT_DATABASE_URL", audit_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("COMPTOIR_VAR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run(name: str, *arguments: str) -> Any:
        with pytest.raises(SystemExit) as ended:
            cli.run(name, list(arguments))
        printed = capsys.readouterr()
        if ended.value.code != 0:
            raise Failed(f"{ended.value.code}: {printed.err}")
        return json.loads(printed.out) if "--json" in arguments else printed.out

    return run
