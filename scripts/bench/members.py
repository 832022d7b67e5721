"""Drills with members of a private channel: joining, thousands that expire at once, refunds, faults."""

from collections.abc import Callable, Mapping, Sequence

from scripts.bench import members_alarms, members_door, members_expiry, members_faults, members_query
from scripts.bench.members_channel import PaidChannel, open_paid_channel
from scripts.bench.report import Report
from scripts.bench.running_stack import MIB, UNHURRIED, running_stack
from scripts.embedded.process import StackError

QUERY = "query"
DRILLS: dict[str, tuple[Callable[[Report, PaidChannel, int], None], int, Mapping[str, str]]] = {
    "door": (members_door.measure, members_door.REQUESTS, members_expiry.PACE),
    "expiry": (members_expiry.measure, members_expiry.COUNT, members_expiry.PACE),
    "alarms": (members_alarms.measure, members_alarms.COUNT, members_expiry.PACE),
    "faults": (members_faults.measure, members_faults.COUNT, UNHURRIED),
}
"""What is done, for how many people at the most, at which pace."""


def measure(count: int = members_expiry.COUNT, only: Sequence[str] = ()) -> Report:
    """Run all drills (or those of `only`), each on a shop of its own, with at most `count` people.

    Raises `StackError` when `only` names something that there is not.
    """
    report = Report("members")
    if unknown := set(only) - {*DRILLS, QUERY}:
        raise StackError(f"There is no drill {unknown.pop()!r}: choose among {QUERY}, {', '.join(DRILLS)}.")
    if not only or QUERY in only:
        smallest, larger, largest = members_query.SIZES
        large = (largest,) if count >= members_expiry.COUNT else ()
        members_query.measure(report, (smallest, larger, *large))
    for name, (drill, people, pace) in DRILLS.items():
        if not only or name in only:
            with running_stack(pace, size=MIB) as system, open_paid_channel(system) as paid_channel:
                system.warm()
                drill(report, paid_channel, min(count, people))
    return report
