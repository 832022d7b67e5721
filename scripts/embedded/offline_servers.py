"""Starts the embedded PostgreSQL and store alone, for commands that run while the shop does not."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.process.setting_fields import read_text
from core.process.settings import Settings
from scripts.embedded.postgres import Postgres
from scripts.embedded.process import StackError
from scripts.embedded.runfile import lock, own_secrets
from scripts.embedded.store import Store
from scripts.terminal.context import file_environment, load_settings, var_folder


@contextmanager
def reachable_servers(var: Path | None) -> Iterator[Settings]:
    """Settings whose database and store answer while the block runs.

    They are those that are configured, or those of the running stack, or the stack's own servers, started
    for the block. Raises `SettingError` where none of these exists.
    """
    folder = var_folder(var).resolve()
    variables = {name: value for name, value in (file_environment() | dict(os.environ)).items() if value}
    configured = all(read_text(variables, name) for name in ("DATABASE_URL", "S3_ENDPOINT"))
    with ExitStack() as resources:
        if configured or not folder.is_dir() or _runs(folder, resources):
            yield load_settings(var)
        else:
            yield Settings.from_environment(_start(folder, variables, resources))


def _runs(folder: Path, resources: ExitStack) -> bool:
    """Whether a stack runs there; where none does, none can begin before the end."""
    try:
        resources.enter_context(lock(folder))
    except StackError:
        return True
    return False


def _start(folder: Path, variables: Mapping[str, str], resources: ExitStack) -> dict[str, str]:
    """Start those servers of the folder that have no address in `given`; the settings, completed."""
    keys, link_secret = own_secrets(folder)
    environment = {"REDIS_URL": "unix:///nowhere", "LINK_SECRET": link_secret}
    for name, server in (
        ("DATABASE_URL", Postgres(folder / "postgres", folder / "log" / "postgres.log")),
        ("S3_ENDPOINT", Store(folder / "objects", folder / "log" / "store.log", keys)),
    ):
        if server.data.exists() and not read_text(variables, name):
            resources.callback(server.stop)
            server.start()
            environment |= server.environment
    return {**environment, **variables}
