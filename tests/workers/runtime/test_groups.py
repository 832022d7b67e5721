"""Which child serves which queues, on a large host and on a small one."""

from collections.abc import Callable

import pytest

from core.process.settings import Settings
from schemas.contracts import QUEUES
from workers.runtime import groups
from workers.runtime.groups import ALL, GROUPS, SMALL, groups_serving, worker_groups


@pytest.mark.parametrize(
    ("asked", "memory", "expected"),
    [
        ("auto", SMALL, GROUPS),
        ("auto", SMALL - 1, (ALL,)),
        ("one", 64 * SMALL, (ALL,)),
        ("three", SMALL - 1, GROUPS),
    ],
)
def test_a_small_host_gets_one_child_unless_somebody_says_otherwise(
    settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    memory: int,
    expected: object,
) -> None:
    monkeypatch.setattr(groups, "memory_limit", lambda: memory)
    assert worker_groups(settings(worker_groups=asked)) == expected


def test_one_child_serves_every_queue_and_slow_jobs_hold_up_nobody_who_waits() -> None:
    assert sorted(ALL.queues) == sorted(QUEUES)
    assert [pool.queues for pool in ALL.pools] == [group.queues for group in GROUPS]
    assert ALL.threads == sum(pool.threads for pool in ALL.pools) < sum(group.threads for group in GROUPS)


def test_a_machine_may_serve_some_queues_alone() -> None:
    assert [group.queues for group in groups_serving(["media", "delivery"])] == [("delivery",), ("media",)]
    (one,) = groups_serving(["media"], (ALL,))
    assert (one.queues, one.threads) == (("media",), 2)
