"""The embedded servers by themselves, for what is done while the shop is stopped."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlmodel import select

from core.kit.db import Database
from core.kit.errors import SettingError
from schemas.people import User
from scripts.embedded.offline_servers import reachable_servers
from scripts.embedded.process import PROJECT
from scripts.embedded.stack import Stack
from tests.support import make
from workers.store import S3Store

Comptoir = Callable[..., Any]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """The stack's folder."""
    return tmp_path / "var"


@pytest.fixture
def comptoir(var: Path) -> Comptoir:
    """Run a command on the stack's folder, whether a stack runs there or not."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "scripts.cli", *arguments],
            cwd=PROJECT,
            env={**os.environ, "COMPTOIR_VAR": str(var), **environment},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def names(url: str) -> list[str]:
    """Whom the shop knows."""
    database = Database(url)
    with database.transaction() as session:
        users = session.exec(select(User.name).order_by("name")).all()
    database.dispose()
    return list(users)


def test_a_stopped_shop_is_restored_from_its_own_store(var: Path, comptoir: Comptoir, tmp_path: Path) -> None:
    key = comptoir("backup", "key", "--to", "-")
    with Stack(var, roles=(), fsync=False) as stack:
        url = stack.settings.database_url
        database = Database(url)
        with database.transaction() as session:
            make.user(session, name="Before")
        public = key.stderr.strip().removeprefix("BACKUP_KEY=")
        backup = comptoir("backup", "--to", str(tmp_path), BACKUP_KEY=public)
        assert backup.returncode == 0, backup.stderr
        (copy,) = tmp_path.glob("*.dump.age")
        with copy.open("rb") as file:
            key_of_copy = f"backups/{copy.name}"
            S3Store(stack.settings).upload(key_of_copy, file, copy.stat().st_size, "application/octet-stream")
        with database.transaction() as session:
            make.user(session, name="After")
        database.dispose()

    (listed,) = json.loads(comptoir("backup", "list", "--json").stdout)
    assert listed["name"].endswith(".dump.age")
    restored = comptoir("restore", "latest", "--identity", "-", "--force", stdin=key.stdout)
    assert restored.returncode == 0, restored.stderr
    verified = comptoir("audit", "verify")
    assert "The audit log holds" in verified.stdout, verified.stderr
    with reachable_servers(var) as settings:
        assert names(settings.database_url) == ["Before"]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url).close()


def test_where_no_shop_was_the_missing_setting_is_named(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SettingError, match="DATABASE_URL is not set"), reachable_servers(var):
        pass
