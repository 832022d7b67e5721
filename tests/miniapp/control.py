"""By which tests in JavaScript open shops and change what no page can: `POST /shops`, `POST /shops/1/pay`."""

import json
import threading
import traceback
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from scripts.embedded.ports import LOOPBACK
from tests.miniapp.shop import Servers, Shop, open_shop


class Control:
    """Takes JSON, answers JSON. A failure is answered as 500 with its traceback: it fails the test."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._shops: dict[str, Shop] = {}
        self._closing = ExitStack()
        self._opening = threading.Lock()
        self._listener = ThreadingHTTPServer((LOOPBACK, 0), self._handler())
        self._thread = threading.Thread(target=self._listener.serve_forever)

    @property
    def url(self) -> str:
        """The `http://` address."""
        return f"http://{LOOPBACK}:{self._listener.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        self._closing.close()

    def answer(self, path: str, details: dict[str, Any]) -> Any:
        """Open a shop, or have one do what the path's last word says."""
        match path.strip("/").split("/"):
            case ["shops"]:
                return self._open(**details)
            case ["shops", number, act]:
                return self._shops[number].do(act, **details)
        raise LookupError(f"nothing at {path}")

    def _open(self, **options: Any) -> dict[str, Any]:
        with self._opening:
            number = len(self._shops) + 1
            shop = self._closing.enter_context(open_shop(self._servers, number, **options))
            self._shops[str(number)] = shop
        settings, facts = shop.settings, self._servers.facts
        return {"number": number, "origin": settings.public_url, "store": settings.store_origin, **facts}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        control = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                try:
                    status, answer = 200, control.answer(self.path, json.loads(body))
                except Exception:  # noqa: BLE001 - the test is told, whatever it is
                    status, answer = 500, {"error": traceback.format_exc()}
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the tests' own report is what is read."""

        return Handler
