"""HTTP of the stand-in: the API, the pages, and the driver's verbs."""

import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from scripts.sandbox.stripe.api import Answer, Request
from scripts.sandbox.stripe.errors import StripeError, invalid

if TYPE_CHECKING:
    from scripts.sandbox.stripe.sandbox import StripeSandbox

LONGEST_BODY = 16_777_216  # bytes; a file of evidence has 5 MB at most
API = ("/v1/", "/v2/", "/oauth/token", "/oauth/deauthorize")
VERBS = "/sandbox/"


class Server(ThreadingHTTPServer):
    """The HTTP server of one sandbox, on 127.0.0.1. `port` 0: any free one."""

    daemon_threads = True

    def __init__(self, sandbox: "StripeSandbox", port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.sandbox = sandbox


class Handler(BaseHTTPRequestHandler):
    """One request, answered as their API or their pages do."""

    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body at once: apart, the second waits 40 ms for the first to be acknowledged

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests and the stack's log want no line for each request."""

    def _answer(self) -> None:
        body = self._body()
        path = urlsplit(self.path).path
        if body is None:
            self._send(Answer(413, invalid("", "Request entity too large").body))
        elif path.startswith(API):
            headers = {name.lower(): text for name, text in self.headers.items()}
            self._send(self.server.sandbox.api.answer(Request(self.command, self.path, headers, body)))
        else:
            try:
                self._drive(path, body) if path.startswith(VERBS) else self._page(body)
            except StripeError as error:
                self._send(Answer(error.http_status, error.body))

    def _page(self, body: bytes) -> None:
        pages = self.server.sandbox.pages
        if self.command != "POST":
            page = pages.show(self.path).encode()
            self._send_bytes(200, {"Content-Type": "text/html; charset=utf-8"}, page)
            return
        fields = {name: texts[-1] for name, texts in parse_qs(body.decode()).items()}
        email = {"email": fields["email"]} if "email" in fields else {}
        where = pages.press(self.path, fields.get("act", ""), **email)
        self._send_bytes(303, {"Location": where}, b"")

    def _drive(self, path: str, body: bytes) -> None:
        """POST /sandbox/{verb} with the API key and JSON arguments: what a driver elsewhere asks for."""
        sandbox = self.server.sandbox
        sent = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(sent.encode(), sandbox.key.encode()):
            raise StripeError(401, "api_key_invalid", "A driver shows the API key too.")
        try:
            arguments = json.loads(body or b"{}")
            answer = sandbox.perform(path.removeprefix(VERBS), arguments)
        except (KeyError, TypeError, ValueError) as error:
            raise invalid("parameter_invalid", f"{type(error).__name__}: {error}") from None
        self._send(Answer(200, {"answer": answer}))

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        if answer.cut:
            self.close_connection = True
            return
        headers = {"Content-Type": "application/json", **answer.headers}
        self._send_bytes(answer.http_status, headers, json.dumps(answer.body, indent=2).encode())

    def _send_bytes(self, http_status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(http_status)
        for name, text in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)
