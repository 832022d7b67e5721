"""Connections that do next to nothing, held by another process."""

import socket
import threading
from collections.abc import Iterator

import pytest

from scripts.bench.slow_connections import slow_connections
from tests.support.waiting import wait_until


class Door:
    """Takes connections and keeps them."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.taken: list[socket.socket] = []
        self.thread = threading.Thread(target=self.take, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def take(self) -> None:
        while True:
            try:
                self.taken.append(self.listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        for connection in (self.listener, *self.taken):
            connection.close()


@pytest.fixture
def door() -> Iterator[Door]:
    listener = Door()
    yield listener
    listener.close()


def test_they_are_held_while_the_block_runs_and_gone_afterwards(door: Door) -> None:
    with slow_connections(door.url, "idle", 30):
        wait_until(lambda: len(door.taken) == 30, 60, "not all connections came")
        for connection in door.taken:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
    for connection in door.taken:
        connection.settimeout(60)
        assert connection.recv(1) == b""


def test_a_slow_request_begins_and_never_ends(door: Door) -> None:
    with slow_connections(door.url, "head", 1):
        wait_until(lambda: len(door.taken) == 1, 60, "it did not come")
        door.taken[0].settimeout(60)
        request = b""
        while len(request) < 60:
            request += door.taken[0].recv(100)
            if request.endswith(b"x" * 2):
                break
        assert request.startswith(b"GET /healthz HTTP/1.1\r\n")
        assert b"\r\n\r\n" not in request
