"""How often one client may try: a counter in Redis for each window, which expires by itself.

Without Redis nothing is limited; what needs Redis cannot be answered then anyway.
"""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.kit.errors import Refused

TIMEOUT = 0.2  # seconds; a limit must not cost more than what it limits


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in `seconds`, counted from the first one."""

    name: str
    most: int
    seconds: int


GUESSES = Limit("guess", 30, 60)  # unknown links, order pages and staff tokens
ORDERS = Limit("order", 30, 600)
CLAIMS = Limit("claim", 30, 600)
TRANSFERS = Limit("transfer", 20, 600)
UPLOADS = Limit("upload", 600, 3600)
CALLS = Limit("call", 120, 60)  # of the public API with one token
CALLS_FROM = Limit("call-from", 300, 60)  # and from one address, behind which there may be many people
MAILS = Limit("mail", 5, 86_400)  # questions whether an e-mail address is its reader's

# Counts and answers the tries so far and the milliseconds until they are forgotten.
COUNT = """
local tries = redis.call('incrby', KEYS[1], ARGV[1])
if tries == tonumber(ARGV[1]) then redis.call('pexpire', KEYS[1], ARGV[2]) end
return {tries, redis.call('pttl', KEYS[1])}
"""
LOOK = "return {tonumber(redis.call('get', KEYS[1]) or 0), redis.call('pttl', KEYS[1])}"


class TooMany(Refused):
    """One client tried too often; `seconds` until it may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too-many-requests", {"seconds": seconds})
        self.seconds = seconds


class Limiter:
    """Counts tries by limit and client."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def count(self, limit: Limit, client: str) -> None:
        """Count a try. Raises `TooMany` when it is one too many."""
        tries, left = await self._ask(COUNT, limit, client, 1, limit.seconds * 1000)
        self._refuse(tries > limit.most, left)

    async def check(self, limit: Limit, client: str) -> None:
        """Raise `TooMany` when no try is left, without counting one."""
        tries, left = await self._ask(LOOK, limit, client)
        self._refuse(tries >= limit.most, left)

    async def _ask(self, script: str, limit: Limit, client: str, *arguments: int) -> tuple[int, int]:
        try:
            async with asyncio.timeout(TIMEOUT):
                answer = await self._redis.eval(script, 1, f"limit:{limit.name}:{client}", *arguments)
        except (TimeoutError, RedisError):
            return 0, 0
        return int(answer[0]), int(answer[1])

    def _refuse(self, exhausted: bool, left: int) -> None:
        if exhausted:
            raise TooMany(max(1, -(-left // 1000)))
