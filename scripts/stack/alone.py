"""The embedded PostgreSQL by itself, for what must not happen while the shop runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import SettingError
from core.settings import Settings
from scripts.context import file_environment, load_settings, var_folder
from scripts.stack.postgres import Postgres


@contextmanager
def with_database(var: Path | None) -> Iterator[Settings]:
    """Settings whose database answers: the configured one, that of the running stack, or the stack's own
    PostgreSQL, started for the block."""
    try:
        settings = load_settings(var)
    except SettingError:
        if not (var_folder(var) / "postgres" / "PG_VERSION").exists():
            raise
    else:
        yield settings
        return
    folder = var_folder(var).resolve()
    server = Postgres(folder / "postgres", folder / "log" / "postgres.log")
    server.start()
    try:
        environment = {"REDIS_URL": "unix:///nowhere"} | file_environment() | {"DATABASE_URL": server.url}
        yield Settings.from_environment(environment)
    finally:
        server.stop()
