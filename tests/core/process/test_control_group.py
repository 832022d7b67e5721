"""What control groups of both versions allow and use, from folders as the kernel shows them."""

from pathlib import Path

import pytest

from core.monitoring.memory import HostMemory, host_memory, memory_limit
from core.process import control_group
from core.process.control_group import GroupMemory, smallest_limit, tightest

MIB = 1 << 20
NO_LIMIT = str((1 << 63) - 4096)


def first(folder: Path, limit: str, used: int, files: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.limit_in_bytes").write_text(f"{limit}\n")
    (folder / "memory.usage_in_bytes").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(
        f"active_file 1\ninactive_file 1\ntotal_active_file {files}\ntotal_inactive_file {files}\n"
    )


def second(folder: Path, limit: str, used: int, files: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\nactive_file {files}\ninactive_file {files}\n")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "self"


def test_the_pages_of_files_count_as_free(tmp_path: Path, own: Path) -> None:
    own.write_text("4:memory:/shop\n0::/\n")
    first(tmp_path / "memory" / "shop", str(512 * MIB), 300 * MIB, 50 * MIB)
    assert tightest(tmp_path, own) == GroupMemory(512 * MIB, 200 * MIB)
    assert smallest_limit(tmp_path, own) == 512 * MIB


def test_the_second_version_is_read_as_well(tmp_path: Path, own: Path) -> None:
    own.write_text("0::/system.slice/shop.service\n")
    second(tmp_path / "system.slice" / "shop.service", str(400 * MIB), 120 * MIB, 10 * MIB)
    assert tightest(tmp_path, own) == GroupMemory(400 * MIB, 100 * MIB)


def test_a_bound_above_our_own_group_is_a_bound(tmp_path: Path, own: Path) -> None:
    own.write_text("0::/slice/shop\n")
    second(tmp_path / "slice" / "shop", "max", 10 * MIB, 0)
    second(tmp_path / "slice", str(256 * MIB), 200 * MIB, 0)
    assert tightest(tmp_path, own) == GroupMemory(256 * MIB, 200 * MIB)
    assert smallest_limit(tmp_path, own) == 256 * MIB


def test_in_a_container_the_path_may_be_one_of_the_host(tmp_path: Path, own: Path) -> None:
    own.write_text("4:memory:/docker/0123\n")
    first(tmp_path / "memory", str(128 * MIB), 64 * MIB, 0)
    assert tightest(tmp_path, own) == GroupMemory(128 * MIB, 64 * MIB)


@pytest.mark.parametrize("lines", ["4:memory:/\n", "0::/\n", "", "3:cpu:/\n"])
def test_without_a_bound_there_is_none(tmp_path: Path, own: Path, lines: str) -> None:
    own.write_text(lines)
    first(tmp_path / "memory", NO_LIMIT, 64 * MIB, 0)
    second(tmp_path, "max", 64 * MIB, 0)
    assert tightest(tmp_path, own) is None
    assert smallest_limit(tmp_path, own) is None


def test_without_control_groups_there_is_no_bound(tmp_path: Path) -> None:
    assert tightest(tmp_path / "missing", tmp_path / "nothing") is None


def test_the_alarm_and_the_choice_of_workers_go_by_the_tighter_bound(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.write_text("4:memory:/shop\n")
    first(tmp_path / "memory" / "shop", str(512 * MIB), 500 * MIB, 10 * MIB)
    monkeypatch.setattr(control_group, "tightest", lambda: tightest(tmp_path, own))
    monkeypatch.setattr(control_group, "smallest_limit", lambda: smallest_limit(tmp_path, own))
    assert host_memory() == HostMemory(512 * MIB, 32 * MIB)
    assert memory_limit() == 512 * MIB
