"""`comptoir up` as a person runs it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.embedded.memory import descendants
from scripts.embedded.ports import accepts
from scripts.embedded.postgres import socket_folder
from scripts.embedded.process import PROJECT
from scripts.terminal.context import load_settings
from tests.support.waiting import wait_until

UP = [sys.executable, "-m", "scripts.cli", "up", "--json", "--no-bot"]
BESIDE = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
"""How a shell starts a job in the background: with SIGINT ignored (POSIX, Signals and Error Handling)."""
CLEAN = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@contextmanager
def up(var: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*BESIDE, *UP, "--var", str(var)],
        cwd=PROJECT,
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_the_shop_is_and_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with up(tmp_path) as process:
        assert process.stdout is not None
        start = json.loads(process.stdout.readline())
        port = int(start["url"].rpartition(":")[2])
        pids = descendants(process.pid)

        assert accepts(port)
        assert set(start["pids"]) == {"postgres", "redis", "store", "parent", "api", "workers"}
        assert load_settings(tmp_path).redis_url.startswith("unix://")

        process.send_signal(number)
        assert process.wait(60) == 0

    assert all(map(ended, pids))
    assert not accepts(port)
    assert not (tmp_path / "run.json").exists()


def test_nothing_of_it_survives_its_own_kill(tmp_path: Path) -> None:
    with up(tmp_path) as process:
        assert process.stdout is not None
        start = json.loads(process.stdout.readline())
        pids = descendants(process.pid)
        process.kill()

    assert set(start["pids"].values()) < set(pids)
    wait_until(lambda: all(map(ended, pids)), 60, "a process survived")
    for part in ("postgres", "redis"):
        shutil.rmtree(socket_folder(tmp_path / part))


def test_it_names_a_wrong_setting_and_starts_nothing(tmp_path: Path) -> None:
    wrong = CLEAN | {"LINK_TTL": "soon"}
    done = subprocess.run(
        [*UP, "--var", str(tmp_path)], cwd=PROJECT, env=wrong, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "LINK_TTL is wrong" in done.stderr
    assert not (tmp_path / "run.json").exists()


def test_without_a_token_or_a_database_it_says_where_to_get_one(tmp_path: Path) -> None:
    command = [part for part in UP if part != "--no-bot"]
    broken = CLEAN | {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    done = subprocess.run(
        [*command, "--var", str(tmp_path)],
        cwd=PROJECT,
        env=broken,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "BotFather" in done.stderr
    assert "Traceback" not in done.stderr
    assert "remove DATABASE_URL" in done.stderr
