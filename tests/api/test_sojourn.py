"""How long a request waited before we came to it, by the kernel's own clock, and when that is too long."""

import asyncio
import socket

from api.sojourn import Sojourn, waited_in_socket
from tests.support.waiting import wait_until


def test_a_queue_that_stands_for_a_moment_refuses_nobody() -> None:
    queue = Sojourn(target=0.2, interval=0.1)

    assert [queue.is_too_long(waited, now) for waited, now in ((0.9, 1.0), (0.8, 1.09), (0.2, 1.1))] == [
        *(False, False, False)
    ]
    assert not queue.is_too_long(0.9, 1.2), "the interval begins anew"


def test_a_queue_that_stands_on_refuses_until_somebody_waited_no_longer_than_they_may() -> None:
    queue = Sojourn(target=0.2, interval=0.1)

    assert not queue.is_too_long(0.3, 5.0)
    assert queue.is_too_long(0.3, 5.11)
    assert queue.is_too_long(9.0, 5.2)
    assert not queue.is_too_long(0.1, 5.3)
    assert not queue.is_too_long(0.3, 5.4)


class Transport(asyncio.BaseTransport):
    """What asyncio tells of a connection."""

    def __init__(self, connected: socket.socket | None) -> None:
        super().__init__({"socket": connected})


def test_the_wait_counts_from_when_the_bytes_came_even_before_the_connection_was_accepted() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\n")
        accepted, _ = server.accept()
        with accepted:
            wait_until(lambda: waited_in_socket(Transport(accepted)) >= 0.05, 60, "the kernel counts no time")
            client.sendall(b"\r\n")
            accepted.recv(64)
            wait_until(lambda: waited_in_socket(Transport(accepted)) < 0.05, 60, "new bytes begin it anew")


def test_where_the_kernel_cannot_say_nobody_waited() -> None:
    ours, theirs = socket.socketpair()
    closed = socket.socket()
    closed.close()
    with ours, theirs:
        assert [waited_in_socket(Transport(one)) for one in (None, ours, closed)] == [0.0] * 3
