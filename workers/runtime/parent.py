"""The parent of our processes: imports once, forks a child for each group, restarts dead ones.

It has no thread and no connection, so a fork is safe at any time, and what it imported is shared memory.
"""

import gc
import logging
import mmap
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterable

from core.jobs.claims import LEASE
from core.process import kernel
from core.process.readiness import when_ready
from workers.runtime.groups import Group
from workers.runtime.roster import Roster
from workers.runtime.scheduling_priority import yield_to_others
from workers.runtime.worker_identity import WorkerGroup, WorkerIdentity

STOP = (signal.SIGTERM, signal.SIGINT)
SIGNALS = {signal.SIGCHLD, *STOP}
LOOK = 0.5  # seconds between two looks at what is to rest
STOP_WITHIN = 20.0  # seconds until a child that was asked to stop is killed
RESTART_PAUSE = 1.0  # seconds before a child that died young is started again, doubled at each in a row
LONGEST_PAUSE = 30.0
YOUNG = 5.0
TRIES = 5  # children of a group in a row that may die before they serve

log = logging.getLogger(__name__)

Serve = Callable[[Group, WorkerIdentity, threading.Event], None]


class Parent:
    """Keeps one child for each group alive. `serve` works in the child until the event is set by SIGTERM.

    A child learns who of its group died before it: what they held need not wait for its lease to end. So does
    it of the children of a parent that was killed, where that one's starter kept the `roster`.
    `paused` names groups that are to stay ended; it is asked twice a second.
    """

    def __init__(
        self,
        groups: Iterable[Group],
        serve: Serve,
        *,
        paused: Callable[[], Collection[str]] | None = None,
        roster: Roster | None = None,
        pause: float = RESTART_PAUSE,
    ) -> None:
        self.groups = {group.name: group for group in groups}
        self._serve = serve
        self._paused = paused
        self._pause = pause
        self._children: dict[int, tuple[str, float]] = {}
        self._waiting: dict[str, float] = {}
        self._worker_group = WorkerGroup()
        self._roster = roster
        began = time.monotonic()
        # Their starter has killed them all before it started us. Whose group a child was does not matter.
        before = [(child, began) for child in roster.take()] if roster else []
        self._died: dict[str, list[tuple[str, float]]] = {name: list(before) for name in self.groups}
        self._young = dict.fromkeys(self.groups, 0)
        self._unready = dict.fromkeys(self.groups, 0)
        self._served = mmap.mmap(-1, len(self.groups) or 1)  # shared: a child sets its group's byte
        self._asked: set[int] = set()  # children that are to rest and were told so
        self._stopping = False
        self._given_up = False

    def run(self) -> int:
        """Keep the children running until SIGTERM or SIGINT; then stop them, within 20 seconds.

        The exit code: 1 where a group's children die again and again before they serve.
        """
        yield_to_others()
        kernel.close_to_others()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        gc.collect()
        gc.freeze()  # what is imported is never scanned, so its pages stay shared
        received = None
        while not self._given_up and (received is None or received.si_signo not in STOP):
            self._follow_pauses()
            self._restart()
            received = signal.sigtimedwait(SIGNALS, self._patience())
            self._reap()
        self._stop()
        return 1 if self._given_up else 0

    def _patience(self) -> float:
        """Seconds until there may be something to do without a signal."""
        return 0.2 if self._waiting else LOOK if self._paused else 60

    def _start(self, name: str) -> None:
        parent = os.getpid()
        self._served[self._place(name)] = 0
        pid = os.fork()
        if pid == 0:
            identity = WorkerIdentity(self._worker_group.name_of(os.getpid()), self._lately_died(name))
            when_ready(lambda: self._note_served(name))
            _be_child(
                self.groups[name], lambda stopped: self._serve(self.groups[name], identity, stopped), parent
            )
        self._children[pid] = (name, time.monotonic())
        if self._roster:
            self._roster.add(self._worker_group.name_of(pid))

    def _place(self, name: str) -> int:
        return list(self.groups).index(name)

    def _note_served(self, name: str) -> None:
        self._served[self._place(name)] = 1

    def _lately_died(self, name: str) -> tuple[str, ...]:
        """The children of a group that may have left leases which still run."""
        since = time.monotonic() - LEASE
        self._died[name] = [(child, when) for child, when in self._died[name] if when > since]
        return tuple(child for child, _ in self._died[name])

    def _reap(self) -> None:
        for pid in list(self._children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            name, since = self._children.pop(pid)
            self._asked.discard(pid)
            self._died[name].append((self._worker_group.name_of(pid), time.monotonic()))
            expected = self._stopping or name in self._now_paused()
            level = logging.INFO if expected else logging.ERROR
            log.log(level, "child %s (%d) ended: %s", name, pid, _reason(status))
            if not expected:
                self._judge(name, time.monotonic() - since, _reason(status))

    def _judge(self, name: str, age: float, reason: str) -> None:
        """Plan the next start of a group whose child died, or give up."""
        served = bool(self._served[self._place(name)])
        self._unready[name] = 0 if served else self._unready[name] + 1
        if self._unready[name] >= TRIES:
            self._given_up = True
            log.critical(
                "%s died %d times in a row before it served, the last time with %s. All of this parent's "
                "children end now, and no work is lost: what is wrong stands in the lines before",
                name,
                TRIES,
                reason,
            )
            return
        self._young[name] = self._young[name] + 1 if age < YOUNG else 0
        wait = min(LONGEST_PAUSE, self._pause * 2 ** (self._young[name] - 1)) if self._young[name] else 0.0
        self._waiting[name] = time.monotonic() + wait

    def _restart(self) -> None:
        paused = self._now_paused()
        for name, when in list(self._waiting.items()):
            if time.monotonic() >= when and name not in paused:
                del self._waiting[name]
                self._start(name)

    def _now_paused(self) -> Collection[str]:
        return self._paused() if self._paused else ()

    def _follow_pauses(self) -> None:
        """Ask the children of groups that are to rest to end, and plan the start of the others."""
        paused, running = self._now_paused(), {name: pid for pid, (name, _) in self._children.items()}
        for name in self.groups:
            if name in paused and name in running and running[name] not in self._asked:
                self._asked.add(running[name])
                os.kill(running[name], signal.SIGTERM)
            elif name not in paused and name not in running:
                self._waiting.setdefault(name, 0.0)

    def _stop(self) -> None:
        self._stopping = True
        for pid in self._children:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while self._children and time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, 0.2)
            self._reap()
        for pid, (name, _) in self._children.items():
            log.error(
                "child %s (%d) did not stop and is killed; its jobs come back by their leases", name, pid
            )
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _be_child(group: Group, serve: Callable[[threading.Event], None], parent: int) -> None:
    """Be the child; never returns."""
    code = 1
    try:
        kernel.name_process(f"comptoir-{group.name}")
        kernel.die_before_others(group.score)
        kernel.end_with(parent, signal.SIGTERM)
        serve(_stop_event())
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing may unwind into the parent's frames
        traceback.print_exc()
    finally:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _stop_event() -> threading.Event:
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    # Ctrl-C reaches the whole group of processes; the parent alone decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Blocked signals would be inherited by every program that an actor starts.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    return stopped


def _reason(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {signal.Signals(os.WTERMSIG(status)).name}"
    return f"code {os.waitstatus_to_exitcode(status)}"
