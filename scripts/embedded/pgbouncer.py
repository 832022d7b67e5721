"""Runs PgBouncer (https://www.pgbouncer.org/config.html) before an embedded PostgreSQL, on a Unix socket."""

import os
import shutil
import signal
from pathlib import Path
from typing import Literal

import psycopg

from scripts.embedded.postgres import APPLICATION, AUDIT, USER, Postgres, make_socket_folder
from scripts.embedded.process import NOBODY, Process, Server, StackError

PORT = 6432  # of the socket's name; no port is opened
SERVER_PORT = 5432  # of the server's socket
ASIDE_PORT = 5433  # of the same once we are at its address
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin")
Mode = Literal["session", "transaction"]


class PgBouncer(Server):
    """A pooler of `postgres`: at most `connections` for each role and database. Its files lie in `folder`."""

    name = "pgbouncer"

    def __init__(self, postgres: Postgres, folder: Path, mode: Mode, *, connections: int = 20) -> None:
        super().__init__(folder / "pgbouncer", folder / "pgbouncer.log")
        self.mode = mode
        self.sockets = postgres.sockets.with_name(f"{postgres.sockets.name}-{mode}")
        self._postgres = postgres
        self._server_port = SERVER_PORT
        self._connections = connections

    def url_of(self, database: str, role: str = APPLICATION) -> str:
        """The address of a database of the server, through the pooler."""
        return f"postgresql://{role}@/{database}?host={self.sockets}&port={PORT}"

    def come_between(self) -> str:
        """Answer at the server's own address from now on; the address past us, by the role that owns all.

        Who is connected to the server stays so.
        """
        self._server_port = ASIDE_PORT
        address = self._postgres.sockets / f".s.PGSQL.{SERVER_PORT}"
        address.rename(address.with_name(f".s.PGSQL.{ASIDE_PORT}"))
        (self.data / "pgbouncer.ini").write_text(self._settings())
        if self._process:
            self._process.signal(signal.SIGHUP)
        address.symlink_to(self.sockets / f".s.PGSQL.{PORT}")
        return f"{self._postgres.url_of('postgres')}&port={ASIDE_PORT}"

    def start(self) -> None:
        """Start it. Raises `StackError` where it is not installed."""
        owner = NOBODY if os.getuid() == 0 else os.getuid()
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_socket_folder(self.sockets, owner)
        settings = self.data / "pgbouncer.ini"
        settings.write_text(self._settings())
        (self.data / "users").write_text("".join(f'"{role}" ""\n' for role in (USER, APPLICATION, AUDIT)))
        os.chown(self.data, owner, owner)
        for path in self.data.iterdir():
            os.chown(path, owner, owner)
        uid = owner if os.getuid() == 0 else -1
        process = Process(
            self.name, [program(), "-q", settings], self.log, cwd=self.data, uid=uid, reach=uid != -1
        )
        self._run(process, self._accepts)

    def stop(self) -> None:
        """End it, and all connections through it."""
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url_of("postgres", USER), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _settings(self) -> str:
        lines = {
            "unix_socket_dir": self.sockets,
            "listen_port": PORT,
            "auth_type": "trust",
            "auth_file": self.data / "users",
            "pool_mode": self.mode,
            "default_pool_size": self._connections,
            "max_client_conn": 500,
        }
        text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        server = f"host={self._postgres.sockets} port={self._server_port}"
        return f"[databases]\n* = {server}\n\n[pgbouncer]\n{text}"


def program() -> Path:
    """Where PgBouncer is. Raises `StackError` when it is not installed."""
    path = shutil.which("pgbouncer", path=os.pathsep.join((os.environ.get("PATH", ""), *PLACES)))
    if path is None:
        raise StackError("PgBouncer is not installed. On Debian: apt-get install pgbouncer.")
    return Path(path)
