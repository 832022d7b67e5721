"""Builds the real servers that the fixtures of conftest.py lend to tests, and copies of their contents."""

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from scripts.stack.postgres import Postgres

TEMPLATE = "template_comptoir"
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def _execute(server: Postgres, statement: str, *names: str) -> None:
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def make_template(server: Postgres) -> str:
    """An empty database that others are copied from; its address, for the migrations."""
    _execute(server, "CREATE DATABASE {}", TEMPLATE)
    return server.url_of(TEMPLATE)


@contextmanager
def clone_database(server: Postgres) -> Iterator[str]:
    """A copy of the template for one test, dropped afterwards with whoever is still connected."""
    name = f"test_{uuid.uuid4().hex}"
    # Copying files is twice as fast here as PostgreSQL's default, which writes each page to the log.
    _execute(server, "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, TEMPLATE)
    try:
        yield server.url_of(name)
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


def guard_address(connect: Any) -> Any:
    """A `socket.connect` that refuses to leave the machine."""

    def connect_on_loopback(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"A test tried to reach {address}; tests stay on loopback")
        return connect(self, address)

    return connect_on_loopback
