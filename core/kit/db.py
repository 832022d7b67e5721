"""PostgreSQL through SQLModel sessions; one transaction per unit of work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from core.kit.connections import address, connect

PAUSES = (0.2, 1.0, 3.0)  # seconds
Result = TypeVar("Result")
AfterCommit = Callable[[Session], None]


@dataclass(frozen=True)
class PoolUse:
    """How many connections of a pool are in use just now, and how many it may have."""

    in_use: int
    most: int


class Database:
    """An engine and its units of work.

    `after_commit` runs once for each committed session, outside any transaction; the ledger's push to
    Redis hangs on it. It must not raise.
    """

    def __init__(
        self, url: str, *, pool_size: int = 5, max_overflow: int = 15, application: str = "comptoir"
    ):
        self._most = pool_size + max_overflow
        self.engine: Engine = create_engine(
            "postgresql+psycopg://",  # what it says is for `connect` alone: SQLAlchemy reads no list of hosts
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_pre_ping=False,
            hide_parameters=True,  # its errors show the SQL; names, numbers and tokens are in the parameters
        )
        conninfo = address(url, application)
        event.listen(self.engine, "do_connect", lambda *heard: connect(conninfo, **heard[3]))
        self._each_alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.after_commit: AfterCommit | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()
            if self.after_commit is not None:
                self.after_commit(session)

    def run(self, rule: Callable[[Session], Result]) -> Result:
        """Do a rule, which changes nothing but the database, in one transaction.

        Once more after each of `PAUSES` where the server went away before the commit, so that what people
        sent while it restarted is not lost. Whether a commit without an answer was done, nobody knows, and
        done twice would be worse: its error is raised.
        """
        for pause in PAUSES:
            asked_to_commit = False
            try:
                with self.transaction() as session:
                    outcome = rule(session)
                    asked_to_commit = True
                return outcome
            except DBAPIError as error:
                if asked_to_commit or not _went_away(error):
                    raise
            time.sleep(pause)
        with self.transaction() as session:
            return rule(session)

    @contextmanager
    def statements(self) -> Iterator[Session]:
        """A session in which every statement commits by itself: a single one costs a single round trip.

        For reads, and for writes that are one statement.
        """
        with Session(self._each_alone, expire_on_commit=False) as session:
            yield session
            if self.after_commit is not None:
                self.after_commit(session)

    def pool_use(self) -> PoolUse:
        """What of its connections is in use. Asks no server."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool), "it is SQLAlchemy's for every server"
        return PoolUse(pool.checkedout(), self._most)

    def dispose(self) -> None:
        """Close all pooled connections (at shutdown, and in a child right after a fork)."""
        self.engine.dispose()


def _went_away(error: DBAPIError) -> bool:
    """Whether the connection broke, or none was to be had: no fault of what was asked."""
    state = getattr(error.orig, "sqlstate", None)
    # Class 08 is connection exception, 57P operator intervention (PostgreSQL, appendix A); without a state
    # no server answered.
    never_came = isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P")))
    return error.connection_invalidated or never_came


def driver(connection: Connection) -> "psycopg.Connection[tuple[Any, ...]]":
    """The driver's own connection, inside the transaction that SQLAlchemy began on it.

    For what every job runs: half the processor time of the same statement through SQLAlchemy (measured,
    0.10 against 0.20 ms). Its errors are psycopg's.
    """
    connected: psycopg.Connection[tuple[Any, ...]] | None = connection.connection.driver_connection
    assert connected is not None, "a connection of the pool is open"
    return connected
