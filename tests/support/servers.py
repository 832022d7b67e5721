"""Builds the real servers that the fixtures of conftest.py lend to tests, and copies of their contents."""

import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from core.kit.db import Database, driver
from scripts.embedded.postgres import APPLICATION, USER, Postgres
from scripts.embedded.postgres_standby import PostgresStandby

TEMPLATE = "template_comptoir"
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
MEMORY = Path("/dev/shm")
ROOM = 1 << 30  # bytes; a server of the tests takes a tenth of it


class CompiledStatements(dict[Any, Any]):
    """What SQLAlchemy compiles, for all engines: its keys begin with the engine's dialect, of which we have
    one kind.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


@contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """A folder in memory for a database server, or `otherwise` where there is no room.

    A copied database is some 400 files: 25 ms in memory, 0.7 s on a busy disk.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield otherwise
        return
    with tempfile.TemporaryDirectory(prefix="comptoir-tests-", dir=MEMORY) as folder:
        yield Path(folder)


@cache
def _administration(address: str) -> psycopg.Connection[Any]:
    """One connection for all that is made and dropped; one for each would take half as much again.

    It ends with the process.
    """
    return psycopg.connect(address, autocommit=True)


def _execute(server: Postgres, statement: str, *names: str) -> None:
    connection = _administration(server.url_of("postgres"))
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def copy_database(server: Postgres, name: str, template: str) -> None:
    """A database that begins as a copy of another, to which nobody may be connected."""
    # Three quarters of the processor time of the default, which writes every block to the log first.
    _execute(server, "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)


def make_database(server: Postgres, name: str) -> str:
    """A database with nothing in it; its address, for the migrations."""
    _execute(server, "CREATE DATABASE {}", name)
    return server.url_of(name)


def copy_template(server: Postgres, name: str) -> str:
    """A further template that begins as a copy of the first; its address, for what is to be in it."""
    copy_database(server, name, TEMPLATE)
    return server.url_of(name)


@contextmanager
def clone_database(server: Postgres, template: str = TEMPLATE) -> Iterator[str]:
    """A copy of a template for one test, by the application's role.

    It is dropped afterwards, with whoever is still connected.
    """
    name = f"test_{uuid.uuid4().hex}"
    copy_database(server, name, template)
    try:
        yield server.url_of(name, APPLICATION)
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def postgres_pair(otherwise: Path) -> Iterator[tuple[Postgres, PostgresStandby]]:
    """A primary with an empty database, and a standby that each of its commits waits for."""
    with quick_folder(otherwise) as folder:
        primary = Postgres(folder / "primary", folder / "primary.log", fsync=False)
        standby = PostgresStandby(primary, folder, fsync=False)
        try:
            primary.start()
            standby.start()
            yield primary, standby
        finally:
            standby.stop()
            primary.stop()


def as_role(url: str, role: str) -> str:
    """The same database by another role."""
    return url.replace(f"//{APPLICATION}@", f"//{role}@", 1)


def as_owner(database: Database, statement: str) -> None:
    """Run one statement as the role that owns the tables."""
    with database.engine.connect() as connected:
        place = driver(connected).info
    with psycopg.connect(host=place.host, dbname=place.dbname, user=USER, autocommit=True) as connection:
        connection.execute(statement.encode())


def guard_address(connect: Any) -> Any:
    """A `socket.connect` that refuses to leave the machine."""

    def connect_on_loopback(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"A test tried to reach {address}; tests stay on loopback")
        return connect(self, address)

    return connect_on_loopback
