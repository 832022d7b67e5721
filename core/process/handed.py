"""Settings that reach a process by an open file, so that they stand in no environment and no argument.

Whoever starts it writes them into memory that has no name (memfd_create(2)) and hands the open file on.
"""

import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Handed:
    """What one role gets: its settings by variable name, its log file, and who wants to know it serves."""

    settings: dict[str, str]
    log: str = ""
    notify: str = ""

    def encoded(self) -> bytes:
        """As `read` understands it."""
        return json.dumps(asdict(self)).encode()


def write(role: str, handed: Handed) -> int:
    """The descriptor of an unnamed file that holds this; the caller closes it."""
    if sys.platform == "linux":
        descriptor = os.memfd_create(f"comptoir-{role}", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    rewrite(descriptor, handed.encoded())
    return descriptor


def read(descriptor: int) -> Handed:
    """What was written there; it can be read any number of times, by several processes."""
    return Handed(**json.loads(content(descriptor)))


def rewrite(descriptor: int, content: bytes) -> None:
    """Replace what such a file holds."""
    os.pwrite(descriptor, content, 0)
    os.ftruncate(descriptor, len(content))


def content(descriptor: int) -> bytes:
    """All that such a file holds, without moving anybody's place in it."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
