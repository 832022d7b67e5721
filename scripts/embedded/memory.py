"""Memory of processes, as the kernel counts it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KIB = 1024


@dataclass(frozen=True)
class Memory:
    """Bytes of memory; `rss` counts shared pages in full, `pss` divides them among their users (proc(5))."""

    rss: int = 0
    pss: int = 0

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.rss + other.rss, self.pss + other.pss)


def memory_of(pids: Iterable[int]) -> Memory:
    """The memory of these processes together; one that has ended counts nothing."""
    return sum((_read(pid) for pid in pids), Memory())


def descendants(pid: int) -> list[int]:
    """The ids of a process and of all that it started, directly or not, still alive; itself first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold anything; the parent's id is the second field after it.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    pids = [pid] if Path(f"/proc/{pid}").exists() else []
    for parent in pids:
        pids.extend(sorted(children.get(parent, [])))
    return pids


def children(parent: int) -> list[tuple[int, str]]:
    """The ids of the processes that a process started itself, and their names as `ps -o comm` shows them."""
    processes = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            before, _, after = stat.read_text().rpartition(")")
        except OSError:
            continue
        if int(after.split()[1]) == parent:
            processes.append((int(stat.parent.name), before.partition("(")[2]))
    return sorted(processes)


def _read(pid: int) -> Memory:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return Memory()
    fields = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return Memory(rss=_bytes(fields.get("Rss")), pss=_bytes(fields.get("Pss")))


def _bytes(field: str | None) -> int:
    return int(field.split()[0]) * KIB if field else 0
