"""What is computed of the figures before Prometheus gets them."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from core.kit.db import PoolUse
from core.monitoring.memory import HostMemory, give_back, host_memory, machine_memory, resident_bytes
from core.monitoring.metrics import (
    disk_families,
    exposition,
    http_families,
    pool_families,
    process_families,
    shop_families,
    top,
)
from schemas.contracts import QUEUES, TELEGRAM, WORKER_GROUPS
from tests.core.jobs.admin.rows import beat
from tests.support.make import NOW


def test_only_so_many_products_have_a_line_of_their_own() -> None:
    rows = [(7, 9), (3, 5), (None, 4), (8, 2), (9, 1)]
    assert top(rows, limit=2) == [("7", 9), ("3", 5), ("other", 7)]


def test_a_day_without_downloads_is_a_zero_and_no_gap() -> None:
    assert top([]) == [("other", 0)]


def test_the_memory_of_the_machine_is_told_in_bytes() -> None:
    meminfo = "MemTotal:    8000 kB\nMemFree:    100 kB\nMemAvailable:    2000 kB\nHugePages_Total:    0\n"
    assert machine_memory(meminfo) == HostMemory(total=8000 * 1024, available=2000 * 1024)


def test_a_process_knows_its_own_memory() -> None:
    assert 2**20 < resident_bytes() < host_memory().total


def test_memory_that_was_freed_goes_back_to_the_kernel() -> None:
    chunks = [bytes(64 * 1024) for _ in range(1600)]  # small enough to come from the heap: 100 MiB of it
    del chunks[:-1]  # what stays lies at the end, so nothing before it can go by itself
    before = resident_bytes()
    give_back()
    assert before - resident_bytes() > 50 * 2**20


def test_the_disk_of_the_store_is_told_where_it_is_seen(tmp_path: Path) -> None:
    def figures(folder: Path | None) -> dict[str, float]:
        samples = [sample for family in disk_families(folder) for sample in family.samples]
        return {sample.name: sample.value for sample in samples}

    seen = figures(tmp_path)
    assert seen.keys() == {"comptoir_store_disk_bytes", "comptoir_store_disk_available_bytes"}
    assert 0 < seen["comptoir_store_disk_available_bytes"] < seen["comptoir_store_disk_bytes"]
    assert figures(None) == figures(tmp_path / "missing") == {}


def exported(session: Session) -> list[str]:
    """The lines of the shop's figures."""
    return exposition(shop_families(session, now=NOW)).decode().splitlines()


def test_one_worker_for_all_queues_counts_in_each_group(session: Session) -> None:
    beat(session, queue_group="all", queues=list(QUEUES), memory=5)
    lines = exported(session)
    for group in WORKER_GROUPS:
        assert f'comptoir_workers{{group="{group}"}} 1.0' in lines
        assert f'comptoir_worker_memory_bytes{{group="{group}"}} 5.0' in lines


def test_a_group_has_as_many_workers_as_its_least_served_queue(session: Session) -> None:
    beat(session, "a:1:x", queue_group="background", queues=["media"])
    beat(session, "a:2:x", queue_group="background", queues=["media", "bulk"])
    beat(session, "a:3:x", queue_group="background", queues=["fetch"], ago=timedelta(hours=1))
    beat(session, "a:4:x", queue_group="delivery", queues=list(TELEGRAM))
    lines = exported(session)
    assert 'comptoir_workers{group="background"} 0.0' in lines
    assert 'comptoir_workers_lost{group="background"} 1.0' in lines
    assert 'comptoir_workers{group="delivery"} 1.0' in lines
    assert 'comptoir_workers_lost{group="delivery"} 0.0' in lines


def test_a_process_tells_of_its_connections_and_of_what_it_answered() -> None:
    families = [
        *pool_families({"jobs": PoolUse(in_use=3, most=20), "clicks": PoolUse(in_use=0, most=5)}),
        *http_families(7, 1000),
        *process_families(database=False, requests=[(["/d", "2xx"], [("0.1", 4), ("+Inf", 5)], 0.75)]),
    ]
    lines = exposition(families).decode().splitlines()
    assert {
        'comptoir_database_connections{pool="jobs"} 3.0',
        'comptoir_database_connections_limit{pool="clicks"} 5.0',
        "comptoir_http_connections 7.0",
        "comptoir_http_connections_limit 1000.0",
        "comptoir_database_up 0.0",
        'comptoir_http_request_seconds_bucket{le="0.1",route="/d",status="2xx"} 4.0',
        'comptoir_http_request_seconds_sum{route="/d",status="2xx"} 0.75',
    } <= {*lines}
