"""What a process asks of Linux about itself, seen in another process that asked it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.process import kernel

PROGRAM = """
import ctypes, json, os
from pathlib import Path
from core.process import kernel
kernel.name_process("comptoir-interactive")
kernel.close_to_others()
kernel.die_before_others(300)
kernel.die_before_others(100)
print(json.dumps({
    "open": ctypes.CDLL(None).prctl(kernel.PR_GET_DUMPABLE, 0, 0, 0, 0),
    "name": Path("/proc/self/comm").read_text().strip(),
    "score": int(Path("/proc/self/oom_score_adj").read_text()),
    "owner": os.stat("/proc/self/environ").st_uid,
}))
"""


def ran(program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_a_process_is_named_and_closed_and_goes_first_where_memory_runs_out() -> None:
    seen = json.loads(ran(PROGRAM).stdout)
    assert seen["name"] == kernel.short("comptoir-interactive") == "comptoir-intera"
    assert seen["score"] == 300  # the second, lower wish changes nothing
    assert (seen["open"], seen["owner"]) == (0, 0)  # a closed process belongs to root, whoever runs it


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user")
def test_a_process_without_rights_may_do_the_same() -> None:
    become = "import os; from core.process import kernel; os.setgid(65534); os.setuid(65534)"
    become += "; kernel._prctl(kernel.PR_SET_DUMPABLE, 1)"  # who changes its user is closed by that already
    program = f"import json; from pathlib import Path; {become}\n{PROGRAM}"
    seen = json.loads(ran(program).stdout)
    assert (seen["score"], seen["owner"]) == (300, 0)


def test_a_child_whose_parent_has_gone_does_not_begin() -> None:
    program = f"from core.process import kernel; kernel.end_with(1 << 22, {int(signal.SIGTERM)}); print('on')"
    done = ran(program)
    assert done.returncode == 1
    assert "parent died" in done.stderr
    assert done.stdout == ""


class Kernel:
    """Keeps what was asked of prctl, and answers as it is told to."""

    def __init__(self, **answers: int) -> None:
        self.asked: list[tuple[int, int | bytes]] = []
        self._answers = answers

    def __call__(self, option: int, value: int | bytes) -> int:
        self.asked.append((option, value))
        return {kernel.PR_GET_DUMPABLE: self._answers.get("dumpable", 1)}.get(
            option, self._answers.get("answer", 0)
        )


@pytest.mark.parametrize("closed", [True, False])
def test_a_closed_process_is_open_only_while_its_score_is_written(
    closed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    score, linux = tmp_path / "score", Kernel(dumpable=0 if closed else 1)
    score.write_text("200\n")
    monkeypatch.setattr(kernel, "SCORE", score)
    monkeypatch.setattr(kernel, "_prctl", linux)
    kernel.die_before_others(300)
    assert score.read_text() == "300\n"
    shut_again = [(kernel.PR_SET_DUMPABLE, 0)] if closed else []
    assert linux.asked == [(kernel.PR_GET_DUMPABLE, 0), (kernel.PR_SET_DUMPABLE, 1), *shut_again]
    linux.asked.clear()
    kernel.die_before_others(300)
    assert (score.read_text(), linux.asked) == ("300\n", [])


def test_a_child_begins_where_its_parent_lives_and_the_kernel_watches_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    linux = Kernel()
    monkeypatch.setattr(kernel, "_prctl", linux)
    kernel.end_with(os.getppid(), signal.SIGTERM)
    assert linux.asked == [(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)]
    with pytest.raises(SystemExit, match="parent died"):
        kernel.end_with(os.getppid() + 1, signal.SIGTERM)
    monkeypatch.setattr(kernel, "_prctl", Kernel(answer=-1))
    with pytest.raises(OSError, match="PDEATHSIG"):
        kernel.end_with(os.getppid(), signal.SIGTERM)


def test_elsewhere_than_on_linux_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(kernel, "SCORE", tmp_path / "there is none")
    kernel.name_process("comptoir")
    kernel.close_to_others()
    kernel.die_before_others(300)
    kernel.end_with(os.getppid(), signal.SIGTERM)
