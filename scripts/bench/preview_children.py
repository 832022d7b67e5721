"""What the children of previews hold in memory of their own, and how long they take to start."""

import os
import time
from contextlib import suppress
from pathlib import Path

from schemas.preview import Kind
from scripts.bench.report import Report, percentile
from scripts.bench.sampler import Lookout
from workers.preview.parent import Child
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.protocol import Task
from workers.preview.ranges import RangeReader
from workers.preview.source import FileSource, Source

PERIOD = 0.003  # seconds; a film's children live for half a second
FILM = 70  # MiB, of all children of a film at one moment: what fits into a small host
STARTS = 20
KINDS: tuple[Kind, ...] = ("text", "zip", "image", "pdf", "audio", "video")


class Anonymous(Lookout):
    """The highest sum of anonymous memory of all that this process starts meanwhile, in bytes, at one moment.

    What runs already, as the store does that is read, is left out.
    """

    def __init__(self) -> None:
        super().__init__(PERIOD)
        self.highest, self._before = 0, set(_descendants(os.getpid()))

    def _look(self) -> None:
        started = set(_descendants(os.getpid())) - self._before
        self.highest = max(self.highest, sum(map(_anonymous, started)))


def measure_film(report: Report, source: Source) -> Preview:
    """Preview a film with its teaser, and judge what its children hold together."""
    with Anonymous() as seen:
        preview = make_preview(source, Wish("full", ffmpeg=find_ffmpeg()))
    report.equal("film with its teaser: outcome", "made", preview.outcome)
    report.equal("film with its teaser: teaser", True, "teaser.mp4" in preview.pictures)
    report.at_most("film with its teaser: anonymous memory", FILM, seen.highest / (1 << 20), "MiB")
    return preview


def measure_starts(report: Report, folder: Path) -> None:
    """How long a child of each kind lives that finds nothing to do: its start, its libraries, its end."""
    path = folder / "nothing"
    path.write_bytes(bytes(100))
    for kind in KINDS:
        spent = []
        for _ in range(STARTS):
            with RangeReader(FileSource(path)) as reader:
                begun = time.monotonic()
                Child(reader, Task(kind, reader.size)).run()
                spent.append((time.monotonic() - begun) * 1000)
        report.facts[f"child that finds nothing, {kind}, ms (median)"] = round(percentile(spent, 0.5))


def _descendants(pid: int) -> list[int]:
    """All that a process has started, but for those that still use its own memory (vfork(2))."""
    found: list[int] = []
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                if Path(f"/proc/{child}/cmdline").read_bytes() != command:
                    found += [child, *_descendants(child)]
    return found


def _anonymous(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) << 10
    return 0
