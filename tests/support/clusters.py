"""The data of a PostgreSQL server as the first start of a shop leaves them, made once and copied.

initdb and all migrations take seconds of processor time, and the tests start some fifty servers. Those of the
tests' own processes begin with a copy; `FirstPostgres` begins with nothing, as do `comptoir up` and the demo,
which are processes of their own.
"""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.process.database_roles import grant
from core.process.migrate import upgrade
from scripts.embedded.postgres import APPLICATION, AUDIT, DATABASE, Postgres

INITIALISE = Postgres._initialise


class FirstPostgres(Postgres):
    """A server that begins with nothing, whatever the others do."""

    def _initialise(self) -> None:
        INITIALISE(self)


@contextmanager
def copied_clusters(shared: Path) -> Iterator[None]:
    """While the block runs, servers of this process begin with a copy of what lies in `shared`.

    `shared` is a folder of the whole run: whichever process is the first to need it makes it.
    """

    def initialise(server: Postgres) -> None:
        # It keeps owner and modes; PostgreSQL starts on nothing less.
        subprocess.run(["cp", "-a", f"{_made(shared)}/.", server.data], check=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Postgres, "_initialise", initialise)
        yield


def _made(shared: Path) -> Path:
    """The data, at rest."""
    cluster = shared / "cluster"
    with _one_at_a_time(shared / "cluster.lock"):
        if not cluster.exists():
            begun = shared / "cluster-begun"
            _make(begun, shared / "cluster.log")
            begun.rename(cluster)
    return cluster


def _make(folder: Path, log: Path) -> None:
    server = FirstPostgres(folder, log, fsync=False)
    try:
        server.start()
        upgrade(server.url)
        grant(server.url, server.url_of(DATABASE, APPLICATION), server.url_of(DATABASE, AUDIT))
    finally:
        server.stop()


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
