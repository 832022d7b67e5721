"""The embedded database by itself, for a restore while the shop is stopped."""

from pathlib import Path

import psycopg
import pytest

from core.errors import SettingError
from scripts.stack.alone import with_database
from scripts.stack.postgres import Postgres


def test_the_stacks_own_database_is_started_for_the_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SettingError, match="DATABASE_URL is not set"), with_database(tmp_path):
        pass
    server = Postgres(tmp_path / "postgres", tmp_path / "log" / "postgres.log", fsync=False)
    server.log.parent.mkdir()
    server.start()
    server.stop()
    with with_database(tmp_path) as settings:
        psycopg.connect(settings.database_url).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url).close()
