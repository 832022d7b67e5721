"""The worker's side, with children that crash, hang, lie and pry."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.preview import Pages
from tests.support.waiting import wait_until
from workers.preview import parent
from workers.preview.parent import ROOT, Attempt, Child
from workers.preview.protocol import Task
from workers.preview.ranges import Budget, RangeReader
from workers.preview.source import FileSource

TASK = Task("text", 100)
PRELUDE = """
import json, os, struct, sys, time
sys.path.insert(0, sys.argv[1])
from workers.preview.remote import Link
link = Link(int(sys.argv[2]))
link.receive()
"""
PRY = """
folder = "/proc/self/fd"
descriptors = []
for number in range(50):
    if os.path.exists(f"{{folder}}/{{number}}"):
        descriptors.append(os.readlink(f"{{folder}}/{{number}}"))
open("{note}", "w").write(json.dumps({{"env": dict(os.environ), "fds": descriptors}}))
"""
RunChild = Callable[..., Attempt]


@pytest.fixture
def run_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunChild:
    """Run another program in the child's place, on a file of 100 bytes."""
    path = tmp_path / "file"
    path.write_bytes(b"0123456789" * 10)

    def run(program: str, budget: Budget | None = None) -> Attempt:
        monkeypatch.setattr(parent, "PROGRAM", PRELUDE + program)
        with RangeReader(FileSource(path), budget) as reader:
            return Child(reader, TASK).run()

    return run


def done(**description: object) -> str:
    message = {"description": description, "peak_rss": 1, "sandbox": ["s"]}
    return f"link.send({ord('D')}, {json.dumps(message).encode()!r})\n"


GOOD = done(type="unknown", label="x")


def test_a_good_child_is_believed(run_child: RunChild) -> None:
    attempt = run_child(GOOD)

    assert (attempt.outcome, attempt.peak_rss, attempt.sandbox) == ("made", 1, ["s"])


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("os.kill(os.getpid(), 11)", "broke off"),
        ("os.kill(os.getpid(), 9)", "broke off"),
        ("os.abort()", "broke off"),
        ("sys.exit(3)", "broke off"),
        ("link.send(ord('I'), b'\\x05')", "must not"),
        ("link.send(ord('Z'), b'')", "must not"),
        ("os.write(int(sys.argv[2]), struct.pack('>BI', ord('D'), 1 << 31))", "must not"),
        ("link.send(ord('D'), b'{}')", "must not"),
        ("link.send(ord('R'), b'short')", "must not"),
        ("link.send(ord('I'), b'\\x09../../etc\\xff\\xd8\\xff')", "must not"),
        ("link.send(ord('I'), b'\\x0aposter.jpg<script>')", "must not"),
        ("link.send(ord('I'), b'\\x0ateaser.mp4\\0\\0\\0\\0ftyp')", "must not"),
        ("link.send(ord('I'), b'\\x0aposter.jpg\\xff\\xd8\\xff' + bytes(1_000_000))", "must not"),
        (done(type="archive", format="zip", count=-1, entries=[]), "must not"),
        (done(type="unknown", label="x" * 2000), "must not"),
    ],
)
def test_a_child_that_crashes_or_lies_is_a_crash_with_a_reason(
    run_child: RunChild, program: str, reason: str
) -> None:
    attempt = run_child(program)

    assert attempt.outcome == "crashed"
    assert reason in attempt.reason
    assert (attempt.description, attempt.pictures) == (None, {})


@pytest.mark.parametrize(
    "program",
    [
        "time.sleep(600)",
        "while True: link.ask(ord('R'), 0, 10)",
        "while True: os.write(int(sys.argv[2]), b'') or time.sleep(0.01)",
    ],
    ids=["sleeps", "reads for ever", "says nothing"],
)
def test_a_child_that_hangs_is_killed_at_the_deadline(
    run_child: RunChild, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "GRACE", 0.3)

    attempt = run_child(program, Budget(seconds=0.3))

    assert attempt.outcome == "late"


@pytest.mark.parametrize(
    "end", ["os.abort()", 'link.send(ord(\'F\'), b\'{"outcome":"damaged","reason":"x"}\')']
)
def test_what_is_known_of_a_file_stays_where_the_rest_fails(run_child: RunChild, end: str) -> None:
    known = json.dumps({"description": {"type": "pages", "pages": 7}})
    attempt = run_child(f"link.send(ord('A'), {known.encode()!r})\n{end}")

    assert (attempt.outcome, attempt.description) == ("partial", Pages(7))
    assert attempt.reason


def test_seconds_of_the_processor_that_are_over_are_time_that_is_over(run_child: RunChild) -> None:
    assert run_child("os.kill(os.getpid(), 24)").outcome == "late"


def test_its_whole_group_dies_with_it(run_child: RunChild, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    fork = f"pid = os.fork()\nif not pid:\n    time.sleep(600)\nopen({str(note)!r}, 'w').write(str(pid))\n"

    assert run_child(fork + GOOD).outcome == "made"

    orphan = int(note.read_text())
    wait_until(lambda: not _alive(orphan), 60, "A grandchild is still alive")


def test_it_inherits_no_environment_and_no_descriptor(
    run_child: RunChild, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("S3_SECRET_KEY", "the-secret")
    note = tmp_path / "seen"
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        run_child(PRY.format(note=str(note)))

    seen = json.loads(note.read_text())
    assert set(seen["env"]) <= {"LANG", "LC_CTYPE"}
    assert not [name for name in seen["fds"] if str(tmp_path / "open") in name]
    assert str(ROOT) not in " ".join(seen["fds"])


def test_a_budget_that_ends_during_the_work_makes_it_partial(run_child: RunChild) -> None:
    attempt = run_child(
        f"try:\n    link.ask({ord('R')}, 0, 10)\nexcept Exception:\n    pass\n" + GOOD, Budget(requests=0)
    )

    assert (attempt.outcome, attempt.reason[:27]) == ("partial", "The preview took all of its")


def test_reads_outside_of_the_file_are_empty(run_child: RunChild) -> None:
    attempt = run_child(f"assert link.ask({ord('R')}, 1 << 60, 10) == b''\n" + GOOD)

    assert attempt.outcome == "made"


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
