"""Memory of this process and of the machine it runs on, as Linux tells them (proc(5))."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class HostMemory:
    """Bytes of RAM; `available` is what programs can still have without swapping."""

    total: int
    available: int


def resident_bytes() -> int:
    """Memory of this process that is in RAM (statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def give_back() -> None:
    """Return memory to the kernel that this process has freed (malloc_trim(3)). Left alone, the C library
    keeps it, so a process stays as large as its busiest minute made it, on a host that has little."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # glibc has it
        trim(0)


def host_memory(meminfo: str | None = None) -> HostMemory:
    """Of the text of /proc/meminfo, which is read when it is not given."""
    lines = (meminfo or Path("/proc/meminfo").read_text()).splitlines()
    kibibytes = {name: rest.split()[0] for name, _, rest in (line.partition(":") for line in lines)}
    return HostMemory(int(kibibytes["MemTotal"]) * 1024, int(kibibytes["MemAvailable"]) * 1024)
