"""Telegram's faults on demand: refusals, flood waits, delays and lost answers."""

import asyncio
import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from scripts.sandbox.telegram.tl import Refused

SENDS = "sends"
"""Stands for the methods that send."""
SENDING = ("messages.sendMessage", "messages.sendMedia", "messages.sendMultiMedia")


@dataclass
class Flood:
    """FLOOD_WAIT for the next `times` calls, or for every `every`-th call."""

    seconds: int
    times: int
    every: int
    calls: int = 0

    def strikes(self) -> bool:
        """Whether the call that is made now is refused."""
        self.calls += 1
        if self.times > 0:
            self.times -= 1
            return True
        return bool(self.every) and self.calls % self.every == 0


@dataclass
class Faults:
    """What goes wrong next. Methods are named as on Telegram's pages (`messages.sendMessage`)."""

    refusals: defaultdict[str, deque[tuple[int, str]]] = field(default_factory=lambda: defaultdict(deque))
    lost_answers: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    delays: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    in_flight: deque[float] = field(default_factory=deque)
    """Seconds that the next sends spend between taking their random_id and making the message."""
    floods: dict[str, Flood] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    """Calls a second for one bot over all its sessions
    (https://core.telegram.org/bots/faq#broadcasting-to-users). Both by method, or `SENDS` for all sends."""
    _recent: defaultdict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def fail_next(self, method: str, code: int, reason: str, times: int) -> None:
        """Refuse the next calls of a method."""
        self.refusals[method.lower()].extend([(code, reason)] * times)

    def flood(self, seconds: int, times: int, share: float, method: str | None = None) -> None:
        """Answer FLOOD_WAIT to the next `times` calls, or from now on to this share of them."""
        self.floods[(method or SENDS).lower()] = Flood(seconds, times, math.ceil(1 / share) if share else 0)

    def set_limit(self, per_second: int | None, method: str | None = None) -> None:
        """Refuse calls above this rate; None lifts it."""
        if per_second is None:
            self.limits.pop((method or SENDS).lower(), None)
        else:
            self.limits[(method or SENDS).lower()] = per_second

    async def before(self, method: str, login: str) -> None:
        """Delay or refuse a call before it has any effect. Raises `Refused`."""
        name = method.lower()
        if self.delays[name]:
            await asyncio.sleep(self.delays[name].popleft())
        if self.refusals[name]:
            raise Refused(*self.refusals[name].popleft())
        for group in (name, SENDS) if method in SENDING else (name,):
            self._throttle(group, login)

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

    def _throttle(self, group: str, login: str) -> None:
        flood = self.floods.get(group)
        if flood is not None and flood.strikes():
            raise Refused(420, f"FLOOD_WAIT_{flood.seconds}")
        limit = self.limits.get(group)
        if limit is None:
            return
        recent, now = self._recent[group, login], time.monotonic()
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= limit:
            raise Refused(420, "FLOOD_WAIT_1")
        recent.append(now)
