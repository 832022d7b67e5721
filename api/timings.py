"""How long requests took, by route, in the buckets of a Prometheus histogram.

Our own few lines, because the library costs 3 MiB, which an API that nobody scrapes should not pay.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds


@dataclass
class Timing:
    """The requests of one route and kind of answer (2xx to 5xx; `0xx`: none was given)."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def buckets(self) -> list[tuple[str, float]]:
        """Upper bounds, and how many requests took at most so long: each holds all those before it."""
        return list(zip((*map(str, BUCKETS), "+Inf"), map(float, accumulate(self.counts)), strict=True))


class Timings:
    """All routes of this process, by template and first digit of the status: as many lines as code."""

    def __init__(self) -> None:
        self.by_route: dict[tuple[str, str], Timing] = {}

    def observe(self, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        timing = self.by_route.setdefault((route, f"{status // 100}xx"), Timing())
        timing.counts[bisect_left(BUCKETS, seconds)] += 1
        timing.seconds += seconds

    def rows(self) -> list[tuple[list[str], list[tuple[str, float]], float]]:
        """Labels (route, status), buckets, and the sum of seconds."""
        return [(list(labels), timing.buckets(), timing.seconds) for labels, timing in self.by_route.items()]
