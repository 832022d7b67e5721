"""Counts tries against the classes of `core.process.limits`, in memory and together with other processes.

Every process counts for itself, so that a request waits for nobody to be counted, and soon adds its counts
to those in Redis, which all processes share. Redis may be lost whole: then each process goes on with what it
has counted, and the limits hold for each process instead of for all together. Nobody is locked out by that
(failing closed would stop the shop), and guessing does not become free (failing open would invite it).
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.kit.errors import Refused
from core.process import redis_keys
from core.process.limits import Limit

SHARE = 0.2  # seconds between two times that counts are shared, while there are any
TIMEOUT = 0.2  # seconds; a limit must not cost more than what it limits
BREAK = 5.0  # seconds without a try after an error of Redis
KEPT = 20_000  # windows of one process, some 5 MiB; a flood from more clients pushes out the oldest

# Adds to each count, and answers all tries so far and the milliseconds until they are forgotten.
ADD = """
local counts = {}
for i, key in ipairs(KEYS) do
  local more = tonumber(ARGV[2 * i - 1])
  local tries = tonumber(redis.call('get', key) or 0)
  if more > 0 then
    tries = redis.call('incrby', key, more)
    if tries == more then redis.call('pexpire', key, ARGV[2 * i]) end
  end
  counts[2 * i - 1], counts[2 * i] = tries, redis.call('pttl', key)
end
return counts
"""
Key = tuple[str, str]

log = structlog.get_logger(__name__)


class TooMany(Refused):
    """Somebody tried too often; `seconds` until they may try again. `first`: they were not told yet."""

    def __init__(self, seconds: int, *, first: bool = True) -> None:
        super().__init__("too-many-requests", {"seconds": seconds})
        self.seconds = seconds
        self.first = first


@dataclass(slots=True)
class _Window:
    """What one client has tried: in all as far as we know, and what Redis does not know yet."""

    ends: float
    tries: int = 0
    unshared: int = 0
    refused: bool = False


class Limiter:
    """Counts tries by class and client. `changed` are the classes that the setting LIMITS changes."""

    def __init__(
        self,
        redis: Redis,
        changed: Mapping[str, Limit] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._changed = changed or {}
        self._clock = clock
        self._windows: OrderedDict[Key, _Window] = OrderedDict()
        self._unshared: set[Key] = set()
        self._sharing: asyncio.Task[None] | None = None
        self._away_until = 0.0

    def admit(self, limit: Limit, client: str) -> None:
        """Count a try at once; other processes learn of it soon. Raises `TooMany` when none was left."""
        limit = self._changed.get(limit.name, limit)
        if limit.most == 0:
            return
        self._add(limit, client)
        if self._sharing is None or self._sharing.done():
            self._sharing = asyncio.create_task(self._share_soon())

    async def count(self, limit: Limit, client: str) -> None:
        """Count a rare or weighty try of all processes together. Raises `TooMany` when none was left."""
        limit = self._changed.get(limit.name, limit)
        if limit.most == 0:
            return
        window = self._add(limit, client)
        await self._share([(limit.name, client)])
        if window.tries > limit.most:
            raise self._refuse(window)

    async def check(self, limit: Limit, client: str) -> None:
        """Raise `TooMany` when no try is left, of all processes' together; counts none."""
        limit = self._changed.get(limit.name, limit)
        if limit.most == 0:
            return
        window = self._window(limit, client)
        if window.tries < limit.most:
            await self._share([(limit.name, client)])
        if window.tries >= limit.most:
            raise self._refuse(window)

    def forget(self, limit: Limit, client: str) -> None:
        """Let a client whom the class does not mean begin anew, as far as this process counts."""
        self._windows.pop((limit.name, client), None)

    async def share(self) -> None:
        """Tell Redis what it does not know yet, and learn what others counted."""
        await self._share(list(self._unshared))

    async def close(self) -> None:
        """Share what is left and end."""
        if self._sharing is not None:
            self._sharing.cancel()
            await asyncio.wait([self._sharing])
        await self.share()

    def _add(self, limit: Limit, client: str) -> _Window:
        window = self._window(limit, client)
        if window.tries >= limit.most:
            raise self._refuse(window)
        window.tries += 1
        window.unshared += 1
        self._unshared.add((limit.name, client))
        return window

    def _window(self, limit: Limit, client: str) -> _Window:
        key, now = (limit.name, client), self._clock()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            self._windows.pop(key, None)
            if len(self._windows) >= KEPT:
                self._unshared.discard(self._windows.popitem(last=False)[0])
            window = self._windows[key] = _Window(now + limit.seconds)
        return window

    def _refuse(self, window: _Window) -> TooMany:
        first, window.refused = not window.refused, True
        return TooMany(max(1, ceil(window.ends - self._clock())), first=first)

    async def _share_soon(self) -> None:
        while self._unshared:
            await asyncio.sleep(SHARE)
            await self.share()

    async def _share(self, keys: Sequence[Key]) -> None:
        """Never an error, never long. What Redis does not take is told to it at another time."""
        now = self._clock()
        if now < self._away_until:
            return
        self._unshared.difference_update(keys)
        windows = {key: window for key in keys if (window := self._windows.get(key)) is not None}
        arguments: list[int] = []
        for window in windows.values():
            arguments += [window.unshared, max(1, int((window.ends - now) * 1000))]
            window.unshared = 0
        if (counts := await self._add_in_redis(windows, arguments)) is None:
            for window, more in zip(windows.values(), arguments[::2], strict=True):
                window.unshared += more
            self._unshared.update(windows)
            return
        for window, tries, left in zip(windows.values(), counts[::2], counts[1::2], strict=True):
            self._learn(window, tries + window.unshared, left)

    async def _add_in_redis(self, keys: Iterable[Key], arguments: list[int]) -> list[int] | None:
        """What `ADD` answers; None while Redis is away."""
        names = [f"{redis_keys.LIMIT}{name}:{client}" for name, client in keys]
        if not names:
            return []
        try:
            async with asyncio.timeout(TIMEOUT):
                counts: list[int] = await self._redis.eval(ADD, len(names), *names, *arguments)
        except (TimeoutError, RedisError) as error:
            self._away_until = self._clock() + BREAK
            log.warning("limits_count_alone", error=type(error).__name__)
            return None
        return counts

    def _learn(self, window: _Window, tries: int, left: int) -> None:
        """Others count too, and theirs may have begun earlier. Fewer than we know: Redis has lost some."""
        if tries > window.tries:
            window.tries = tries
            window.ends = min(window.ends, self._clock() + max(left, 0) / 1000)
