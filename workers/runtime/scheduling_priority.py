"""Which of several busy processes goes first on a machine that has too few processors for all of them."""

import os
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
STANDS_BACK = 10  # a nice value: answering a buyer or a provider comes before the work that follows


def stand_back() -> None:
    """Let other programs go before this process and its children, where it leads a session of its own.

    Linux shares the processors among sessions first, so that nice(2) counts only within one, unless control
    groups do the sharing (sched(7), "The autogroup feature"). A session's own value is set here; elsewhere
    the file is missing or says nothing.
    """
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            AUTOGROUP.write_text(f"{STANDS_BACK}\n")
