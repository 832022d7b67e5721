"""Workers as on several machines: each group of processes has a network address and connection of its own."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from scripts.bench.running_stack import RunningStack
from scripts.embedded.postgres import APPLICATION, AUDIT, DATABASE, Postgres
from scripts.embedded.process import Process, StackError, wait_until
from scripts.embedded.redis_server import RedisServer

ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
POSTGRES_SOCKET = ".s.PGSQL.5432"
READY = 20.0  # seconds until a network's ports are known


class Host:
    """One pretended machine: the workers of one address, and the network between them and the servers."""

    def __init__(self, system: RunningStack, address: str) -> None:
        self._system = system
        self.address = address
        self._folder = system.stack.var / f"host-{address}"
        self._folder.mkdir(exist_ok=True)
        self._network = self._start_network()
        self._workers = self._make_workers()
        self._workers.start()

    @property
    def pid(self) -> int:
        """The process id of its workers' parent."""
        return self._workers.pid

    def kill(self) -> None:
        """Kill its workers, all at once."""
        self._workers.kill()

    def start(self) -> None:
        """Start its workers."""
        self._workers.start()

    def cut_off(self) -> None:
        """Let nothing pass between this machine and the servers; connections stay open and silent."""
        self._network.signal(signal.SIGSTOP)

    def connect(self) -> None:
        """End what `cut_off` began; what waited arrives now."""
        self._network.signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop its workers and its network."""
        self.connect()
        self._workers.stop(25)
        self._network.stop()

    def _start_network(self) -> Process:
        parts = self._system.stack.parts
        postgres, redis = parts["postgres"], parts["redis"]
        if not isinstance(postgres, Postgres) or not isinstance(redis, RedisServer):
            raise StackError("This needs the embedded servers: remove DATABASE_URL and REDIS_URL.")
        sockets = [postgres.sockets / POSTGRES_SOCKET, redis.sockets / "redis.sock"]
        process = Process(
            f"network {self.address}",
            [sys.executable, "-m", "scripts.bench.network", self.address, *sockets],
            self._ports,
            death_signal=signal.SIGKILL,
        )
        process.start()
        wait_until(lambda: self._ports.read_text().count("\n") > 0, READY, f"no network at {self.address}")
        return process

    def _make_workers(self) -> Process:
        postgres, redis = self._ports.read_text().split()
        server = f"{self.address}:{postgres}/{DATABASE}"
        settings = replace(
            self._system.stack.settings,
            # The roles that workers of a shop have: the owner's could change what it may not.
            database_url=f"postgresql+psycopg://{APPLICATION}@{server}",
            audit_database_url=f"postgresql+psycopg://{AUDIT}@{server}",
            redis_url=f"redis://{self.address}:{redis}/0",
            session_dir=self._folder / "sessions",
        )
        return Process(
            "workers",
            [sys.executable, "-OO", "-m", "workers.main"],
            self._folder / "workers.log",
            environment={"PYTHONUNBUFFERED": "1", **settings.environment_for("workers")},
            death_signal=signal.SIGKILL,
        )

    @property
    def _ports(self) -> Path:
        return self._folder / "network.log"


@contextmanager
def hosts(system: RunningStack, addresses: Sequence[str] = ADDRESSES) -> Iterator[list[Host]]:
    """One machine for each address, with workers that replace those of the stack while the block runs."""
    system.stack.pause("workers")
    machines: list[Host] = []
    try:
        for address in addresses:
            machines.append(Host(system, address))
        yield machines
    finally:
        for host in machines:
            host.stop()
        system.stack.resume("workers")
