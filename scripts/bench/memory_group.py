"""A control group with so much memory and no swap, for some processes of a benchmark (cgroups(7))."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.embedded.process import wait_until

ROOT = Path("/sys/fs/cgroup")
INSIDE = "COMPTOIR_BENCH_SCOPE"  # set in the scope of our own that systemd made
MEMORY = "memory.stat"


@dataclass(frozen=True)
class MemoryGroup:
    """One such group. `version` of control groups, 1 or 2."""

    folder: Path
    version: int

    def used(self) -> int:
        """Bytes of anonymous and of shared memory: what the kernel cannot drop."""
        figures = dict(line.split() for line in (self.folder / MEMORY).read_text().splitlines())
        names = ("total_rss", "total_shmem") if self.version == 1 else ("anon", "shmem")
        return sum(int(figures[name]) for name in names)

    def by_process(self) -> dict[str, int]:
        """Bytes of what each process here adds to that by its share, the largest first.

        By name and number: `postgres 17`.
        """
        parts: dict[str, int] = {}
        for pid in (self.folder / "cgroup.procs").read_text().split():
            with suppress(OSError):  # it may end meanwhile
                parts[f"{Path(f'/proc/{pid}/comm').read_text().strip()} {pid}"] = anonymous(int(pid))
        return dict(sorted(parts.items(), key=lambda part: -part[1]))

    def kills(self) -> int:
        """How many processes the kernel has ended here because there was no room."""
        file = self.folder / ("memory.oom_control" if self.version == 1 else "memory.events")
        figures = dict(line.split() for line in file.read_text().splitlines())
        return int(figures["oom_kill"])


def anonymous(pid: int) -> int:
    """Bytes of anonymous and shared memory of a process, by its share; 0 of one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon", "Pss_Shmem")))


@contextmanager
def memory_group(limit: int) -> Iterator[MemoryGroup | None]:
    """A group of `limit` bytes without swap; None where we may make none, and nothing is limited then.

    Without root, systemd makes a scope of our own first, and this program starts again in it.
    """
    group = _first(limit) or _second(limit)
    if group is None and os.getuid() and shutil.which("systemd-run") and INSIDE not in os.environ:
        scope = ["systemd-run", "--user", "--scope", "--quiet", "-p", "Delegate=yes"]
        os.environ[INSIDE] = "yes"
        os.execvp(scope[0], [*scope, sys.executable, "-m", "scripts.cli", *sys.argv[1:]])  # noqa: S606
    try:
        yield group
    finally:
        if group is not None:
            wait_until(lambda: not (group.folder / "cgroup.procs").read_text(), 30, "its processes live")
            group.folder.rmdir()


def _first(limit: int) -> MemoryGroup | None:
    folder = ROOT / "memory" / f"comptoir-bench-{os.getpid()}"
    if not os.access(folder.parent, os.W_OK):
        return None
    folder.mkdir()
    (folder / "memory.limit_in_bytes").write_text(str(limit))
    (folder / "memory.swappiness").write_text("0")
    with suppress(OSError):  # where the kernel counts swap at all
        (folder / "memory.memsw.limit_in_bytes").write_text(str(limit))
    return MemoryGroup(folder, 1)


def _second(limit: int) -> MemoryGroup | None:
    """In our own group, if we may divide it: the rest of us moves into another, which version 2 asks for."""
    path = next((line[3:] for line in _own_lines() if line.startswith("0::")), "")
    own = ROOT / path.lstrip("/")
    if not (own / "cgroup.controllers").exists() or not os.access(own / "cgroup.procs", os.W_OK):
        return None
    try:
        (own / "outside").mkdir(exist_ok=True)
        for pid in (own / "cgroup.procs").read_text().split():
            (own / "outside" / "cgroup.procs").write_text(pid)
        (own / "cgroup.subtree_control").write_text("+memory")
        folder = own / f"comptoir-bench-{os.getpid()}"
        folder.mkdir()
        (folder / "memory.max").write_text(str(limit))
        with suppress(OSError):  # a machine without swap has no such file
            (folder / "memory.swap.max").write_text("0")
    except OSError:
        return None
    return MemoryGroup(folder, 2)


def _own_lines() -> list[str]:
    return Path("/proc/self/cgroup").read_text().splitlines()
