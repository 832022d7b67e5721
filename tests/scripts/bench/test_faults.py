"""Which faults there are, and whom a strike hits, without striking."""

from types import ModuleType

import pytest

from schemas.contracts import WORKER_GROUPS
from scripts.bench import faults, mixed_faults
from scripts.bench.take_over import TAKE_OVERS
from scripts.embedded.process import StackError
from workers.runtime.groups import ALL, GROUPS


@pytest.mark.parametrize("group", WORKER_GROUPS)
def test_a_strike_finds_the_child_that_does_the_work_of_a_group(group: str) -> None:
    assert GROUPS[faults.child_of(group, GROUPS)].name == group
    assert faults.child_of(group, (ALL,)) == 0


def test_servers_that_take_over_are_among_the_faults_of_both_benchmarks() -> None:
    assert set(TAKE_OVERS) <= set(faults.FAULTS)
    assert set(TAKE_OVERS) <= set(mixed_faults.EVERY)


@pytest.mark.parametrize("bench", [faults, mixed_faults])
def test_a_fault_that_there_is_not_is_refused_before_anything_starts(bench: ModuleType) -> None:
    with pytest.raises(StackError, match=r"no fault 'flood'.*redis-promoted"):
        bench.measure(only=["flood"])
