"""Memory of this process and of the machine it runs on, as Linux tells them (proc(5))."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

from core.process import control_group

PAGE = os.sysconf("SC_PAGE_SIZE")
MEMINFO = Path("/proc/meminfo")
ROLLUP = Path("/proc/self/smaps_rollup")


@dataclass(frozen=True)
class HostMemory:
    """Bytes of RAM; `available` is what programs can still have without swapping."""

    total: int
    available: int


def resident_bytes() -> int:
    """Memory of this process that is in RAM (statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def proportional_bytes() -> int:
    """Memory of this process in RAM, with pages that others use too counted by its share.

    Nobody else may read it of a process that is closed to others, so each tells its own.
    """
    try:
        lines = ROLLUP.read_text().splitlines()
    except OSError:  # a kernel before 4.14
        return resident_bytes()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def give_back() -> None:
    """Return memory to the kernel that this process has freed (malloc_trim(3)). Left alone, the C library
    keeps it, so a process stays as large as its busiest minute made it, on a host that has little."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # glibc has it
        trim(0)


def host_memory() -> HostMemory:
    """What this process and its neighbours have: the machine's, or their control group's, if that is less."""
    machine, group = machine_memory(MEMINFO.read_text()), control_group.tightest()
    if group is None or group.limit >= machine.total:
        return machine
    return HostMemory(group.limit, min(machine.available, max(0, group.limit - group.held)))


def memory_limit() -> int:
    """The most bytes that all processes here may have together."""
    total = machine_memory(MEMINFO.read_text()).total
    return min(total, control_group.smallest_limit() or total)


def machine_memory(meminfo: str) -> HostMemory:
    """Of the text of /proc/meminfo."""
    kibibytes = {name: rest.split()[0] for name, _, rest in map(_parted, meminfo.splitlines())}
    return HostMemory(int(kibibytes["MemTotal"]) * 1024, int(kibibytes["MemAvailable"]) * 1024)


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")
