"""`comptoir up` over the folder of an earlier version, killed in the middle: do all objects arrive, once?

The files are sparse, so that they take no room before, and nearly all of them is zeros, which the new store
packs. Random bytes at their beginning, middle and end show that what arrives is what was there.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.process.settings import Settings
from core.uploads.part_plan import USUAL_PART
from scripts.bench.report import Report
from scripts.bench.running_stack import MIB
from scripts.embedded.completion import own_store
from scripts.embedded.earlier_store import FOLDER
from scripts.embedded.memory import memory_of
from scripts.embedded.process import PROJECT, StackError, base_environment, wait_until
from scripts.embedded.runfile import RUN, own_secrets
from scripts.terminal.context import load_settings
from workers.store import S3Store

BUCKET = "comptoir"
FILES = 10
KILLED_AFTER = 3  # files that were moved whole
NO_SERVERS = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
WITHIN = 6 * 3600.0  # seconds that a start may take here; what it takes is told


@dataclass(frozen=True)
class Laid:
    """A file of the earlier version, and the bytes that stand at some of its offsets."""

    key: str
    size: int
    marks: dict[int, bytes]


class Up:
    """`comptoir up` in a folder, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.peak = 0  # bytes of its memory (PSS), without those that it started
        self._log = log

    def is_ready(self) -> bool:
        """Whether the shop serves. Raises `StackError` where `comptoir up` has ended."""
        self._heard()
        return (self._log.parent / "var" / RUN).exists()

    def moved(self) -> int:
        """How many objects it has moved and removed. Raises `StackError` where `comptoir up` has ended."""
        return max(map(int, re.findall(r"moved (\d+) of", self._heard())), default=0)

    def sent(self) -> tuple[int, int]:
        """How many objects it has sent, and how many bytes; none where all had been moved."""
        match = re.search(r"moved: (\d+) objects copied \((\d+) bytes\)", self._text())
        return (int(match[1]), int(match[2])) if match else (0, 0)

    def _heard(self) -> str:
        if self.process.poll() is not None:
            raise StackError(f"comptoir up ended: {self._text()[-2000:]}")
        self.peak = max(self.peak, memory_of([self.process.pid]).pss)
        return self._text()

    def _text(self) -> str:
        return self._log.read_text()


def measure(mib: int = 100 * 1024) -> Report:
    """Move so many MiB in ten files, with `kill -9` after the third."""
    report = Report("move")
    with tempfile.TemporaryDirectory(prefix="comptoir-move-") as folder:
        var = Path(folder) / "var"
        laid = [_lay(var / FOLDER / BUCKET, number, mib * MIB // FILES) for number in range(FILES)]
        started = time.monotonic()
        with _up(var) as first:
            wait_until(lambda: first.moved() >= KILLED_AFTER, WITHIN, "no files were moved")
        missing = sum(each.size for each in laid) - _held(var, laid)
        with _up(var) as second:
            wait_until(second.is_ready, WITHIN, "the shop did not start")
            seconds = time.monotonic() - started
            objects, sent = second.sent()
            store = S3Store(Settings.from_environment(load_settings(var).environment_for("workers")))
            changed = [each.key for each in laid if not _same(store, each)]
            report.equal("objects that are not what they were", [], changed)
            report.equal("bytes sent again that the store had", 0, sent - missing)
            report.at_most("objects begun anew after the kill", FILES - KILLED_AFTER, objects, "")
            second.process.send_signal(signal.SIGINT)
            report.equal("exit code of the shop at its end", 0, second.process.wait(60))
        report.equal("files left of the earlier version", 0, int((var / FOLDER).exists()))
        report.facts |= {"GiB": mib / 1024, "seconds": round(seconds), "MiB a second": round(mib / seconds)}
        report.facts["memory of `comptoir up` itself at most, MiB"] = max(first.peak, second.peak) // MIB
    return report


def _lay(bucket: Path, number: int, size: int) -> Laid:
    """A sparse file, as the earlier version kept an object."""
    key = f"uploads/1/{number}/course-{number}.zip"
    path = bucket / key
    path.parent.mkdir(parents=True)
    marks = {offset: os.urandom(1000) for offset in (0, size // 2, size - 1000)}
    with path.open("wb") as file:
        file.truncate(size)
        for offset, mark in marks.items():
            os.pwrite(file.fileno(), mark, offset)
    return Laid(key, size, marks)


@contextmanager
def _up(var: Path) -> Iterator[Up]:
    """The shop as an operator starts it; killed at the end where it still runs, with all that it started."""
    log = var.parent / f"said-{time.monotonic_ns()}"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.cli", "up", "--no-bot", "--json", "--var", str(var)],
            cwd=PROJECT,
            env=base_environment(),
            stdout=subprocess.DEVNULL,
            stderr=file,
        )
    try:
        yield Up(process, log)
    finally:
        process.kill()
        process.wait()


def _held(var: Path, laid: list[Laid]) -> int:
    """Bytes of these files that the store had when the shop was killed: whole objects, and parts of one."""
    keys, _ = own_secrets(var)
    server = own_store(var / "objects", var / "log" / "store.log", keys, {})
    server.start()
    try:
        store = S3Store(Settings.from_environment({**NO_SERVERS, **server.environment}))
        return sum(_held_of(store, each) for each in laid)
    finally:
        server.stop()


def _held_of(store: S3Store, file: Laid) -> int:
    stored = store.head(file.key)
    if stored is not None:
        return stored.size
    upload_id = store.multipart.unfinished(file.key)
    parts = store.multipart.list_parts(file.key, upload_id) if upload_id else {}
    return sum(part.size or 0 for part in parts.values())


def _same(store: S3Store, file: Laid) -> bool:
    """Whether an object has its size, its marks, and zeros beside them."""
    stored = store.head(file.key)
    if stored is None or stored.size != file.size:
        return False
    beside = store.read_range(file.key, file.size // 3, USUAL_PART) if file.size > 6 * USUAL_PART else b""
    return not any(beside) and all(
        store.read_range(file.key, offset, len(mark)) == mark for offset, mark in file.marks.items()
    )
