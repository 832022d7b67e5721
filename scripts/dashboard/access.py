"""How commands and screens reach the ledger: to read only, or as somebody who may act."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from core.kit.errors import Refused
from scripts.terminal.console import CommandError, explain, transaction

if TYPE_CHECKING:
    from sqlmodel import Session

    from core.kit.db import Database

ReadOnly = Annotated[bool, typer.Option("--read-only", help="Change nothing, whatever is asked")]

READ_ONLY = "SET TRANSACTION READ ONLY"


@contextmanager
def read(var: Path | None) -> "Iterator[Session]":
    """A transaction on the shop's database in which PostgreSQL refuses every write."""
    with transaction(var) as session:
        session.connection().exec_driver_sql(READ_ONLY)
        yield session


@contextmanager
def read_from(database: "Database") -> "Iterator[Session]":
    """A read-only transaction on a database that is open already."""
    with database.transaction() as session:
        session.connection().exec_driver_sql(READ_ONLY)
        yield session


def refuse_read_only(context: typer.Context) -> None:
    """Raise `CommandError` when the command was started with --read-only."""
    if context.obj:
        raise CommandError(explain(Refused("queue-read-only")))


def job_number(written: str) -> UUID:
    """The id of a job as somebody typed it. Raises `CommandError` for what is no id."""
    try:
        return UUID(written)
    except ValueError:
        raise CommandError(
            f"{written!r} is no job's id. Copy it whole from `comptoir queue jobs`: 8-4-4-4-12 digits."
        ) from None
