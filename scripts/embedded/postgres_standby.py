"""A second PostgreSQL that copies an embedded one, and takes its place at its address."""

from pathlib import Path

import psycopg

from scripts.embedded.postgres import USER, Postgres
from scripts.embedded.process import wait_until

SOCKET = ".s.PGSQL.5432"
STREAMED = 20.0  # seconds until it has all that the primary has
PROMOTED = 30


class PostgresStandby(Postgres):
    """Copies `primary` from its start on, and may be read. Its data lie in `folder`."""

    name = "postgres-standby"

    def __init__(self, primary: Postgres, folder: Path, *, fsync: bool = True) -> None:
        super().__init__(folder / "standby", folder / "standby.log", fsync=fsync)
        self._primary = primary

    def start(self) -> None:
        """Copy the primary, follow it, and have it wait with each commit until we have it too."""
        super().start()
        # Later than the copy, which would wait for a standby of its own as soon as it is promoted.
        self._ask(
            self._primary, "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"
        )
        wait_until(self._in_step, STREAMED, "the standby did not catch up")

    def take_over(self) -> None:
        """Answer at the primary's address from now on, as a standby that takes no writes."""
        address = self._primary.sockets / SOCKET
        meanwhile = address.with_name("new")
        meanwhile.symlink_to(self.sockets / SOCKET)
        meanwhile.rename(address)

    def promote(self) -> None:
        """Become the primary; returns when writes are taken."""
        self._ask(self, f"SELECT pg_promote(true, {PROMOTED})")

    def _initialise(self) -> None:
        source = ("-h", self._primary.sockets, "-U", USER)
        self._fill("pg_basebackup", "-D", self.data, *source, "-R", "-X", "stream", "-c", "fast")

    def _in_step(self) -> bool:
        with psycopg.connect(self._primary.url_of("postgres"), autocommit=True) as connection:
            row = connection.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
            return row.fetchone() == (1,)

    @staticmethod
    def _ask(server: Postgres, *statements: str) -> None:
        with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
