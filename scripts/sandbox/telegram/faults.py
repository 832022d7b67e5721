"""Telegram on a bad day: refusals, flood waits, delays and lost answers, on demand."""

import asyncio
import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from scripts.sandbox.telegram.tl import Refused

SENDS = ("messages.sendMessage", "messages.sendMedia", "messages.sendMultiMedia")


@dataclass
class Faults:
    """What goes wrong next. Methods are named as on Telegram's pages (`messages.sendMessage`)."""

    refusals: defaultdict[str, deque[tuple[int, str]]] = field(default_factory=lambda: defaultdict(deque))
    lost_answers: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    delays: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    in_flight: deque[float] = field(default_factory=deque)
    """Seconds that the next sends spend between taking their random_id and making the message."""
    flood_seconds: int = 0
    flood_times: int = 0
    flood_every: int = 0
    limit: int | None = None
    """Sends a second for one bot over all its sessions
    (https://core.telegram.org/bots/faq#broadcasting-to-users); None for no limit."""
    _sends: int = 0
    _recent: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def fail_next(self, method: str, code: int, reason: str, times: int) -> None:
        """Refuse the next calls of a method."""
        self.refusals[method.lower()].extend([(code, reason)] * times)

    def flood(self, seconds: int, times: int, share: float) -> None:
        """Answer FLOOD_WAIT to the next `times` sends, or from now on to this share of them."""
        self.flood_seconds, self.flood_times = seconds, times
        self.flood_every = math.ceil(1 / share) if share else 0

    async def before(self, method: str, login: str) -> None:
        """Delay or refuse a call before it has any effect. Raises `Refused`."""
        name = method.lower()
        if self.delays[name]:
            await asyncio.sleep(self.delays[name].popleft())
        if self.refusals[name]:
            raise Refused(*self.refusals[name].popleft())
        if method in SENDS:
            self._throttle(login)

    async def hold_in_flight(self) -> None:
        """Keep a send in flight, if one is to be kept."""
        if self.in_flight:
            await asyncio.sleep(self.in_flight.popleft())

    def loses_answer(self, method: str) -> bool:
        """Whether this call's effect stays and its answer is lost."""
        name = method.lower()
        if self.lost_answers[name] <= 0:
            return False
        self.lost_answers[name] -= 1
        return True

    def _throttle(self, login: str) -> None:
        self._sends += 1
        if self.flood_times > 0:
            self.flood_times -= 1
            raise Refused(420, f"FLOOD_WAIT_{self.flood_seconds}")
        if self.flood_every and self._sends % self.flood_every == 0:
            raise Refused(420, f"FLOOD_WAIT_{self.flood_seconds}")
        if self.limit is None:
            return
        recent, now = self._recent[login], time.monotonic()
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= self.limit:
            raise Refused(420, "FLOOD_WAIT_1")
        recent.append(now)
