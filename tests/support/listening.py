"""The API as a server on loopback, and connections that say to it whatever they like."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPResponse
from typing import Self

from litestar import Litestar

from api.main import Server, server_config
from core.jobs.push import Pusher
from core.kit.db import Database
from core.process.settings import Settings
from tests.support.waiting import wait_until

PATIENCE = 30.0  # seconds; only a server that is broken takes them


@dataclass(frozen=True)
class Listening:
    """Where the API listens, and the application behind it."""

    host: str
    port: int
    app: Litestar

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"

    def connect(self, *, source: str = "127.0.0.1") -> "RawConnection":
        """A connection from a loopback address."""
        return RawConnection(socket.create_connection((self.host, self.port), PATIENCE, (source, 0)))


class KeptReader(io.BufferedReader):
    """Reads ahead for all answers of a connection; each answer would close it."""

    def close(self) -> None:
        """Not before the connection."""

    def makefile(self, _mode: str) -> Self:
        """What `HTTPResponse` asks a socket for."""
        return self


class RawConnection:
    """Bytes to the server, and the answers that it gives; to be used in a `with`."""

    def __init__(self, client: socket.socket) -> None:
        self._socket = client
        self._reader = KeptReader(socket.SocketIO(client, "r"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> bool:
        """Say something; False where the server listens no more."""
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def answer(self, method: str = "GET") -> "Answer | None":
        """The next answer; None where the server closed without one."""
        response = HTTPResponse(self._reader, method=method)  # type: ignore[arg-type]
        try:
            response.begin()
            body = response.read()
        except (OSError, BadStatusLine):
            return None
        headers = {name.lower(): text for name, text in response.getheaders()}
        return Answer(response.status, headers, body)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ends(self) -> bool:
        """Whether the server closes the connection, after whatever it still says."""
        try:
            while self._reader.read1():
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def listening(settings: Settings, database: Database) -> Iterator[Listening]:
    """The API on a free port of loopback, as its process makes it."""
    pusher = Pusher(settings.redis_url)
    database.after_commit = pusher.flush
    config = server_config(settings, database)
    config.port = 0
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        assert isinstance(config.app, Litestar)
        yield Listening(host, port, config.app)
    finally:
        server.should_exit = True
        thread.join()
        pusher.close()
