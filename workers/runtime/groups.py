"""Which child of the parent serves which queues, with how many threads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.monitoring.memory import memory_limit
from core.process.settings import Settings
from schemas.contracts import WORKER_GROUPS

SMALL = 1 << 30
"""Bytes of memory of a host, or of a control group, below which one child serves all queues."""


@dataclass(frozen=True)
class Pool:
    """Threads for some queues of a child.

    `prefetch`: messages of each held ready, few where jobs are slow.
    """

    queues: tuple[str, ...]
    threads: int
    prefetch: int


@dataclass(frozen=True)
class Group:
    """What one child does; without pools it is no worker, but the API or the bot.

    `nice`: how far it stands back for others on a busy machine (nice(2)): answering comes first, then what
    somebody waits for, then all else. `score`: how early the kernel ends it where memory runs out.
    """

    name: str
    pools: tuple[Pool, ...] = ()
    nice: int = 0
    score: int = 0

    @property
    def queues(self) -> tuple[str, ...]:
        """All queues that it serves."""
        return tuple(queue for pool in self.pools for queue in pool.queues)

    @property
    def threads(self) -> int:
        """All threads that do jobs."""
        return sum(pool.threads for pool in self.pools)


INTERACTIVE, TELEGRAM, BACKGROUND = (
    WORKER_GROUPS[name] for name in ("interactive", "delivery", "background")
)
GROUPS = (
    Group("interactive", (Pool(INTERACTIVE, threads=4, prefetch=64),), nice=5, score=200),
    Group("delivery", (Pool(TELEGRAM, threads=12, prefetch=16),), nice=10, score=200),
    Group("background", (Pool(BACKGROUND, threads=4, prefetch=4),), nice=10, score=200),
)
ALL = Group(
    "all",
    (
        Pool(INTERACTIVE, threads=2, prefetch=64),
        Pool(TELEGRAM, threads=6, prefetch=16),
        Pool(BACKGROUND, threads=2, prefetch=4),
    ),
    nice=5,
    score=200,
)
"""One child for every queue: a small host has no room for three. Slow jobs still have threads of their own,
so that they hold up nobody who waits."""


def worker_groups(settings: Settings) -> tuple[Group, ...]:
    """The children that WORKER_GROUPS asks for; by itself, what fits the memory that there is."""
    small = settings.worker_groups == "auto" and memory_limit() < SMALL
    return (ALL,) if small or settings.worker_groups == "one" else GROUPS


def groups_serving(queues: Iterable[str], groups: Iterable[Group] = GROUPS) -> list[Group]:
    """These groups reduced to these queues; a group or pool with none of them is left out."""
    chosen = set(queues)
    reduced = [replace(group, pools=_reduced(group.pools, chosen)) for group in groups]
    return [group for group in reduced if group.pools]


def _reduced(pools: Iterable[Pool], chosen: set[str]) -> tuple[Pool, ...]:
    narrowed = [
        replace(pool, queues=tuple(queue for queue in pool.queues if queue in chosen)) for pool in pools
    ]
    return tuple(pool for pool in narrowed if pool.queues)
