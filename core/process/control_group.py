"""What the control groups of this process allow and use, of both versions (cgroups(7)).

A container, a systemd unit or a virtual server on shared hardware may be given less memory than the machine
has; /proc/meminfo does not say so.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


@dataclass(frozen=True)
class GroupMemory:
    """Bytes. `held` is what the kernel cannot drop when it needs room: not the pages of files."""

    limit: int
    held: int


@dataclass(frozen=True)
class _Version:
    """The names of its files, and the prefix of figures that count the groups below too."""

    limit: str
    usage: str
    prefix: str


FIRST = _Version("memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
SECOND = _Version("memory.max", "memory.current", "")


def tightest(root: Path = ROOT, own: Path = OWN) -> GroupMemory | None:
    """The memory of the group, of ours and those above it, that has the least room left; None without one.

    What cannot be read sets no bounds.
    """
    read = [memory for folder, version in _folders(root, own) if (memory := _memory(folder, version))]
    return min(read, key=lambda memory: memory.limit - memory.held, default=None)


def smallest_limit(root: Path = ROOT, own: Path = OWN) -> int | None:
    """The most memory that our control groups allow, in bytes; None where they set no bound."""
    limits = [_limit(folder / version.limit) for folder, version in _folders(root, own)]
    return min((limit for limit in limits if limit is not None), default=None)


def limit_of(folder: Path) -> int | None:
    """The most memory that the group of this folder allows itself, in bytes; None where it sets no bound."""
    limits = [_limit(folder / version.limit) for version in (FIRST, SECOND)]
    return next((limit for limit in limits if limit is not None), None)


def _folders(root: Path, own: Path) -> Iterator[tuple[Path, _Version]]:
    """Our group's folder and each above it. Inside a container the path may be one of the host's."""
    lines = own.read_text().splitlines() if own.exists() else []
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number == "0":
            top, version = (root / "unified" if (root / "unified").is_dir() else root), SECOND
        elif "memory" in controllers.split(","):
            top, version = root / "memory", FIRST
        else:
            continue
        inside = top / path.lstrip("/")
        for folder in (inside, *inside.parents):
            if not folder.is_relative_to(top):
                break
            yield folder, version


def _limit(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() and int(text) < 1 << 62 else None  # "max", or version 1's largest


def _memory(folder: Path, version: _Version) -> GroupMemory | None:
    limit = _limit(folder / version.limit)
    with suppress(OSError, ValueError, KeyError):
        if limit is not None:
            used = int((folder / version.usage).read_text())
            figures = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
            files = sum(int(figures[f"{version.prefix}{state}_file"]) for state in ("active", "inactive"))
            return GroupMemory(limit, max(0, used - files))
    return None
