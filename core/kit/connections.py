"""Connections to PostgreSQL: they leave a server that takes no writes, and heed a pooler in between.

Where a replica takes over, an address may lead to a server that only reads: a standby that is yet to be
promoted, or the old primary, started again as a standby. What is refused there (25006,
https://www.postgresql.org/docs/current/errcodes-appendix.html) closes the connection and is an error of a
server that is away, so the next one is opened wherever the address leads by then.

A pooler such as PgBouncer answers with a process id of its own at the start. Behind one, statements are not
prepared: in transaction mode the next transaction is on another connection of the server, which knows none of
them (https://www.psycopg.org/psycopg3/docs/advanced/prepare.html#using-prepared-statements-with-pgbouncer).
"""

from contextlib import ExitStack
from typing import Any, Literal, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

CONNECT = 5  # seconds for each host
ASK = "SELECT pg_backend_pid(), pg_is_in_recovery()"
STANDBY = "the address leads to a standby, which takes no writes"

Connection = psycopg.Connection[tuple[Any, ...]]
AsyncConnection = psycopg.AsyncConnection[tuple[Any, ...]]


Pooling = Literal["none", "session", "transaction"]
LOOKS = 4  # statements by which a pooler is told; it hands out the connection that was last free


class TakesNoWrites(psycopg.OperationalError):
    """The server only reads just now; the connection is closed."""


class _Cursor(psycopg.Cursor[Any]):
    def execute(self, *arguments: Any, **options: Any) -> Self:
        try:
            return super().execute(*arguments, **options)
        except psycopg.errors.ReadOnlySqlTransaction as error:
            self.connection.close()
            raise TakesNoWrites(str(error)) from None

    def executemany(self, *arguments: Any, **options: Any) -> None:
        try:
            super().executemany(*arguments, **options)
        except psycopg.errors.ReadOnlySqlTransaction as error:
            self.connection.close()
            raise TakesNoWrites(str(error)) from None


class _AsyncCursor(psycopg.AsyncCursor[Any]):
    async def execute(self, *arguments: Any, **options: Any) -> Self:
        try:
            return await super().execute(*arguments, **options)
        except psycopg.errors.ReadOnlySqlTransaction as error:
            await self.connection.close()
            raise TakesNoWrites(str(error)) from None


def address(url: str, application: str) -> str:
    """A database's URL as libpq reads it; of several hosts the one that takes writes is asked for."""
    scheme, _, rest = url.partition("://")
    parts = conninfo_to_dict(f"{scheme.partition('+')[0]}://{rest}")
    hosts = str(parts.get("host") or "") + str(parts.get("hostaddr") or "")
    if "," in hosts:
        parts.setdefault("target_session_attrs", "read-write")
    return make_conninfo("", **{"connect_timeout": CONNECT, **parts, "application_name": application})


def connect(conninfo: str, **options: Any) -> Connection:
    """Open a connection in which a transaction begins by itself. Raises `psycopg.OperationalError`."""
    connection = psycopg.connect(conninfo, autocommit=True, cursor_factory=_Cursor, **options)
    row = connection.execute(ASK).fetchone()
    assert row is not None, "it is one row"
    if row[1]:
        connection.close()
        raise TakesNoWrites(STANDBY)
    if row[0] != connection.info.backend_pid:
        connection.prepare_threshold = None
    connection.autocommit = False
    return connection


async def connect_async(conninfo: str) -> AsyncConnection:
    """The same for an event loop, and every statement commits by itself."""
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True, cursor_factory=_AsyncCursor)
    row = await (await connection.execute(ASK)).fetchone()
    assert row is not None, "it is one row"
    if row[1]:
        await connection.close()
        raise TakesNoWrites(STANDBY)
    if row[0] != connection.info.backend_pid:
        connection.prepare_threshold = None
    return connection


def pooling(url: str) -> Pooling:
    """What stands before the server: nothing, or a pooler, and what it keeps a connection for.

    In session mode a client has one connection of the server's to itself. Raises `psycopg.OperationalError`.
    """
    conninfo = address(url, "comptoir check")
    with ExitStack() as open_connections:
        clients = [
            open_connections.enter_context(psycopg.connect(conninfo, autocommit=True)) for _ in range(2)
        ]
        pids: list[set[int]] = [set(), set()]
        for _ in range(LOOKS):
            for client, seen in zip(clients, pids, strict=True):
                seen |= {int(row[0]) for row in client.execute("SELECT pg_backend_pid()", prepare=False)}
        if all(seen == {client.info.backend_pid} for client, seen in zip(clients, pids, strict=True)):
            return "none"
    return "session" if max(map(len, pids)) == 1 and not pids[0] & pids[1] else "transaction"
