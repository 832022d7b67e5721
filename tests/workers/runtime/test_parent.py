"""The worker parent and its children, as processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.process.settings import Settings
from scripts.embedded.process import base_environment
from tests.support.waiting import wait_until

Family = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    """Start a parent with children of these names; whatever happens, it ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**more: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.workers.runtime.family", str(tmp_path), "one", "two"]
        started.append(subprocess.Popen(command, env=base_environment() | more))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def children(folder: Path, name: str) -> list[int]:
    return sorted(int(path.name.split(".")[1]) for path in folder.glob(f"{name}.*.*"))


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_telegram_client_works_in_a_child_of_a_process_that_imported_it(
    family: Family, tmp_path: Path, telegram_settings: Callable[..., Settings]
) -> None:
    family(**telegram_settings(session_dir=None).environment_for("workers"))
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    assert {path.suffix for path in tmp_path.iterdir()} == {".shop_bot"}


def test_a_dead_child_is_started_again_alone(family: Family, tmp_path: Path) -> None:
    family()
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    (first,) = children(tmp_path, "one")
    (other,) = children(tmp_path, "two")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(children(tmp_path, "one")) == 2)
    assert children(tmp_path, "two") == [other]
    assert alive(other)
    (name,) = (tmp_path / f"one.{first}.idle").read_text().split()
    (again,) = set(children(tmp_path, "one")) - {first}
    wait_until(lambda: (tmp_path / f"one.{again}.idle").read_text().split()[1:] == [name])


def test_children_end_in_order_with_their_parent(family: Family, tmp_path: Path) -> None:
    parent = family()
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(15) == 0
    assert (tmp_path / "one.stopped").exists()
    assert (tmp_path / "two.stopped").exists()


def test_children_do_not_outlive_a_parent_that_is_killed(family: Family, tmp_path: Path) -> None:
    parent = family()
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    pids = children(tmp_path, "one") + children(tmp_path, "two")
    parent.kill()
    wait_until(lambda: not any(alive(pid) for pid in pids))
    assert (tmp_path / "one.stopped").exists()


def test_ctrl_c_is_the_parents_to_handle(family: Family, tmp_path: Path) -> None:
    family()
    wait_until(lambda: bool(children(tmp_path, "one")))
    (pid,) = children(tmp_path, "one")
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: (tmp_path / "one.stopped").exists())
