"""A control group holds the processes that join it, and no other."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from scripts.bench import memory_group as memory_groups
from scripts.bench.memory_group import MemoryGroup, anonymous, memory_group
from scripts.embedded.process import Process, wait_until

MIB = 1 << 20
HOLD = "import time; held = bytearray(b'x') * (20 << 20); print('held', flush=True); time.sleep(60)"


@pytest.mark.parametrize(("version", "names"), [(1, ("total_rss", "total_shmem")), (2, ("anon", "shmem"))])
def test_the_figures_of_both_versions_are_read(version: int, names: tuple[str, str], tmp_path: Path) -> None:
    kills = tmp_path / ("memory.oom_control" if version == 1 else "memory.events")
    (tmp_path / "memory.stat").write_text(f"cache 7\n{names[0]} 100\n{names[1]} 20\n")
    kills.write_text("under_oom 0\noom_kill 3\n")
    group = MemoryGroup(tmp_path, version)
    assert (group.used(), group.kills()) == (120, 3)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may make a control group without systemd")
def test_a_process_joins_before_it_begins_and_we_do_not(tmp_path: Path) -> None:
    with memory_group(64 * MIB) as group:
        if group is None:
            pytest.skip("this machine lets nobody make a control group")
        process = Process("holder", [sys.executable, "-c", HOLD], tmp_path / "log")
        process.control_group = group.folder
        process.start()
        try:
            wait_until(lambda: (tmp_path / "log").read_text() == "held\n", 60, "nothing was held")
            members = (group.folder / "cgroup.procs").read_text().split()
            assert members == [str(process.pid)]
            assert 20 * MIB <= anonymous(process.pid) < 64 * MIB
            assert 19 * MIB <= group.used() < 64 * MIB
            assert group.kills() == 0
            ((name, held),) = group.by_process().items()
            assert name.endswith(f" {process.pid}")
            assert held == pytest.approx(group.used(), abs=2 * MIB)
        finally:
            process.kill()
            process.join(10)
    assert not group.folder.exists()


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Control groups as plain files, where we are in `/user.slice/ours`."""
    monkeypatch.setattr(memory_groups, "ROOT", tmp_path)
    monkeypatch.setattr(memory_groups, "_own_lines", lambda: ["0::/user.slice/ours"])
    return tmp_path


def second_version(groups: Path) -> Path:
    own = groups / "user.slice" / "ours"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("memory pids")
    (own / "cgroup.procs").write_text("11\n12\n")
    return own


def test_in_version_1_the_group_stands_beside_all_others(groups: Path) -> None:
    (groups / "memory").mkdir()
    second_version(groups)  # machines with both mount the first for memory
    group = memory_groups._first(64 * MIB)
    assert group is not None
    assert group.version == 1
    assert group.folder.parent == groups / "memory"
    assert (group.folder / "memory.limit_in_bytes").read_text() == str(64 * MIB)
    assert (group.folder / "memory.memsw.limit_in_bytes").read_text() == str(64 * MIB)
    assert (group.folder / "memory.swappiness").read_text() == "0"


def test_in_version_2_our_own_group_is_divided_and_the_rest_of_us_moves_out(groups: Path) -> None:
    own = second_version(groups)
    assert memory_groups._first(64 * MIB) is None
    group = memory_groups._second(64 * MIB)
    assert group is not None
    assert (group.version, group.folder.parent) == (2, own)
    assert (group.folder / "memory.max").read_text() == str(64 * MIB)
    assert (group.folder / "memory.swap.max").read_text() == "0"
    assert (own / "cgroup.subtree_control").read_text() == "+memory"
    assert (own / "outside" / "cgroup.procs").read_text() in ("11", "12")


@pytest.mark.parametrize("lacking", ["cgroup.controllers", "cgroup.procs", "the right to divide it"])
def test_where_our_own_group_may_not_be_divided_there_is_none(groups: Path, lacking: str) -> None:
    own = second_version(groups)
    if lacking.startswith("cgroup"):
        (own / lacking).unlink()
    else:
        (own / "cgroup.subtree_control").mkdir()  # writing to it fails, as the kernel refuses it
    assert memory_groups._second(64 * MIB) is None


class ProgramReplaced(Exception):
    """execvp never returns."""


@pytest.fixture
def nobody(groups: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Somebody without root on a machine with systemd; the programs that took our place."""
    begun: list[list[str]] = []

    def replace_program(_name: str, command: list[str]) -> None:
        begun.append(command)
        raise ProgramReplaced

    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setattr(os, "execvp", replace_program)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(sys, "argv", ["comptoir", "bench", "small-host", "--json"])
    monkeypatch.setenv(memory_groups.INSIDE, "")
    monkeypatch.delenv(memory_groups.INSIDE)
    return begun


def test_without_root_systemd_makes_a_scope_and_the_program_begins_again_in_it(
    nobody: list[list[str]],
) -> None:
    with pytest.raises(ProgramReplaced), memory_group(64 * MIB):
        pass
    ((program, *options),) = nobody
    assert program == "systemd-run"
    assert {"--user", "--scope", "Delegate=yes"} <= {*options}
    assert options[-6:] == [sys.executable, "-m", "scripts.cli", "bench", "small-host", "--json"]


@pytest.mark.parametrize("case", ["in the scope already", "no systemd", "root"])
def test_where_no_group_can_be_made_nothing_is_limited(
    nobody: list[list[str]], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    if case == "in the scope already":
        monkeypatch.setenv(memory_groups.INSIDE, "yes")
    elif case == "no systemd":
        monkeypatch.setattr(shutil, "which", lambda name: None)
    else:
        monkeypatch.setattr(os, "getuid", lambda: 0)
    with memory_group(64 * MIB) as group:
        assert group is None
    assert nobody == []
