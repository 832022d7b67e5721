"""Clicks on a buyer's link at a steady pace, while something is done to the shop."""

import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

AT_ONCE = 64
PATIENCE = 20.0  # seconds that a click may take before it counts as lost
LED = "302 of the shop"
TOLD = "503 of the shop"
"""The shop itself said when to come again: its answers carry a correlation id, those of the proxy none."""


@dataclass
class Counted:
    """What became of clicks: how many led to the store, what the others were answered, the slowest (s).

    `others_at` are the moments of the first and the last of these, in seconds since the first click.
    """

    clicks: int = 0
    led: int = 0
    slowest: float = 0.0
    others: dict[str, int] = field(default_factory=dict)
    others_at: list[float] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Clicks that did not lead to the store."""
        return self.clicks - self.led


def browser(trust: ssl.SSLContext, patience: float) -> httpx.Client:
    """A client for which all names lead to this machine, whether or not something here resolves them."""

    def lead_here(request: httpx.Request) -> None:
        request.extensions["sni_hostname"] = request.url.host
        request.url = request.url.copy_with(host="127.0.0.1")

    return httpx.Client(verify=trust, timeout=patience, trust_env=False, event_hooks={"request": [lead_here]})


class Clicks:
    """Clicks `rate` times a second from `start` to `stop`, at least `least` times."""

    def __init__(self, link: str, trust: ssl.SSLContext, *, rate: float, least: int = 0) -> None:
        self._link, self._rate, self._least = link, rate, least
        self._client = browser(trust, PATIENCE)
        self._counted = Counted()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go)
        self._begun = 0.0

    def start(self) -> "Clicks":
        """Begin, in the background."""
        self._thread.start()
        return self

    def stop(self) -> Counted:
        """Click the rest of `least`, wait for all answers, and count."""
        self._stopped.set()
        self._thread.join()
        self._client.close()
        return self._counted

    def _go(self) -> None:
        self._begun, number = time.monotonic(), 0
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while not self._stopped.is_set() or number < self._least:
                threads.submit(self._click)
                number += 1
                time.sleep(max(0.0, self._begun + number / self._rate - time.monotonic()))

    def _click(self) -> None:
        started = time.monotonic()
        try:
            answer = _named(self._client.get(self._link, follow_redirects=False))
        except httpx.HTTPError as error:
            answer = type(error).__name__
        now = time.monotonic()
        with self._lock:
            self._counted.clicks += 1
            self._counted.slowest = max(self._counted.slowest, round(now - started, 2))
            if answer == LED:
                self._counted.led += 1
            else:
                self._counted.others[answer] = self._counted.others.get(answer, 0) + 1
                at = round(now - self._begun, 1)
                self._counted.others_at = [*self._counted.others_at[:1], at]


def _named(answer: httpx.Response) -> str:
    """Its status, and who gave it."""
    return f"{answer.status_code} of the {'shop' if 'x-correlation-id' in answer.headers else 'proxy'}"
