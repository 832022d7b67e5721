"""How much memory the processes of a preview may fill: what is free, shared out among the previews at work.

Where a host, or its control group, has no room left, the kernel ends a process. So a preview gets a quarter
of all memory at most, and no more than is free now without what the rest of the shop may still grow by and
without what other previews were given. While others are at work, one for which that is
too little waits. What nevertheless began with less than usual is known, so that it can be made again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.monitoring.memory import HostMemory, host_memory
from workers.preview.errors import PreviewFailed

SHARE = 4  # of all memory, one preview may fill a quarter
SPARE = 16  # of all memory, a sixteenth stays free for the others
MIB = 1 << 20
ENOUGH = 112 * MIB
"""What every preview of usual size needs, a teaser's two processes too; with less the largest end early."""
LEAST = 32 * MIB
"""What an icon needs; it is made out of what stays free, where there is no more."""
LOOK = 0.1  # seconds between two looks
NO_ROOM = "This machine has too little memory free to look into the file."


class Room:
    """The memory that previews of this process share.

    `memory` tells what there is and what is free now; `wait` is in seconds.
    """

    def __init__(self, memory: Callable[[], HostMemory], wait: float = 20.0) -> None:
        self._memory = memory
        self._wait = wait
        self._given: dict[object, int] = {}
        self._changed = threading.Condition()

    @contextmanager
    def taken(self) -> Iterator["Share"]:
        """A share for one preview while the block runs; waits for others, or until the time is over."""
        share = Share(self)
        deadline = time.monotonic() + self._wait
        with self._changed:
            while True:
                self._given[share] = 0
                total = self._memory().total
                self._given[share] = self._left(share)
                if self._suffices(share, total) or time.monotonic() >= deadline:
                    break
                del self._given[share]
                self._changed.wait(LOOK)
        try:
            yield share
        finally:
            with self._changed:
                del self._given[share]
                self._changed.notify_all()

    def most(self) -> int:
        """Bytes that a process of a preview may fill on a day when all memory is free."""
        return self._memory().total // SHARE

    def usual(self) -> int:
        """Bytes with which a preview ends as it always would."""
        return min(ENOUGH, self.most())

    def left(self, share: "Share") -> int:
        """Bytes that the next process of this share may fill: what it was given, or less if less is free."""
        with self._changed:
            return min(self._given[share], self._left(share))

    def _suffices(self, share: "Share", total: int) -> bool:
        """Whether to begin: with all that is needed, or with what there is where no other will return any."""
        alone = len(self._given) == 1
        return self._given[share] >= (LEAST if alone else min(ENOUGH, total // SHARE))

    def _left(self, share: "Share") -> int:
        memory = self._memory()
        others = sum(given for holder, given in self._given.items() if holder is not share)
        return max(0, min(memory.total // SHARE, memory.available - memory.total // SPARE - others))


class Share:
    """What one preview was given."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.tight = False
        """Whether a process got less than it would on a day with more memory free."""

    def most(self) -> int:
        """Bytes that no process of any preview may exceed: what needs more is never worth another try."""
        return self._room.most()

    def for_icon(self) -> int:
        """Bytes for the process that draws an icon: it is always made."""
        return max(LEAST, self._room.left(self))

    def for_file(self) -> int:
        """Bytes for the process that reads the file. Raises `PreviewFailed` where they are too few."""
        left = self._room.left(self)
        self.tight = self.tight or left < self._room.usual()
        if left < LEAST:
            raise PreviewFailed("no-memory", NO_ROOM)
        return left


ROOM = Room(host_memory)
