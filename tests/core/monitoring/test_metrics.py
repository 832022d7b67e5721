"""What is computed of the figures before Prometheus gets them."""

from core.monitoring.metrics import top
from core.process.memory import HostMemory, give_back, host_memory, resident_bytes


def test_only_so_many_products_have_a_line_of_their_own() -> None:
    rows = [(7, 9), (3, 5), (None, 4), (8, 2), (9, 1)]
    assert top(rows, limit=2) == [("7", 9), ("3", 5), ("other", 7)]


def test_a_day_without_downloads_is_a_zero_and_no_gap() -> None:
    assert top([]) == [("other", 0)]


def test_the_memory_of_the_machine_is_told_in_bytes() -> None:
    meminfo = "MemTotal:    8000 kB\nMemFree:    100 kB\nMemAvailable:    2000 kB\nHugePages_Total:    0\n"
    assert host_memory(meminfo) == HostMemory(total=8000 * 1024, available=2000 * 1024)


def test_a_process_knows_its_own_memory() -> None:
    assert 2**20 < resident_bytes() < host_memory().total


def test_memory_that_was_freed_goes_back_to_the_kernel() -> None:
    chunks = [bytes(64 * 1024) for _ in range(1600)]  # small enough to come from the heap: 100 MiB of it
    del chunks[:-1]  # what stays lies at the end, so nothing before it can go by itself
    before = resident_bytes()
    give_back()
    assert before - resident_bytes() > 50 * 2**20
