"""Memory of a stack's processes, watched while a benchmark works."""

import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from scripts.embedded.memory import Memory, memory_of
from scripts.embedded.stack import Stack

PERIOD = 1.0  # seconds between two looks


def weigh(stack: Stack) -> dict[str, Memory]:
    """The memory of each role and server with its children, now."""
    return {name: memory_of(stack.pids(name)) for name in (*stack.parts, *stack.processes)}


class Lookout(ABC):
    """Looks again and again, every `period` seconds, in a thread, while the block runs."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._period):
            self._look()

    @abstractmethod
    def _look(self) -> None:
        """Look once."""


class Sampler(Lookout):
    """Keeps the highest memory of each process, and of all of ours together."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(PERIOD)
        self.highest: dict[str, Memory] = {}
        self.ours_pss = 0
        """Bytes, the highest sum over API, bot and workers at one moment."""
        self._stack = stack

    def _look(self) -> None:
        now = weigh(self._stack)
        for name, memory in now.items():
            before = self.highest.get(name, Memory())
            self.highest[name] = Memory(max(before.rss, memory.rss), max(before.pss, memory.pss))
        self.ours_pss = max(self.ours_pss, sum(now[name].pss for name in self._stack.processes))
