"""Whether the work behind stands back, as the kernel says."""

import subprocess
import sys

from workers.runtime.scheduling_priority import AUTOGROUP, NICE_VALUE

PROGRAM = """
from workers.runtime.scheduling_priority import AUTOGROUP, yield_to_others
yield_to_others()
print(AUTOGROUP.read_text() if AUTOGROUP.exists() else "")
"""


def nice(value: str) -> int | None:
    """The value of a session, as in "/autogroup-42 nice 10"; None where sessions have none."""
    return int(value.rpartition("nice")[2]) if value.strip() else None


def nice_of(*, leader: bool) -> int | None:
    """What a program that stood back finds."""
    return nice(
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            start_new_session=leader,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )


def test_a_session_of_its_own_stands_back() -> None:
    assert nice_of(leader=True) == (NICE_VALUE if AUTOGROUP.exists() else None)


def test_the_session_of_others_is_left_alone() -> None:
    assert nice_of(leader=False) == nice(AUTOGROUP.read_text() if AUTOGROUP.exists() else "")
