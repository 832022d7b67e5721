"""Room on the disk that the store writes to, where it is a disk of this machine."""

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """Bytes of a disk; `free` is what programs without special rights can still write."""

    total: int
    free: int


def disk_of(folder: Path | None) -> Disk | None:
    """The disk on which this folder is; None where none is named, or it is not of this machine."""
    if folder is None:
        return None
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(usage.total, usage.free)
