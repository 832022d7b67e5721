"""What every job is made of: its queue, its patience, its payload, its key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, Self

import msgspec

Queue = Literal["interactive", "pictures", "delivery", "routine", "media", "fetch", "bulk"]
QUEUES: tuple[Queue, ...] = ("interactive", "delivery", "routine", "media", "fetch", "bulk")
ROUTINE: Queue = "routine"
PICTURES: Queue = "pictures"
BESIDE: Mapping[str, tuple[Queue, ...]] = {"interactive": (PICTURES,)}
"""Queues of questions alone, which the ledger does not know: whoever serves the first serves them as well,
but what waits in the first goes ahead. A flood of pictures must not make buyers' clicks wait."""
# Queues whose workers talk to Telegram: what somebody waits for, and what may come minutes later.
TELEGRAM: tuple[Queue, ...] = ("delivery", ROUTINE)
WORKER_GROUPS: Mapping[str, tuple[Queue, ...]] = {
    "interactive": ("interactive",),
    "delivery": TELEGRAM,
    "background": ("media", "fetch", "bulk"),
}
"""The queues that one process of a large host serves; one of a small host serves them all."""
# Queues whose workers know each other's actors: a job may be moved between them.
TOGETHER: tuple[tuple[Queue, ...], ...] = (TELEGRAM, WORKER_GROUPS["background"])


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often a failing job is tried: exponential back-off from `first` to `longest` seconds, jittered."""

    failures: int
    first: float = 1.0
    longest: float = 600.0


BRIEF = RetryPolicy(failures=5, first=0.5, longest=30.0)
STEADY = RetryPolicy(failures=12, first=2.0, longest=900.0)
# Sums to more than 24 hours: Telegram, a provider or a store may be away for a day (D10).
PATIENT = RetryPolicy(failures=60, first=2.0, longest=3600.0)


class Once(msgspec.Struct, frozen=True):
    """A job and its key in the ledger: while a job has the key, asking again changes nothing.

    The key is taken for ever, or, where it is `released`, until the job ends.
    """

    job: "JobContract"
    key: str
    released: bool = False


class JobContract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all jobs. `time_limit` and `max_age` in seconds."""

    actor: ClassVar[str]
    queue: ClassVar[Queue]
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 60.0

    def payload(self) -> dict[str, Any]:
        """The arguments as JSON-ready values."""
        return msgspec.to_builtins(self)  # type: ignore[no-any-return]

    @classmethod
    def decode(cls, payload: dict[str, Any]) -> Self:
        """The job of a payload. Raises `msgspec.ValidationError` when it breaks the contract."""
        return msgspec.convert(payload, cls)

    def in_slot(self, schedule: str, slot: datetime) -> Once:
        """The job of one slot of a schedule: it runs once, however many schedulers there are."""
        return Once(self, slot_key(schedule, slot))

    def _once(self, *parts: object, word: str = "", released: bool = False) -> Once:
        """This job under the key of its actor and `parts`.

        `word` stands in the actor's place in keys that are older than this rule: ledgers hold them, and
        what is asked for again after an upgrade must meet them.
        """
        return Once(self, ":".join(map(str, (word or self.actor, *parts))), released)


class EphemeralContract(JobContract, frozen=True, kw_only=True):
    """A question asked in someone's waiting time: no row, one answer through Redis, stale after `max_age`."""

    max_age: ClassVar[float] = 3.0


def slot_key(schedule: str, slot: datetime) -> str:
    """The key of the job of one slot."""
    return f"{slot_keys(schedule)}{slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def slot_keys(schedule: str) -> str:
    """How the keys of all slots of a schedule begin."""
    return f"cron:{schedule}:"
