"""The measurement of a small host, on a shop with little to do: each part of it works and is told.

What its memory comes to is for the measurement itself, on a machine with nothing else to do. Here is room
for the film beside the dashboard: in 512 MiB its preview is tried again after minutes.
"""

from scripts.bench.running_stack import GIB
from scripts.bench.small_host import measure

WORKS = (
    "deliveries",
    "people with two messages",
    "bytes downloaded",
    "previews",
)


def test_every_part_of_a_small_host_is_measured() -> None:
    report = measure(count=2, mib=8, previews=2, limit=2 * GIB)
    targets = {target.what: target for target in report.targets}
    assert [name for name in WORKS if not targets[name].ok] == []
    phases = [target for name, target in targets.items() if name.endswith("of everything")]
    assert len(phases) == 5
    assert all(float(target.measured.split()[0]) > 0 for target in phases)
