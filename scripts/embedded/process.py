"""Runs a child process that ends with its starter, with its log in a file."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from core.kit.errors import ComptoirError
from core.monitoring.memory import memory_limit
from core.process.control_group import limit_of

LAUNCH = Path(__file__).with_name("launch.py")
PROJECT = Path(__file__).resolve().parents[2]
NOBODY = 65_534  # "nobody" on Linux; owns no file of anybody's
PRIVATE = 0o077  # umask: what a part writes is its owner's alone
READY = 60.0  # seconds for a start on a busy machine; one that fails ends by itself
SMALL = 1 << 30  # bytes: a host with less memory has its servers hold less
LOG_TAIL = 2_000  # bytes of a log shown in an error
PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")


class StackError(ComptoirError):
    """A part of the embedded stack did not start or stop; the message ends with the part's log."""


def base_environment() -> dict[str, str]:
    """The environment variables that any child may have; none is secret."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def wait_until(
    condition: Callable[[], bool], seconds: float, what: str, ending: threading.Event | None = None
) -> None:
    """Poll until the condition holds.

    Raises `StackError` naming `what` after so many seconds, or as soon as `ending` is set.
    """
    start = time.monotonic()
    while not condition():
        if ending and ending.is_set():
            raise StackError(f"{what} before everything was to end")
        waited = time.monotonic() - start
        if waited > seconds:
            raise StackError(f"{what} after {seconds:g} s")
        time.sleep(next_look(waited))


def next_look(waited: float) -> float:
    """Seconds until a condition is looked at again that was waited for so long.

    A condition may ask a database or a server: who waits for seconds asks seldom, and is late by a
    twenty-fifth at most.
    """
    return min(0.1, max(0.01, waited / 25))


def open_private(path: Path) -> IO[bytes]:
    """Open a file to append to; from now on only its owner can read it, whoever could before."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")


def tail(log: Path) -> str:
    """The last lines of a log, or nothing where it does not exist."""
    if not log.exists():
        return ""
    return log.read_bytes()[-LOG_TAIL:].decode(errors="replace")


class Process:
    """A program in a process group of its own, with a log file.

    The kernel sends it `death_signal` when the thread that started it ends, so start it from a thread
    that lives as long as it should.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path = PROJECT,
        stop_signal: int = signal.SIGTERM,
        death_signal: int = signal.SIGTERM,
        uid: int = -1,
        reach: bool = False,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.environment = dict(environment or {})
        self.cwd = cwd
        self.stop_signal = stop_signal
        self.pass_fds = pass_fds
        self.control_group: Path | None = None  # joined before the program begins
        self._launch = [str(int(death_signal)), str(uid), str(int(reach))]
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id, also that of its group; 0 when it was never started."""
        return self._popen.pid if self._popen else 0

    def start(self) -> None:
        """Start it, after the remains of an earlier run; the log is appended to."""
        self.join(0)
        launch = [
            sys.executable,
            "-I",
            "-S",
            str(LAUNCH),
            str(os.getpid()),
            *self._launch,
            str(self.control_group or ""),
        ]
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_private(self.log) as log:
            self._popen = subprocess.Popen(
                [*launch, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=base_environment() | self.environment,
                cwd=self.cwd,
                start_new_session=True,
                pass_fds=self.pass_fds,
                umask=PRIVATE,
            )

    def running(self) -> bool:
        """Whether the process is alive. It is not reaped here: its id stays ours until `stop`."""
        if self._popen is None or self._popen.returncode is not None:
            return False
        return os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wait_ready(
        self,
        condition: Callable[[], bool],
        seconds: float = READY,
        ending: threading.Event | None = None,
    ) -> None:
        """Wait for the condition. Raises `StackError` with the log's end if it ends or takes too long, or if
        `ending` is set.
        """

        def ready_or_ended() -> bool:
            return not self.running() or condition()

        try:
            wait_until(ready_or_ended, seconds, f"{self.name} did not get ready", ending)
        except StackError as error:
            raise self._with_log(str(error)) from None
        if not self.running():
            raise self._with_log(f"{self.name} ended with code {self.stop()} at its start")

    def _with_log(self, what: str) -> StackError:
        return StackError(f"{what}. Its log, {self.log}, ends with:\n{tail(self.log)}")

    def stop(self, seconds: float = 10) -> int:
        """Ask it to end, kill its whole group after so many seconds, and return its exit code."""
        self.ask_to_stop()
        return self.join(seconds)

    def ask_to_stop(self) -> None:
        """Send its stop signal and do not wait."""
        self.signal(self.stop_signal)

    def join(self, seconds: float) -> int:
        """Wait for its end, kill its whole group after so many seconds, and return its exit code."""
        if self._popen is None:
            return 0
        if self._popen.returncode is None:
            try:
                wait_until(lambda: not self.running(), seconds, f"{self.name} did not stop")
            except StackError:
                self.kill()
            self._signal_group(signal.SIGKILL)
        return self._popen.wait()

    def signal(self, number: int) -> None:
        """Send a signal to the process alone; nothing happens when it has ended."""
        if self.running():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL the whole group, as a crash would."""
        if self._popen is not None and self._popen.returncode is None:
            self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: int) -> None:
        # Before the leader is reaped its number cannot have been given to another group.
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return


class Server:
    """A server program of the embedded stack: what PostgreSQL, Redis and the store have in common.

    While `ending` is set no start goes on, whichever thread it is in: it raises `StackError` at once.
    """

    name: str
    stop_seconds = 10.0

    def __init__(self, data: Path, log: Path) -> None:
        self.data = data.absolute()
        self.log = log
        self.control_group: Path | None = None
        self.ending = threading.Event()
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        """Its process id; 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def most_memory(self) -> int:
        """Bytes of the host, or of the control group that it joins, if that is less."""
        group = limit_of(self.control_group) if self.control_group else None
        return min(memory_limit(), group or memory_limit())

    def running(self) -> bool:
        """Whether it is alive."""
        return self._process is not None and self._process.running()

    def ask_to_stop(self) -> None:
        """Begin to stop it and do not wait."""
        if self._process:
            self._process.ask_to_stop()

    def stop(self) -> None:
        """Stop it in order; nothing that it has acknowledged is lost."""
        if self._process:
            self._process.stop(self.stop_seconds)

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._process:
            self._process.kill()

    def _run(self, process: Process, ready: Callable[[], bool], seconds: float = READY) -> None:
        """Become this process and wait until it is ready."""
        self._begin(process)
        self._wait_ready(ready, seconds)

    def _begin(self, process: Process) -> None:
        """Become this process."""
        if self.ending.is_set():
            raise StackError(f"{self.name} is not started: everything is to end")
        if self._process:
            # Until it is reaped, a dead one's number looks alive to the next one's lock file.
            self._process.join(0)
        self._process = process
        process.control_group = self.control_group
        process.start()

    def _wait_ready(self, ready: Callable[[], bool], seconds: float = READY) -> None:
        if self._process:
            self._process.wait_ready(ready, seconds, self.ending)
