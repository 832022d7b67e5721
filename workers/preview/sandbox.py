"""The sandbox of the process that reads a hostile file, closed before it reads the first byte.

- a network namespace with nothing in it, where the machine lets us make one;
- two seccomp filters: no sockets and no other process from the start; after the libraries are loaded, no
  file can be opened, no program started and no signal sent either;
- limits on address space, memory, CPU time, written files (none) and open files; no core dump;
- the parent's death kills it, and the kernel before any other process, where memory runs out.

The parent gives it an empty environment, a process group of its own and a deadline.
"""

import ctypes
import os
import resource
import signal
from collections.abc import Callable

from core.process import kernel
from workers.preview import seccomp
from workers.preview.errors import PreviewFailed

CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
PR_SET_PDEATHSIG = 1
FIRST = 1000  # oom_score_adj (proc(5)): it goes before any other process of the machine

CPU_SECONDS = 45
OPEN_FILES = 64
MIB = 1 << 20
STATUS = "/proc/self/status"


class Sandbox:
    """The sandbox of this process. `mechanisms` names what keeps it from the network."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        # Opened while opening is allowed.
        self._status = os.open(STATUS, os.O_RDONLY | os.O_CLOEXEC)
        self.mechanisms: list[str] = []

    def close_in(self, address_space: int, memory: int = 0) -> None:
        """Set the limits and the first filter. Raises `PreviewFailed` "unsafe" where there is no seccomp.

        `memory`: bytes that it may fill (RLIMIT_DATA, getrlimit(2)), where that is less than all.
        """
        kernel.die_before_others(FIRST)
        kernel.close_to_others()
        self._libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _limit(resource.RLIMIT_AS, address_space)
        _limit(resource.RLIMIT_DATA, min(memory or address_space, address_space))
        _limit(resource.RLIMIT_CPU, CPU_SECONDS)
        _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
        _limit(resource.RLIMIT_FSIZE, 0)
        _limit(resource.RLIMIT_CORE, 0)
        # Docker's default profile refuses this one; the filters hold the network shut there.
        if self._libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0:
            self.mechanisms.append("network namespace")
        self._filter(seccomp.deny_reaching_others)
        self.mechanisms.append("seccomp")

    def seal(self) -> None:
        """Set the last filter: from now on there are only memory, time and what is open."""
        self._filter(seccomp.seal)

    def peak_rss(self) -> int:
        """The most memory that was resident, in bytes. (ru_maxrss would remember the parent before exec.)"""
        for line in os.pread(self._status, 8192, 0).splitlines():
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) * 1024
        return 0

    def _filter(self, install: Callable[[], None]) -> None:
        try:
            install()
        except seccomp.SeccompMissing as error:
            reason = (
                f"This machine cannot hold hostile files ({error.strerror}), so none is opened. "
                "Previews need Linux with seccomp on x86-64 or arm64."
            )
            raise PreviewFailed("unsafe", reason) from None


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))
