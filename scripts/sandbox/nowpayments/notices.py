"""Sends payment notices (IPN) as NOWPayments does, and with its faults where a test says so."""

import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE = 3.0  # seconds that the shop has for its answer
REPEATS = 3


@dataclass(frozen=True)
class Notice:
    """One signed notice, ready to be sent."""

    url: str
    body: bytes
    signature: str


@dataclass
class Faults:
    """What goes wrong with notices.

    `withhold`: kept back until `release`; `copies`: sent so many times; `backwards`: the last first;
    `delay`: seconds before they are sent.
    """

    withhold: bool = False
    copies: int = 1
    backwards: bool = False
    delay: float = 0.0


@dataclass
class Sender:
    """Sends notices; one that is not answered with 2xx is sent again later, three times in all."""

    secret: str
    pause: float = 60.0  # seconds between repetitions
    faults: Faults = field(default_factory=Faults)
    withheld: list[Notice] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # status of each answer, 0 for none
    _timers: list[threading.Timer] = field(default_factory=list)

    def sign(self, url: str, fields: dict[str, Any]) -> Notice:
        """Write and sign a notice of these fields as their server does (keys sorted, no spaces)."""
        body = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
        canonical = json.dumps(fields, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
        digest = hmac.new(self.secret.encode(), canonical.encode(), hashlib.sha512).hexdigest()
        return Notice(url, body.encode(), digest)

    def send(self, notices: list[Notice]) -> None:
        """Send them now, or do what the faults say."""
        ordered = notices[::-1] if self.faults.backwards else notices
        for notice in [notice for notice in ordered for _ in range(self.faults.copies)]:
            if self.faults.withhold:
                self.withheld.append(notice)
            elif self.faults.delay:
                self._later(self.faults.delay, notice, REPEATS)
            else:
                self._post(notice, REPEATS)

    def release(self) -> None:
        """Send the notices that were withheld."""
        withheld, self.withheld = self.withheld, []
        for notice in withheld:
            self._post(notice, REPEATS)

    def stop(self) -> None:
        """Cancel what is still to be sent."""
        for timer in self._timers:
            timer.cancel()

    def _post(self, notice: Notice, left: int) -> None:
        headers = {"content-type": "application/json", "x-nowpayments-sig": notice.signature}
        try:
            status = httpx.post(
                notice.url, content=notice.body, headers=headers, timeout=PATIENCE, trust_env=False
            ).status_code
        except httpx.HTTPError:
            status = 0
        self.answers.append(status)
        if not 200 <= status < 300 and left > 1:
            self._later(self.pause, notice, left - 1)

    def _later(self, seconds: float, notice: Notice, left: int) -> None:
        timer = threading.Timer(seconds, self._post, (notice, left))
        timer.daemon = True
        self._timers.append(timer)
        timer.start()
