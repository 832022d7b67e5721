"""Who goes first on a machine with too few processors, as the kernel has it of the running shop."""

import os
from pathlib import Path

from scripts.bench.running_stack import RunningStack
from workers.runtime.groups import GROUPS
from workers.runtime.scheduling_priority import AUTOGROUP, NICE_VALUE


def nice_of_session(pid: int) -> str:
    """As in "nice 10"; empty where sessions share no processors."""
    file = Path(f"/proc/{pid}/autogroup")
    return file.read_text().partition(" ")[2].strip() if AUTOGROUP.exists() else ""


def test_who_answers_goes_before_who_works_behind(shop: RunningStack) -> None:
    (api, *_), (parent,) = shop.stack.pids("api"), shop.stack.pids("parent")
    children = shop.stack.pids("workers")
    groups = [os.getpriority(os.PRIO_PROCESS, child) for child in children[: len(GROUPS)]]
    assert sorted(groups) == sorted(group.nice for group in GROUPS)
    assert os.getpriority(os.PRIO_PROCESS, api) < min(groups)
    if AUTOGROUP.exists():
        assert (nice_of_session(api), nice_of_session(parent)) == ("nice 0", f"nice {NICE_VALUE}")
