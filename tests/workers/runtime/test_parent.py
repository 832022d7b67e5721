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

    def start(*names: str, **more: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.workers.runtime.family", str(tmp_path)]
        started.append(
            subprocess.Popen(
                [*command, *(names or ("one", "two"))],
                env=base_environment() | more,
                stderr=subprocess.PIPE if names else None,
            )
        )
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
    assert parent.wait(60) == 0
    assert (tmp_path / "one.stopped").exists()
    assert (tmp_path / "two.stopped").exists()


def test_children_do_not_outlive_a_parent_that_is_killed(family: Family, tmp_path: Path) -> None:
    parent = family()
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    pids = children(tmp_path, "one") + children(tmp_path, "two")
    parent.kill()
    wait_until(lambda: not any(alive(pid) for pid in pids))
    assert (tmp_path / "one.stopped").exists()


def test_the_next_parent_tells_its_children_of_those_of_a_killed_one(family: Family, tmp_path: Path) -> None:
    first = family()
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    earlier = {path.read_text().split()[0] for path in tmp_path.glob("*.*.idle")}
    roster = tmp_path.with_suffix(".roster")
    wait_until(lambda: roster.exists() and earlier <= set(roster.read_text().split()))  # as who kills may not
    for pid in (first.pid, *children(tmp_path, "one"), *children(tmp_path, "two")):
        os.kill(pid, signal.SIGKILL)
    first.wait()

    family()

    wait_until(lambda: len(children(tmp_path, "one")) == 2)
    (again,) = [path for path in tmp_path.glob("one.*.idle") if path.read_text().split()[0] not in earlier]
    assert set(again.read_text().split()[1:]) == earlier
    assert not earlier & set(roster.read_text().split()), "they are told of once"


def test_ctrl_c_is_the_parents_to_handle(family: Family, tmp_path: Path) -> None:
    family()
    wait_until(lambda: bool(children(tmp_path, "one")))
    (pid,) = children(tmp_path, "one")
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: (tmp_path / "one.stopped").exists())


def test_children_that_die_before_they_serve_end_the_parent_with_one_line(
    family: Family, tmp_path: Path
) -> None:
    parent = family("one", "broken")
    _, errors = parent.communicate(timeout=60)
    assert parent.returncode == 1
    assert errors.decode().count("broken died 5 times in a row before it served") == 1
    assert (tmp_path / "one.stopped").exists(), "the others end in order"


def test_a_group_that_rests_is_started_again_when_it_may(family: Family, tmp_path: Path) -> None:
    family()
    wait_until(lambda: bool(children(tmp_path, "one") and children(tmp_path, "two")))
    (first,) = children(tmp_path, "one")
    (tmp_path / "one.paused").touch()
    wait_until(lambda: not alive(first))
    assert children(tmp_path, "one") == [first]
    (tmp_path / "one.paused").unlink()
    wait_until(lambda: len(children(tmp_path, "one")) == 2)
