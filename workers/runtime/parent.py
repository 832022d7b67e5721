"""The parent of the worker processes: imports once, forks a child for each group, restarts dead ones.

It has no thread and no connection, so a fork is safe at any time, and what it imported is shared memory.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable

from core.jobs.claims import LEASE
from workers.runtime.child import Group
from workers.runtime.scheduling_priority import yield_to_others
from workers.runtime.worker_identity import WorkerGroup, WorkerIdentity

PR_SET_PDEATHSIG = 1
STOP = (signal.SIGTERM, signal.SIGINT)
SIGNALS = {signal.SIGCHLD, *STOP}
STOP_WITHIN = 20.0  # seconds until a child that was asked to stop is killed
RESTART_PAUSE = 1.0  # seconds before a child that died young is started again
YOUNG = 5.0

log = logging.getLogger(__name__)

Serve = Callable[[Group, WorkerIdentity, threading.Event], None]


class Parent:
    """Keeps one child for each group alive. `serve` works in the child until the event is set by SIGTERM.

    A child learns who of its group died before it: what they held need not wait for its lease to end.
    """

    def __init__(self, groups: Iterable[Group], serve: Serve) -> None:
        self.groups = {group.name: group for group in groups}
        self._serve = serve
        self._children: dict[int, tuple[str, float]] = {}
        self._waiting: dict[str, float] = {}
        self._worker_group = WorkerGroup()
        self._died: dict[str, list[tuple[str, float]]] = {name: [] for name in self.groups}
        self._stopping = False

    def run(self) -> None:
        """Keep the children running until SIGTERM or SIGINT; then stop them, within 20 seconds."""
        yield_to_others()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        gc.collect()
        gc.freeze()  # what is imported is never scanned, so its pages stay shared
        for name in self.groups:
            self._start(name)
        while True:
            received = signal.sigtimedwait(SIGNALS, 0.5 if self._waiting else 60)
            self._reap()
            if received is not None and received.si_signo in STOP:
                break
            self._restart()
        self._stop()

    def _start(self, name: str) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            identity = WorkerIdentity(self._worker_group.name_of(os.getpid()), self._lately_died(name))
            _be_child(lambda stopped: self._serve(self.groups[name], identity, stopped), parent)
        self._children[pid] = (name, time.monotonic())

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
            self._died[name].append((self._worker_group.name_of(pid), time.monotonic()))
            level = logging.INFO if self._stopping else logging.ERROR
            log.log(level, "child %s (%d) ended: %s", name, pid, _reason(status))
            young = time.monotonic() - since < YOUNG
            self._waiting[name] = time.monotonic() + (RESTART_PAUSE if young else 0)

    def _restart(self) -> None:
        for name, when in list(self._waiting.items()):
            if time.monotonic() >= when:
                del self._waiting[name]
                self._start(name)

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


def _be_child(serve: Callable[[threading.Event], None], parent: int) -> None:
    """Be the child; never returns."""
    code = 1
    try:
        end_with(parent)
        serve(_stop_event())
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may unwind into the parent's frames
        traceback.print_exc()
    finally:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end_with(parent: int) -> None:
    """Get SIGTERM when the parent dies (prctl(2), PR_SET_PDEATHSIG); Linux only."""
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError("prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise SystemExit("the parent died before its child began")


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
