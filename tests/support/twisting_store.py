"""A proxy in front of the tests' store that changes what it answers, as other stores would have answered."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from scripts.embedded.lifetime import Startable
from scripts.embedded.ports import LOOPBACK


@dataclass
class Request:
    """What came in; `body` may be changed before it goes on."""

    method: str
    path: str
    body: bytes


@dataclass
class Answer:
    """What the store said."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Ahead = Callable[[Request], Answer | None]
Behind = Callable[[Request, Answer], Answer]


class BrokenOff(Exception):
    """Raised by `ahead` or `behind`: the connection ends without an answer."""


def refusal(status: int, code: str) -> Answer:
    """An S3 error document."""
    return Answer(status, {"Content-Type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode())


class TwistingStore(Startable):
    """`ahead` may answer in place of the store, `behind` may change what it answered; both may break off."""

    def __init__(self, port: int, *, ahead: Ahead | None = None, behind: Behind | None = None) -> None:
        self._target = port
        self._ahead = ahead or (lambda request: None)
        self._behind = behind or (lambda request, answer: answer)
        self.requests: list[Request] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                outer.handle(self)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_OPTIONS = _handle

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Its `http://` address."""
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Pass one request on, and its answer back."""
        body = handler.rfile.read(int(handler.headers.get("content-length", "0")))
        request = Request(handler.command, handler.path, body)
        self.requests.append(request)
        try:
            answer = self._ahead(request) or self._behind(request, self._forward(handler, request))
        except BrokenOff:
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                handler.send_header(name, value)
        length = len(answer.body)
        if handler.command == "HEAD":
            length = int(answer.headers.get("Content-Length", "0"))
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.wfile.write(answer.body)

    def _forward(self, handler: BaseHTTPRequestHandler, request: Request) -> Answer:
        connection = http.client.HTTPConnection(LOOPBACK, self._target, timeout=30)
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "content-length"}
        headers |= {"Content-Length": str(len(request.body))} if request.body else {}
        try:
            connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(request.body or None)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers.items()), answer.read())
        finally:
            connection.close()
