"""What must not grow while work goes on (memory of processes, connections, Redis), and how fast it does."""

import time
from collections.abc import Mapping, Sequence
from statistics import linear_regression
from types import TracebackType

import redis
from sqlalchemy import text

from scripts.bench.processor import processor_time
from scripts.bench.running_stack import RunningStack
from scripts.bench.sampler import Lookout
from scripts.embedded.memory import memory_of

PERIOD = 5.0  # seconds between two looks
SERVERS = ("postgres", "store")  # whose memory is theirs: it is told and not judged
CHILDREN = ("interactive", "delivery", "background")
CONNECTIONS = text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")


def growth(moments: Sequence[float], values: Sequence[float], warm: float, over: float) -> float:
    """How much a figure grows in `over` seconds, by least squares over what was seen after `warm` seconds."""
    late = [number for number, moment in enumerate(moments) if moment >= warm]
    line = linear_regression([moments[n] for n in late], [values[n] for n in late])
    return line.slope * over


class Watcher(Lookout):
    """Looks at all figures every few seconds; `seen` holds, by figure, seconds and values."""

    def __init__(self, system: RunningStack) -> None:
        super().__init__(PERIOD)
        self.seen: dict[str, tuple[list[float], list[float]]] = {}
        self._system = system
        self._redis = redis.Redis.from_url(system.stack.settings.redis_url)
        self._spent = self._processor()
        self._begun = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._redis.close()

    def slopes(self, warm: float, over: float) -> dict[str, float]:
        """How much each figure grows in `over` seconds, by what was seen after `warm` seconds."""
        return {name: growth(moments, values, warm, over) for name, (moments, values) in self.seen.items()}

    def _look(self) -> None:
        moment = time.monotonic() - self._begun
        for name, value in self._figures().items():
            moments, values = self.seen.setdefault(name, ([], []))
            moments.append(moment)
            values.append(value)

    def _figures(self) -> Mapping[str, float]:
        stack = self._system.stack
        seen = {f"memory of {role}": float(memory_of(stack.pids(role)).rss) for role in ("api", "bot")}
        for name, pid in zip(CHILDREN, stack.pids("workers"), strict=False):
            seen[f"memory of workers, {name}"] = float(memory_of([pid]).rss)
        seen |= {f"{role}, all of it": float(memory_of(stack.pids(role)).pss) for role in SERVERS}
        before, self._spent = self._spent, self._processor()
        # What it takes with the same work may not rise either: a collector of garbage that never rests.
        seen["cores of the store"] = (self._spent[1] - before[1]) / (self._spent[0] - before[0])
        redis_memory = self._redis.info("memory")
        seen["memory of redis"] = float(redis_memory["used_memory"])
        seen["keys in redis"] = float(self._redis.dbsize())
        with self._system.database.engine.connect() as connection:
            seen["connections"] = float(connection.execute(CONNECTIONS).scalar_one())
        return seen

    def _processor(self) -> tuple[float, float]:
        """Now, and the seconds of a processor that the store has taken; both count from any moment."""
        return time.monotonic(), processor_time(self._system.stack.pids("store"))
