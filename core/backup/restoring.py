"""Bringing a copy of the database back: whole, or not at all.

What was there is set aside as a schema of its own and comes back when anything fails. The copy goes in by one
transaction of pg_restore.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg import sql

from core.backup.copy import Header, Reader, read_header, refuse_pooler, running
from core.backup.programs import SERVICE, BackupError, find_program, service
from core.process.migrate import config_for, upgrade

ASIDE = "before_restore"
BLOCK = 1 << 18  # bytes
CONNECTED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
LEFT = "SELECT count(*) FROM pg_namespace WHERE nspname = 'before_restore'"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def restore(database_url: str, source: Reader, *, identity: str = "", force: bool = False) -> Header:
    """Put a copy into a database and bring it to the schema of this code; what the copy was.

    `identity` is the secret key of age, for a copy that is encrypted. Raises `BackupError`: a wrong or
    missing key, a newer schema, a database that is in use, or not empty without `force`.
    """
    header = read_header(source)
    _check(header, identity)
    refuse_pooler(database_url)
    with psycopg.connect(database_url, autocommit=True, application_name="comptoir restore") as connection:
        _check_database(connection, header, force)
        program = find_program("pg_restore", header.program)
        with _set_aside(connection), service(database_url) as environment:
            command = [str(program.path), "--single-transaction", "--exit-on-error", "--no-owner"]
            command += ["--no-privileges", f"--dbname=service={SERVICE}"]
            _pour(command, environment, source, header, identity)
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            if revisions != [(header.revision,)]:
                raise BackupError(
                    "The copy holds another schema than its first line says; nothing was changed."
                )
    upgrade(database_url)
    return header


def _pour(
    command: list[str], environment: dict[str, str], source: Reader, header: Header, identity: str
) -> None:
    """Send what follows the first line to pg_restore."""
    with running(command, environment, stdin=-1) as child:
        assert child.stdin is not None, "it is a pipe"
        if header.encrypted:
            _decrypt(source, child.stdin, identity)
        else:
            while block := source.read(BLOCK):
                child.stdin.write(block)


def _decrypt(source: Reader, target: Any, identity: str) -> None:
    from pyrage import DecryptError, decrypt_io, x25519

    try:
        decrypt_io(source, target, [x25519.Identity.from_str(identity)])
    except BrokenPipeError:
        raise  # pg_restore ended, and says why
    except (DecryptError, OSError):  # no key of ours fits; the stream is not what was written
        raise BackupError(
            "The copy was encrypted for another key, or is damaged; nothing was changed."
        ) from None


def _check(header: Header, identity: str) -> None:
    if header.encrypted and not identity:
        raise BackupError("This copy is encrypted. Give the file of its secret key with --identity.")
    scripts = ScriptDirectory.from_config(config_for(""))
    try:
        scripts.get_revision(header.revision)
    except CommandError:
        raise BackupError(
            f"The copy has the schema {header.revision}, which this code does not know. "
            "Bring the code up to date first."
        ) from None


def _check_database(connection: "psycopg.Connection[Any]", header: Header, force: bool) -> None:
    server = connection.info.server_version // 10_000
    if server < header.server:
        raise BackupError(
            f"The copy is of PostgreSQL {header.server}, this server is {server}. "
            f"Restore into {header.server} or newer."
        )
    if _count(connection, CONNECTED):
        raise BackupError("Others are connected to this database. Stop the shop first: nothing was changed.")
    if _count(connection, LEFT):
        raise BackupError(
            f"A restore was cut off here: what the database held is in the schema {ASIDE}. Bring it back "
            f"(DROP SCHEMA public CASCADE; ALTER SCHEMA {ASIDE} RENAME TO public) or drop it, then try again."
        )
    if _count(connection, TABLES) and not force:
        raise BackupError(
            "The database is not empty. Restore into an empty one, or replace what it holds with --force."
        )


@contextmanager
def _set_aside(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    """What the database held, out of the way: dropped when the block succeeds, brought back when it fails."""
    aside, public = sql.Identifier(ASIDE), sql.Identifier("public")
    begin = sql.SQL("ALTER SCHEMA {1} RENAME TO {0}; CREATE SCHEMA {1}")
    back = sql.SQL("DROP SCHEMA IF EXISTS {1} CASCADE; ALTER SCHEMA {0} RENAME TO {1}")
    with connection.transaction():
        connection.execute(begin.format(aside, public))
    try:
        yield
    except BaseException:
        with connection.transaction():
            connection.execute(back.format(aside, public))
        raise
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(aside))


def _count(connection: "psycopg.Connection[Any]", question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0
