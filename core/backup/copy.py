"""A copy of the database as a stream: one line that says what it is, then pg_dump's own format.

With a public key of age (https://age-encryption.org) what follows the line is encrypted, so that whoever
makes backups cannot read them. Without this code, a copy is still read by everybody's tools:

    tail -n +2 COPY | age -d -i KEY | pg_restore --no-owner -d DATABASE
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Protocol

import msgspec
import psycopg

from core.backup.programs import SERVICE, BackupError, BackupImpossible, Program, find_program, service
from core.kit.connections import pooling

FOLDER = "backups/"
LINE = 4096  # bytes that the first line may have
BLOCK = 1 << 18  # bytes read and written at once
COMPRESSION = "gzip:3"


class Writer(Protocol):
    """Takes bytes, in bounded memory."""

    def write(self, block: bytes, /) -> object:
        """Take all of them."""

    def flush(self) -> object:
        """Nothing is asked of it."""


class Reader(Protocol):
    """Gives bytes, in bounded memory."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""

    def readline(self, size: int, /) -> bytes:
        """The bytes up to the next line break, at most so many."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line. `revision` is that of the schema, `server` and `program` are major versions."""

    comptoir_backup: int = 1
    revision: str
    server: int
    program: int
    encrypted: bool
    made_at: datetime

    @property
    def name(self) -> str:
        """Its key in the store: newer ones sort behind older ones, and two of one second are two."""
        ending = "dump.age" if self.encrypted else "dump"
        return f"{FOLDER}{self.made_at:%Y%m%dT%H%M%S.%fZ}-{self.revision}.{ending}"


def plan_copy(database_url: str, *, key: str, now: datetime) -> tuple[Header, Program]:
    """What a copy made now will be, and what makes it. Raises `BackupError`."""
    refuse_pooler(database_url)
    with psycopg.connect(database_url) as connection:
        server = connection.info.server_version // 10_000
        try:
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            revision = None
    if revision is None:
        raise BackupError("The database holds no shop yet. Run `comptoir migrate`, then try again.")
    program = find_program("pg_dump", server)
    return (
        Header(
            revision=revision[0],
            server=server,
            program=program.major,
            encrypted=bool(key),
            made_at=now.astimezone(UTC),
        ),
        program,
    )


def refuse_pooler(database_url: str) -> None:
    """Raise `BackupImpossible` where each transaction may be on another connection of the server.

    PostgreSQL's programs set a session up before their first one (the search path is empty there), and would
    leave that to whoever has the connection next.
    """
    if pooling(database_url) == "transaction":
        raise BackupImpossible(
            "The address of the database leads to a pooler in transaction mode, which copies cannot be made "
            "or brought back through. Set DIRECT_DATABASE_URL, and OWNER_DATABASE_URL for restores, to "
            "PostgreSQL itself."
        )


def copy_database(database_url: str, header: Header, program: Program, target: Writer, *, key: str) -> None:
    """Write the copy to `target`, as the database is at one moment. Raises `BackupError`."""
    target.write(msgspec.json.encode(header) + b"\n")
    command = [program.path, "--format=custom", f"--compress={COMPRESSION}", "--no-owner", "--no-privileges"]
    with (
        service(database_url) as environment,
        running([*map(str, command), f"--dbname=service={SERVICE}"], environment) as child,
    ):
        assert child.stdout is not None, "it is a pipe"
        if key:
            from pyrage import encrypt_io, x25519  # only workers and commands ever load it

            encrypt_io(child.stdout, target, [x25519.Recipient.from_str(key)])
        else:
            while block := child.stdout.read(BLOCK):
                target.write(block)


def read_header(source: Reader) -> Header:
    """The first line of a copy. Raises `BackupError` where this is none of ours."""
    try:
        header = msgspec.json.decode(source.readline(LINE), type=Header)
    except msgspec.DecodeError:
        raise BackupError("This is no backup of Comptoir: its first line does not say so.") from None
    if header.comptoir_backup != 1:
        raise BackupError("This backup was made by a newer Comptoir. Bring the code up to date first.")
    return header


def too_many(names: list[str], keep: int) -> list[str]:
    """Of the copies in the store, those beyond the newest `keep`."""
    return sorted(name for name in names if name.startswith(FOLDER))[:-keep]


@contextmanager
def running(
    command: list[str], environment: dict[str, str], *, stdin: int | None = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program of PostgreSQL while the block pumps; it is ended where the block fails.

    Raises `BackupError` with its last words when it ends badly.
    """
    with tempfile.TemporaryFile() as words:
        child = subprocess.Popen(
            command,
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE if stdin is subprocess.DEVNULL else subprocess.DEVNULL,
            stderr=words,
            bufsize=0,
        )
        try:
            with child:
                try:
                    yield child
                except BaseException:
                    child.kill()
                    raise
        except BrokenPipeError:
            pass  # it ended early: its code and words say why
        if child.returncode:
            raise BackupError(f"{command[0]} ended with code {child.returncode}: {_tail(words)}")


def _tail(words: IO[bytes]) -> str:
    words.seek(0)
    output = words.read(1 << 20).decode(errors="replace").strip()
    return output[-2000:] or "it said nothing"
