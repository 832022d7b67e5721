"""The attacks at their shortest: nothing breaks or grows, and who is refused is told when to come back."""

import pytest

from scripts.bench.hostile import GROWTH, measure
from scripts.bench.hostile_clients import ATTACKS


@pytest.mark.timeout(600)
def test_no_attack_breaks_the_shop_or_makes_it_grow() -> None:
    report = measure(seconds=1)

    # How long clicks take is for the benchmark: here other tests take the processors.
    judged = [target for target in report.targets if "5xx" in target.what or "Retry-After" in target.what]
    assert [target.what for target in judged if not target.ok] == []
    assert len(judged) == 2 * len(ATTACKS)
    (growth,) = (target for target in report.targets if target.asked == f"<= {GROWTH} MiB")
    assert growth.ok, growth.measured
    assert all(report.facts[kind] for kind in ATTACKS), "every attack was answered"
