"""The counting proxy: it hides nothing and counts everything."""

import socket
import threading
from collections.abc import Iterator

import pytest

from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.proxy import CountingProxy
from tests.support.waiting import wait_until

BODY = b"x" * 3_000_000


def read_all(peer: socket.socket) -> bytes:
    return b"".join(iter(lambda: peer.recv(1 << 16), b""))


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A server that reads to the end, then answers all of it."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    peer.sendall(read_all(peer))

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def exchange(port: int, body: bytes) -> bytes:
    with socket.create_connection((LOOPBACK, port)) as client:
        client.sendall(body)
        client.shutdown(socket.SHUT_WR)
        return read_all(client)


def test_bytes_pass_unchanged_and_are_counted_both_ways(echo_port: int) -> None:
    with CountingProxy(echo_port) as proxy:
        assert exchange(proxy.port, BODY) == BODY
        assert exchange(proxy.port, b"more") == b"more"
        wait_until(lambda: proxy.downstream == len(BODY) + 4, 60, "not all was counted")

        assert (proxy.upstream, proxy.connections) == (len(BODY) + 4, 2)


def test_a_target_that_is_away_closes_the_connection() -> None:
    with CountingProxy(free_port()) as proxy:
        assert exchange(proxy.port, b"") == b""
        assert proxy.connections == 0
