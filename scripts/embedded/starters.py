"""Starts servers side by side, each in a thread of its own, and gives up as soon as everything is to end."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

from scripts.embedded.watch import Supervised


class Part(Supervised, Protocol):
    """A server of the stack that our processes find by environment variables."""

    @property
    def environment(self) -> dict[str, str]: ...

    @property
    def ending(self) -> threading.Event: ...

    def ask_to_stop(self) -> None: ...

    def stop(self) -> None: ...


class Starters:
    """The threads that start these parts. They last until `close`: the kernel ends a server with the thread
    that started it.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._threads = ThreadPoolExecutor(max(1, len(parts)), thread_name_prefix="starter")
        self._starting: list[Future[None]] = []

    def start(self) -> None:
        """Start all; each waits for itself most of the time. Raises the first error, once all have ended."""
        for part in self._parts:
            part.ending.clear()  # of an earlier stop
        for part in self._parts:
            self._starting.append(self._threads.submit(part.start))
        wait(self._starting)
        for starting in self._starting:
            starting.result()

    def give_up(self) -> None:
        """Let no start go on, in whichever thread it is; returns when those of `start` have ended."""
        for part in self._parts:
            part.ending.set()
        wait(self._starting)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()
