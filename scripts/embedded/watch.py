"""Keeps processes alive: one that dies is started again, ever more slowly while it keeps dying."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from scripts.embedded.process import StackError

PERIOD = 0.1  # seconds between two looks
FIRST_PAUSE = 0.2  # seconds before the first restart, doubled at each further one
LONGEST_PAUSE = 10.0
SETTLED = 30.0  # seconds alive after which an earlier death is forgotten


class Member(Protocol):
    """A part of the stack: a process, a server around one, or the children of one role."""

    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int: ...

    @property
    def log(self) -> Path: ...

    def running(self) -> bool: ...

    def kill(self) -> None: ...


class Supervised(Member, Protocol):
    """A part that is kept alive by starting it again."""

    def start(self) -> None: ...


class Watched:
    """One supervised process and the times of its deaths; it rests while `wanted` is False."""

    def __init__(self, member: Supervised) -> None:
        self.member = member
        self.wanted = True
        self._pause = FIRST_PAUSE
        self._started = time.monotonic()
        self._retry_at: float | None = None

    def look(self, now: float) -> str | None:
        """Start the process again if it is due; a line about what happened, or None."""
        if not self.wanted or self.member.running():
            if now - self._started > SETTLED:
                self._pause = FIRST_PAUSE
            self._retry_at = None
            return None
        if self._retry_at is None:
            self._retry_at = now + self._pause
            return f"{self.member.name} died, starting it again in {self._pause:g} s"
        if now < self._retry_at:
            return None
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._started, self._retry_at = now, None
        return self._restart()

    def _restart(self) -> str:
        try:
            self.member.start()
        except StackError as error:
            return str(error)
        return f"{self.member.name} started again, process {self.member.pid}"


class Watch:
    """A thread over all of them. It lives until `close`: what it starts would end with it.

    `changed` is called after each event, with its text.
    """

    def __init__(self, members: Sequence[Supervised], changed: Callable[[str], None]) -> None:
        self._watched = {member.name: Watched(member) for member in members}
        self._changed = changed
        self._closing = threading.Event()
        self._lock = threading.RLock()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look at the processes."""
        self._thread.start()

    def pause(self, *names: str) -> None:
        """Let these processes (all, when none is named) stay ended; returns when no restart is under way."""
        self._set_wanted(names, False)

    def resume(self, *names: str) -> None:
        """Keep these processes alive again."""
        self._set_wanted(names, True)

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _set_wanted(self, names: Sequence[str], wanted: bool) -> None:
        with self._lock:
            for name in names or self._watched:
                self._watched[name].wanted = wanted

    def _run(self) -> None:
        while not self._closing.wait(PERIOD):
            with self._lock:
                happened = [watched.look(time.monotonic()) for watched in self._watched.values()]
            for text in filter(None, happened):
                self._changed(text)
