"""A stand-in for Stripe: real HTTP in both directions, driven by methods, by its pages, or over HTTP."""

import secrets
import threading
from typing import Any

from scripts.embedded.lifetime import Startable
from scripts.sandbox.stripe.api import Api, Judge
from scripts.sandbox.stripe.driver import Driver
from scripts.sandbox.stripe.pages import Pages
from scripts.sandbox.stripe.routes import routes
from scripts.sandbox.stripe.server import Server


class StripeSandbox(Driver, Startable):
    """A Stripe server on 127.0.0.1, in a thread. `port` 0: any free one.

    `judge`: says of each request, answer and event what is not in Stripe's contract.
    """

    def __init__(self, key: str = "", port: int = 0, judge: Judge | None = None) -> None:
        self.key = key or f"sk_test_{secrets.token_hex(16)}"
        super().__init__()
        self.api = Api(self.book, self.key, routes(self._webhooks), judge)
        self.pages = Pages(self.book, self.sender)
        if judge is not None:
            self.book.on_event = lambda event: self.api.faults.extend(
                f"event {event['type']}: {fault}" for fault in judge.check_event(event)
            )
        self._server = Server(self, port)
        self.book.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Its address without a path, for the API, OAuth and files alike."""
        return self.book.url

    @property
    def faults(self) -> list[str]:
        """What the judge found so far, of requests, answers and events."""
        return self.api.faults

    def start(self) -> None:
        """Begin to answer requests and to send events."""
        self.sender.start()
        self._thread.start()

    def stop(self) -> None:
        """End the server, and send no event any more."""
        self.sender.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def perform(self, verb: str, arguments: dict[str, Any]) -> Any:
        """Do a verb by its name. Raises `KeyError` for an unknown one, `TypeError` for wrong arguments."""
        if verb not in VERBS:
            raise KeyError(verb)
        return getattr(self, verb)(**arguments)


VERBS = [
    "add_seller",
    "onboard",
    "stands",
    "disconnect",
    "set_seller",
    "final",
    "pays",
    "authenticates",
    "settles",
    "refund_settles",
    "disputes",
    "decides",
    "warns",
    "sells_elsewhere",
    "subscribes_elsewhere",
    "pays_out",
    "next_card",
    "advance",
    "advance_to",
    "break_things",
    "mend_things",
    "release",
    "send_again",
    "roll_secret",
    "listen",
    "flush",
    "export",
]
"""What a driver in another process may ask for."""
