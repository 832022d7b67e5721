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


def unseen_disk(folder: Path | None) -> str:
    """What is wrong with STORE_FOLDER, as this process sees it; "" where nothing is, or none is named."""
    if folder is None or disk_of(folder):
        return ""
    return (
        f"STORE_FOLDER names {folder}, which is not there or cannot be looked at: how full the store's disk "
        "is stays unknown, nobody is told before it is full and no upload is refused"
    )


MEND_UNSEEN_DISK = "Correct STORE_FOLDER, mount the disk there, or leave it empty for a store elsewhere."
