"""A second Redis that copies an embedded one, and takes its place at its address: what a fail-over is."""

import socket
from pathlib import Path

import redis

from scripts.embedded.lifetime import Startable
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.process import wait_until
from scripts.embedded.proxy import CountingProxy
from scripts.embedded.redis_server import RedisServer

COPIED = 20.0  # seconds until the copy is complete


class SocketDoor(CountingProxy):
    """A port that leads to a Unix socket: a replica reaches its primary by TCP alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(0)
        self._path = str(path)

    def reach(self) -> socket.socket:
        """Connect to the socket."""
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._path)
        return server


class RedisReplica(Startable):
    """Copies `primary` from its start on. Its own data lie in `folder`."""

    def __init__(self, primary: RedisServer, folder: Path) -> None:
        self.server = RedisServer(folder / "replica", folder / "replica.log", free_port())
        self._primary = primary
        self._address = primary.sockets / "redis.sock"
        self._aside = primary.sockets / "demoted.sock"
        self._door = SocketDoor(self._address)

    @property
    def demoted_url(self) -> str:
        """Where the old primary is reached once another has its address."""
        return f"unix://{self._aside}?db=0"

    def start(self) -> None:
        """Start, and wait until all is copied."""
        with redis.Redis.from_url(self._primary.url) as client:
            client.config_set("repl-diskless-sync", "yes")
            client.config_set("repl-diskless-sync-delay", "0")
        self._door.start()
        self.server.start()
        with redis.Redis.from_url(self.server.url) as client:
            client.replicaof(LOOPBACK, str(self._door.port))
            wait_until(
                lambda: client.info("replication")["master_link_status"] == "up", COPIED, "nothing was copied"
            )

    def stop(self) -> None:
        """End it, and whoever is connected to it."""
        self._door.stop()
        self.server.stop()

    def leave(self) -> None:
        """Copy nothing more: what the primary is given from now on is lost with it."""
        with redis.Redis.from_url(self.server.url) as client:
            client.replicaof("NO", "ONE")

    def take_over(self) -> None:
        """Answer at the primary's address. Who is connected to the old one stays so; it is a replica now."""
        self.leave()
        self._address.rename(self._aside)
        self._address.symlink_to(self.server.sockets / "redis.sock")
        with redis.Redis.from_url(self.demoted_url) as client:
            client.replicaof(LOOPBACK, str(self.server.port))
