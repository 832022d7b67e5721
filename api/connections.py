"""How many connections may stand, in all and from one address; pure, no sockets.

Beyond a bound the oldest connection that waits for a request gives its place to the new one: who asks for
something goes before who only holds a place. Where all are at work, the new one is refused.
"""

from collections import Counter
from typing import Protocol

import structlog

EVERY = 10.0  # seconds between two lines of log about what was refused

log = structlog.get_logger(__name__)


class Connection(Protocol):
    """One client's connection."""

    def give_up(self) -> None:
        """Close it at once."""


class Connections:
    """The connections of a process: at most `most`, and `most_from_one` from one address (0: no bound)."""

    def __init__(self, most: int, most_from_one: int) -> None:
        self.most = most
        self._most_from_one = most_from_one
        self._address: dict[Connection, str] = {}
        self._from = Counter[str]()
        # Those that wait for a request, the one that has waited longest first.
        self._waiting: dict[Connection, None] = {}
        self._waiting_from: dict[str, dict[Connection, None]] = {}
        self._refusals = Counter[str]()
        self._last_line = float("-inf")

    def __len__(self) -> int:
        return len(self._address)

    def enter(self, connection: Connection, address: str) -> bool:
        """Take a new connection in, as one that waits; False where there is no room."""
        full_from_one = bool(self._most_from_one) and self._from[address] >= self._most_from_one
        if full_from_one or len(self._address) >= self.most:
            waiting = self._waiting_from.get(address, {}) if full_from_one else self._waiting
            oldest = next(iter(waiting), None)
            if oldest is None:
                return False
            self.leave(oldest)
            oldest.give_up()
        self._address[connection] = address
        self._from[address] += 1
        self.wait(connection)
        return True

    def wait(self, connection: Connection) -> None:
        """It waits for its client's next request."""
        address = self._address.get(connection)
        if address is not None:
            self._waiting[connection] = None
            self._waiting_from.setdefault(address, {})[connection] = None

    def work(self, connection: Connection) -> None:
        """A request of it is under way."""
        address = self._address.get(connection)
        if address is not None and self._waiting.pop(connection, 0) is None:
            self._forget_waiting(connection, address)

    def leave(self, connection: Connection) -> None:
        """It is closed; a second time, nothing."""
        self.work(connection)
        address = self._address.pop(connection, None)
        if address is not None:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]

    def note(self, reason: str, now: float) -> None:
        """Count a refusal; `now` in seconds. All are told in one line each ten seconds: a flood is no log."""
        self._refusals[reason] += 1
        if now - self._last_line >= EVERY:
            log.warning("connections_refused", standing=len(self), **self._refusals)
            self._refusals.clear()
            self._last_line = now

    def _forget_waiting(self, connection: Connection, address: str) -> None:
        others = self._waiting_from[address]
        del others[connection]
        if not others:
            del self._waiting_from[address]
