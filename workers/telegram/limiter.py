"""The pace of all processes that send: so many messages a second overall, and to one chat.

Telegram asks for about 30 and 1 (https://core.telegram.org/bots/faq#broadcasting-to-users) and says no exact
limits; a FloodWait still rules. Both are token buckets kept as the moment at which they are full again
(GCRA), in one script, by the clock of Redis.
"""

import time
from uuid import UUID

import redis

from core.kit.errors import RetryAfter
from core.process.redis_keys import TELEGRAM as OURS

PATIENCE = 1.5  # seconds that a thread waits itself
ACT_PATIENCE = 0.1  # for removals: those are many at once, and must leave threads to those who wait
LINE = 0.15  # seconds to which notices fill the line of all messages: a delivery finds no longer one
LOOK = LINE / 2  # seconds between two looks of a notice that stands back: the line never runs empty
LOOKS = int(PATIENCE / LOOK)
PLACE_LIFE = 3600  # seconds that a message may come later than its place

GO, BEHIND = 1, -1  # answers of the script, 0 is: come back later
SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local patience, line = tonumber(ARGV[1]), tonumber(ARGV[6])

local function bucket(key, interval, burst)
  local full_at = math.max(tonumber(redis.call('GET', key)) or 0, now)
  return {key = key, interval = interval, full_at = full_at,
          free_at = math.max(now, full_at - (burst - 1) * interval)}
end
local function take(b, full_at)
  redis.call('SET', b.key, string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000) + 1000)
end

local overall = bucket(KEYS[1], tonumber(ARGV[2]), tonumber(ARGV[3]))
local chat = bucket(KEYS[2], tonumber(ARGV[4]), 1)
local place = tonumber(redis.call('GET', KEYS[3]))
local chat_at = place or chat.free_at
if chat_at - now > patience then
  if not place then
    take(chat, chat_at + chat.interval)
    redis.call('SET', KEYS[3], string.format('%.0f', chat_at),
               'PX', math.ceil((chat_at - now) / 1000) + tonumber(ARGV[5]))
  end
  return {0, chat_at - now}
end
local at = math.max(overall.free_at, chat_at)
if overall.free_at - now > line then
  return {-1, overall.free_at - now}
end
if at - now > patience then
  return {0, at - now}
end
take(overall, overall.full_at + overall.interval)
if place then redis.call('DEL', KEYS[3]) else take(chat, at + chat.interval) end
return {1, math.max(0, at - now)}
"""


class Limiter:
    """Makes each message wait for its turn. `rate` and `chat_rate` in messages a second.

    A message that has to wait long gets a place of its own in its chat's line, kept until it comes back,
    so a thousand notices to one seller do not ask a thousand times a second.
    """

    def __init__(self, client: "redis.Redis", rate: int, chat_rate: int) -> None:
        self._script = client.register_script(SCRIPT)
        # A quarter of a second's worth may go at once.
        self._limits = [1_000_000 / rate, max(1, rate // 4), 1_000_000 / chat_rate, PLACE_LIFE * 1000]
        self._act_limits = [1_000_000 / rate, max(1, rate // 4), 1_000_000 / rate, PLACE_LIFE * 1000]

    def wait(self, chat_id: int, job_id: UUID, part: str, *, awaited: bool = True) -> None:
        """Wait until the message may go. Raises `RetryAfter` when that is more than 1.5 seconds away.

        One that nobody awaits takes no place in the line of all messages while that is long, but looks again
        a little later: thousands of notices keep to the pace, and a delivery stands behind a few of them.
        """
        keys = [f"{OURS}rate", f"{OURS}rate:{chat_id}", f"{OURS}place:{job_id}:{part}"]
        line, looks = (PATIENCE, 1) if awaited else (LINE, LOOKS)
        reason = f"the pace of messages to chat {chat_id}"
        self._wait(keys, PATIENCE, self._limits, reason, line=line, looks=looks)

    def wait_act(self, chat_id: int, telegram_id: int) -> None:
        """Wait until a person may be removed from a channel. Raises `RetryAfter` as `wait` does.

        Telegram names no pace for this. The one of messages is kept, in a line of its own, so that a
        thousand removals hold up no delivery.
        """
        keys = [f"{OURS}acts", f"{OURS}acts:{chat_id}", f"{OURS}place:{chat_id}:{telegram_id}"]
        reason = f"the pace of removals from channel {chat_id}"
        self._wait(keys, ACT_PATIENCE, self._act_limits, reason, line=ACT_PATIENCE, looks=1)

    def _wait(
        self, keys: list[str], patience: float, limits: list[float], reason: str, *, line: float, looks: int
    ) -> None:
        """Ask up to `looks` times, as long as the line of all is longer than `line` seconds."""
        answer, seconds = self._ask(keys, patience, line, limits)
        for _ in range(looks - 1):
            if answer != BEHIND:
                break
            time.sleep(LOOK)
            answer, seconds = self._ask(keys, patience, line, limits)
        if answer != GO:
            raise RetryAfter(seconds, reason)
        if seconds:
            time.sleep(seconds)

    def _ask(self, keys: list[str], patience: float, line: float, limits: list[float]) -> tuple[int, float]:
        try:
            answer, microseconds = self._script(keys, [patience * 1_000_000, *limits, line * 1_000_000])
        except redis.RedisError as error:
            raise RetryAfter(1.0, f"Redis, which paces our messages, is away ({error})") from None
        return int(answer), int(microseconds) / 1_000_000
