"""A loopback HTTP server that sends one object in ranges, and misbehaves on demand."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Server", "Handler", int, int], bool]
"""Answers a request for a range in its own way, or returns False to have it answered well."""


@dataclass
class Server:
    """The object, how it is sent, and what was asked: (start, stop, If-Match)."""

    content: bytes
    etag: str = '"one"'
    modified: str = "Wed, 21 Oct 2015 07:28:00 GMT"
    behave: Behaviour = lambda server, handler, start, stop: False
    ranges: list[tuple[int, int, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    owner: Server

    def do_GET(self) -> None:
        """A range."""
        first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        start, stop = int(first), int(last) + 1 if last else len(self.owner.content)
        self.owner.ranges.append((start, stop, self.headers.get("If-Match", "")))
        self.owner.paths.append(self.path)
        if not self.owner.behave(self.owner, self, start, stop):
            self.send_range(start, stop)

    def send_range(self, start: int, stop: int, status: int = 206, content: bytes | None = None) -> None:
        """A proper answer."""
        size = len(self.owner.content)
        if start >= size:
            self.send_head(416, 0, f"bytes */{size}")
            return
        body = self.owner.content[start:stop] if content is None else content
        self.send_head(status, len(body), f"bytes {start}-{min(stop, size) - 1}/{size}")
        self.wfile.write(body)

    def send_head(self, status: int, length: int, content_range: str = "") -> None:
        """Status and headers."""
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        headers = {
            "Content-Range": content_range,
            "ETag": self.owner.etag,
            "Last-Modified": self.owner.modified,
        }
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Silence."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves early is what these tests are about."""


@contextmanager
def serve(content: bytes, behave: Behaviour | None = None, **options: Any) -> Iterator[Server]:
    """Run a server for the block."""
    owner = Server(content, **options)
    if behave:
        owner.behave = behave
    handler = type("Bound", (Handler,), {"owner": owner})
    with _Quiet(("127.0.0.1", 0), handler) as running:
        owner.url = f"http://127.0.0.1:{running.server_port}/object"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield owner
        finally:
            owner.stopping.set()
            running.shutdown()
            thread.join()
