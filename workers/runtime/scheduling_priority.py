"""Which processes go first on a busy machine: workers let those that answer people go before them."""

import os
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
NICE_VALUE = 10  # as of nice(2): answering a buyer or a provider comes before the work that follows


def yield_to_others() -> None:
    """Let other programs go before this process and its children, where it leads a session of its own.

    Linux shares the processors among sessions first, so that nice(2) counts only within one, unless control
    groups do the sharing (sched(7), "The autogroup feature"). A session's own value is set here; elsewhere
    the file is missing or says nothing.
    """
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            AUTOGROUP.write_text(f"{NICE_VALUE}\n")
