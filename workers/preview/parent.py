"""The worker's side of a preview: starts a sandboxed child for one task, serves it ranges, and ends it."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog

from schemas.preview import Description, Outcome
from workers.preview.errors import BudgetExceeded, PreviewFailed, known_outcome
from workers.preview.protocol import (
    ABOUT,
    BYTES,
    DONE,
    FAILED,
    HEADER,
    LIMITS,
    LONGEST_READ,
    PICTURE,
    PICTURE_LIMIT,
    PREFETCH,
    READ,
    REFUSED,
    STRETCH,
    TASK,
    TEASER_LIMIT,
    About,
    Done,
    Failed,
    Task,
    pack,
    read_exactly,
)
from workers.preview.ranges import RangeReader

GRACE = 2.0
"""Seconds before the deadline in which nothing is read any more; as long a child may take to leave."""
# The only names that a child may give, and how each must begin.
PICTURES = {"mark.jpg", "poster.jpg", "icon.jpg", "strip.jpg", "cover.jpg", "waveform.jpg"} | {
    f"page-{number}.jpg" for number in (2, 3, 4)
}
TEASER = "teaser.mp4"
PAPER = "paper.pdf"
DIED = "The program that read the file broke off: the file is damaged, or built to harm it."
TOO_LATE = "The preview took longer than its time."
BROKEN: tuple[Outcome, ...] = ("damaged", "too-big", "no-memory", "over-budget", "late", "crashed")
"""How a part of a file may end; what was known of the file before is right nevertheless."""
ROOT = Path(__file__).resolve().parents[2]
# Isolated from the environment and the current folder; the project need not be installed.
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from workers.preview.child import main; main(int(sys.argv[2]))"
)
log = structlog.get_logger()


@dataclass
class Attempt:
    """What became of one child. `peak_rss` in bytes, 0 where it died before it could be asked."""

    outcome: Outcome = "crashed"
    reason: str = ""
    description: Description | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    peak_rss: int = 0
    sandbox: list[str] = field(default_factory=list)


class Child:
    """One process for one task, in a process group of its own, with an empty environment."""

    def __init__(self, reader: RangeReader, task: Task) -> None:
        self._reader = reader
        self._task = task
        self._attempt = Attempt()
        self._ended = False
        # Reads are refused a little before the deadline; what was made until then may be handed over.
        self._grace = min(GRACE, reader.remaining / 4)
        self._kill_at = time.monotonic() + reader.remaining

    def run(self) -> Attempt:
        """Serve the child until its end, or its deadline. Never raises for what a file or a child does."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = _start(theirs)
            try:
                self._serve(ours, process.pid)
            finally:
                _end(process, GRACE if self._ended and self._attempt.outcome != "late" else 0)
        if not self._ended:
            self._died(process.returncode)
        self._blame_the_source()
        self._keep_what_is_known()
        return self._attempt

    def _serve(self, link: socket.socket, pid: int) -> None:
        def receive(length: int) -> bytes:
            link.settimeout(self._patience())
            return link.recv(length)

        try:
            link.sendall(pack(TASK, msgspec.json.encode(self._task)))
            while not self._ended:
                kind, length = HEADER.unpack(read_exactly(receive, HEADER.size))
                if kind not in LIMITS or length > LIMITS[kind]:
                    return self._broke_protocol()
                self._hear(link, kind, read_exactly(receive, length))
        except TimeoutError:
            self._finish("late", TOO_LATE)
            self._attempt.peak_rss = _peak_rss(pid)
        except (EOFError, ConnectionError):
            return  # the child died; its exit code says how
        except (msgspec.MsgspecError, struct.error, ValueError, IndexError):
            self._broke_protocol()

    def _patience(self) -> float:
        left = self._kill_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _hear(self, link: socket.socket, kind: int, body: bytes) -> None:
        if kind in (READ, PREFETCH):
            link.sendall(self._read(kind, *STRETCH.unpack(body)))
        elif kind == ABOUT:
            self._attempt.description = msgspec.json.decode(body, type=About).description
        elif kind == PICTURE:
            self._take_picture(body)
        elif kind == DONE:
            done = msgspec.json.decode(body, type=Done)
            self._attempt.description = done.description
            self._attempt.peak_rss, self._attempt.sandbox = done.peak_rss, done.sandbox
            self._finish("partial" if done.partial else "made", done.partial)
        elif kind == FAILED:
            failed = msgspec.json.decode(body, type=Failed)
            self._attempt.peak_rss = failed.peak_rss
            self._finish(known_outcome(failed.outcome), failed.reason)

    def _read(self, kind: int, offset: int, length: int) -> bytes:
        try:
            if self._reader.remaining < self._grace:
                self._reader.failure = BudgetExceeded("late", TOO_LATE)
                raise self._reader.failure
            if kind == PREFETCH:
                self._reader.prefetch(offset, length)
                return pack(BYTES, b"")
            return pack(BYTES, self._reader.pread(offset, min(length, LONGEST_READ)))
        except PreviewFailed as failed:
            return pack(REFUSED, msgspec.json.encode(Failed(failed.outcome, str(failed))))

    def _take_picture(self, body: bytes) -> None:
        name = body[1 : 1 + body[0]].decode("ascii")
        content = body[1 + body[0] :]
        jpeg = name in PICTURES and content[:3] == b"\xff\xd8\xff" and len(content) <= PICTURE_LIMIT
        teaser = name == TEASER and content[4:8] == b"ftyp" and len(content) <= TEASER_LIMIT
        paper = name == PAPER and content[:5] == b"%PDF-" and len(content) <= PICTURE_LIMIT
        if not (jpeg or teaser or paper) or (teaser and self._task.kind != "teaser"):
            raise ValueError(name)
        if paper != (self._task.kind == "paper"):
            raise ValueError(name)
        self._attempt.pictures[name] = content

    def _blame_the_source(self) -> None:
        """What went wrong with the reading goes before what the child made of it."""
        failure, attempt = self._reader.failure, self._attempt
        if failure is None:
            return
        if isinstance(failure, BudgetExceeded) and attempt.outcome in ("made", "partial"):
            attempt.outcome, attempt.reason = "partial", attempt.reason or str(failure)
            return
        attempt.outcome, attempt.reason = failure.outcome, str(failure)
        if failure.outcome == "changed":
            attempt.description = None
            attempt.pictures.clear()

    def _keep_what_is_known(self) -> None:
        attempt = self._attempt
        if attempt.description is not None and attempt.outcome in BROKEN:
            attempt.outcome = "partial"

    def _finish(self, outcome: Outcome, reason: str) -> None:
        self._attempt.outcome, self._attempt.reason = outcome, reason
        self._ended = True

    def _broke_protocol(self) -> None:
        self._attempt.description = None
        self._attempt.pictures.clear()
        self._finish("crashed", "The process that read the file said what it must not.")

    def _died(self, code: int) -> None:
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        log.warning("preview child died", by=name)
        if name == "SIGXCPU":  # its seconds of the processor (setrlimit(2))
            self._attempt.outcome, self._attempt.reason = "late", TOO_LATE
        else:
            self._attempt.reason = DIED


def _start(theirs: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = theirs.fileno()
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", PROGRAM, str(ROOT), str(descriptor)],
        env={"LANG": "C.UTF-8"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[descriptor],
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    """Let it leave by itself, then kill what is left of its group (ffmpeg outlives its starter)."""
    if process.poll() is None:
        _await_end(process.pid, patience)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _await_end(pid: int, seconds: float) -> None:
    """Wait for the end of a child that nobody has waited for, woken by it: Python looks again and again."""
    descriptor = os.pidfd_open(pid)
    try:
        ends = select.poll()
        ends.register(descriptor, select.POLLIN)
        ends.poll(seconds * 1000)
    finally:
        os.close(descriptor)


def _peak_rss(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
