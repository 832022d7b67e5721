"""What a process asks of Linux about itself (prctl(2), proc(5)); elsewhere each of these does nothing."""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_SET_NAME = 1, 3, 4, 15
LONGEST_NAME = 15  # bytes, of what `ps -o comm` shows
SCORE = Path("/proc/self/oom_score_adj")


def name_process(name: str) -> None:
    """Be shown under this name by ps and top, and in the kernel's log."""
    _prctl(PR_SET_NAME, short(name).encode())


def short(name: str) -> str:
    """A name as ps shows it, cut to what the kernel keeps."""
    return name[:LONGEST_NAME]


def close_to_others() -> None:
    """Let no process of the same user read our memory, environment or open files; no core dump either."""
    _prctl(PR_SET_DUMPABLE, 0)


def die_before_others(score: int) -> None:
    """Raise how early the kernel ends this process where memory runs out: 0 as large as it is, 1000 first.

    What was inherited is never lowered, which the kernel would refuse.
    """
    if sys.platform != "linux" or int(SCORE.read_text()) >= score:
        return
    closed = _prctl(PR_GET_DUMPABLE, 0) == 0
    _prctl(PR_SET_DUMPABLE, 1)  # of a closed process this file belongs to root
    try:
        SCORE.write_text(f"{score}\n")
    finally:
        if closed:
            close_to_others()


def end_with(parent: int, number: int) -> None:
    """Get this signal when the parent dies. Raises `SystemExit` where it has died already."""
    if _prctl(PR_SET_PDEATHSIG, number) != 0:
        raise OSError("prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise SystemExit("the parent died before its child began")


def _prctl(option: int, value: int | bytes) -> int:
    return ctypes.CDLL(None).prctl(option, value, 0, 0, 0) if sys.platform == "linux" else 0
