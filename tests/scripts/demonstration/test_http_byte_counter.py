"""The witness sees what passes the API: nothing of a redirect's file, all of a streamed one."""

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.demonstration.http_byte_counter import HttpByteCounter

FILE = bytes(range(256)) * 4096  # 1 MiB


class Answers(BaseHTTPRequestHandler):
    """Redirects /redirect, streams /stream, refuses the rest with a page; keeps connections open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self._answer(302, b"")
        elif self.path == "/stream":
            self._answer(200, FILE)
        else:
            self._answer(404, b"no")

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(FILE)))
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def counter() -> Iterator[HttpByteCounter]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with HttpByteCounter(server.server_port) as proxy:
            yield proxy
        server.shutdown()
        thread.join()


def ask(counter: HttpByteCounter, *requests: tuple[str, str, bytes | None]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", counter.port)
    for method, path, body in requests:
        connection.request(method, path, body)
        connection.getresponse().read()
    connection.close()


def test_redirects_and_heads_carry_no_byte_of_a_file(counter: HttpByteCounter) -> None:
    ask(counter, ("GET", "/redirect", None), ("HEAD", "/stream", None), ("GET", "/redirect", None))
    assert counter.body_bytes == 0
    assert counter.bytes > 0


def test_a_file_streamed_through_the_api_is_seen_whole(counter: HttpByteCounter) -> None:
    ask(counter, ("GET", "/redirect", None), ("GET", "/stream", None))
    assert counter.body_bytes == len(FILE)


def test_a_file_uploaded_through_the_api_is_seen_whole(counter: HttpByteCounter) -> None:
    ask(counter, ("POST", "/upload", FILE), ("GET", "/redirect", None))
    assert counter.body_bytes == len(FILE)
