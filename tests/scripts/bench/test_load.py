"""The load generator: what it sends and what it reports."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.bench.load import Request, load


class Target(ThreadingHTTPServer):
    """Answers by path; remembers who asked what."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, str, bytes]] = []
        self.connections: set[tuple[str, int]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Target

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        self.server.requests.append((self.command, self.path, body))
        self.server.connections.add(self.client_address)
        if self.path == "/hang-up":
            self.close_connection = True
            return
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("location", f"{self.server.url}/elsewhere")
        self.send_header("content-length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"ok")
        if self.path == "/last":
            # As a server does after some seconds without a request; at once, not when this thread ends.
            self.connection.shutdown(socket.SHUT_WR)
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """No line for each request."""


@pytest.fixture
def target() -> Iterator[Target]:
    with Target() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_reports_each_answer_in_the_order_of_the_requests(target: Target) -> None:
    requests = [Request("GET", "/moved"), Request("POST", "/taken", {"x-signed": "yes"}, "héllo")]

    answers = load(target.url, requests, 100)

    assert [(answer.http_status, answer.location) for answer in answers] == [
        (302, f"{target.url}/elsewhere"),
        (200, f"{target.url}/elsewhere"),
    ]
    assert ("POST", "/taken", "héllo".encode()) in target.requests


def test_an_answer_to_head_has_no_body_to_wait_for(target: Target) -> None:
    answers = load(target.url, [Request("HEAD", "/")] * 3, 0)

    assert [answer.http_status for answer in answers] == [200, 200, 200]


def test_it_keeps_connections_for_later_requests(target: Target) -> None:
    load(target.url, [Request("GET", "/")] * 50, 500)

    assert len(target.connections) < len(target.requests)


def test_an_answer_that_never_comes_is_a_status_of_its_own(target: Target) -> None:
    answers = load(target.url, [Request("GET", "/hang-up"), Request("GET", "/")], 0)

    assert [answer.http_status for answer in answers] == [0, 200]


def test_a_connection_that_was_closed_meanwhile_is_not_used_again(target: Target) -> None:
    answers = load(target.url, [Request("GET", "/last")] * 10, rate=20)
    assert [answer.http_status for answer in answers] == [200] * 10
