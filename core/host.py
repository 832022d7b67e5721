"""Memory of this process and of the machine it runs on, as Linux tells them (proc(5))."""

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


def host_memory(meminfo: str | None = None) -> HostMemory:
    """Of the text of /proc/meminfo, which is read when it is not given."""
    lines = (meminfo or Path("/proc/meminfo").read_text()).splitlines()
    kibibytes = {name: rest.split()[0] for name, _, rest in (line.partition(":") for line in lines)}
    return HostMemory(int(kibibytes["MemTotal"]) * 1024, int(kibibytes["MemAvailable"]) * 1024)
