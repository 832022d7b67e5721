"""The walls around a child, tried from inside by processes of their own."""

import json
import platform
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workers.preview import files
from workers.preview import parent, seccomp
from workers.preview.parent import ROOT
from workers.preview.preview import make_preview
from workers.preview.source import FileSource


def number_of(call: str) -> str:
    """The kernel's number of a system call on this processor."""
    return str(seccomp._CALLS[call][seccomp._this_machine()[0]])


# Loads what it needs first: the interpreter may be installed where only root can read.
AS_NOBODY = """
import os, sys
sys.path.insert(0, sys.argv[1])
from workers.preview.child import MAKERS, main
from workers.preview.makers import icon, pdf, video, zip_archive
from workers.preview.protocol import Task
for maker in (icon, pdf, video, zip_archive):
    maker.prepare(Task("icon", 0))
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
assert os.getuid() != 0
main(int(sys.argv[2]))
"""
ATTEMPTS = """
import errno, json, mmap, os, resource, signal, socket, subprocess, sys, threading
sys.path.insert(0, sys.argv[1])
from workers.preview.sandbox import Sandbox
NAMES = sys.argv[2:]
inherited = socket.socket()
if "nobody" in NAMES and os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
uid = os.getuid()
if "no namespaces" in NAMES:  # as Docker's default profile has it
    from workers.preview import seccomp
    seccomp.deny_reaching_others()
sandbox = Sandbox()
sandbox.close_in(400 << 20)
if "sealed" in NAMES:
    sandbox.seal()

def thread():
    worker = threading.Thread(target=lambda: None)
    worker.start()
    worker.join()

def memory():
    return len(bytearray(500 << 20))

def leave():
    # A compromised child speaks to the kernel itself.
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(int(os.environ["NUMBER"]), 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")

TRIES = {
    "socket": lambda: socket.socket(),
    "unix socket": lambda: socket.socketpair(),
    "connect": lambda: inherited.connect(("127.0.0.1", int(os.environ["PORT"]))),
    "read file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "write file": lambda: os.open("/tmp/comptoir-sandbox-test", os.O_CREAT | os.O_WRONLY),
    "remove file": lambda: os.unlink("/tmp/comptoir-sandbox-test"),
    "list folder": lambda: os.listdir("/"),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "fork": lambda: os.fork() or os._exit(0),
    "signal": lambda: os.kill(os.getppid(), 0),
    "trace": lambda: leave(),
    "limits": lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1)),
    "memory": memory,
    "thread": thread,
    "clock": lambda: __import__("time").sleep(0.001),
}
report = {"mechanisms": sandbox.mechanisms, "rss": sandbox.peak_rss(), "uid": uid}
for name, attempt in TRIES.items():
    if name in NAMES:
        try:
            attempt()
            report[name] = "done"
        except ValueError:
            report[name] = "EPERM"  # how setrlimit says it
        except MemoryError:
            report[name] = "ENOMEM"
        except OSError as error:
            report[name] = errno.errorcode.get(error.errno, str(error))
os.write(1, json.dumps(report).encode())
"""


def inside(*names: str, sealed: bool = True, **environment: str) -> dict[str, Any]:
    """What came of these attempts in a process behind the walls."""
    words = [*names, "sealed"] if sealed else list(names)
    done = subprocess.run(
        [sys.executable, "-I", "-c", ATTEMPTS, str(ROOT), *words],
        env=environment,
        capture_output=True,
        timeout=30,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("attempt", ["socket", "unix socket"])
def test_no_socket_can_be_made(attempt: str, sealed: bool) -> None:
    assert inside(attempt, sealed=sealed)[attempt] == "EPERM"


def test_a_socket_made_before_reaches_nobody() -> None:
    assert inside("connect", PORT="9")["connect"] == "EPERM"


@pytest.mark.parametrize(
    "attempt",
    ["read file", "write file", "remove file", "list folder", "program", "fork", "signal", "limits"],
)
def test_a_sealed_child_cannot(attempt: str) -> None:
    assert inside(attempt)[attempt] == "EPERM"


@pytest.mark.parametrize("attempt", ["thread", "clock"])
def test_a_sealed_child_still_can(attempt: str) -> None:
    assert inside(attempt)[attempt] == "done"


@pytest.mark.parametrize("sealed", [True, False])
def test_the_walls_hold_without_root(sealed: bool) -> None:
    tried = ["socket", "connect", "trace"]
    tried += ["read file", "program", "fork", "signal", "limits"] if sealed else []

    report = inside("nobody", *tried, sealed=sealed, PORT="9", NUMBER=number_of("unshare"))

    assert report["uid"] != 0
    assert "seccomp" in report["mechanisms"]
    assert {name: report[name] for name in tried} == dict.fromkeys(tried, "EPERM")


def test_where_no_namespace_may_be_made_the_filters_hold_alone() -> None:
    report = inside("nobody", "no namespaces", "socket", "connect", sealed=False, PORT="9")

    assert report["mechanisms"] == ["seccomp"]
    assert (report["socket"], report["connect"]) == ("EPERM", "EPERM")


def test_without_root_previews_are_made_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "PROGRAM", AS_NOBODY)
    film = files.clip(tmp_path, "film.mp4", *files.H264, seconds=2)
    for content in (film.read_bytes(), files.pdf(2), files.zip_of({"a.txt": b"x"})):
        path = tmp_path / "file"
        path.write_bytes(content)

        preview = make_preview(FileSource(path))

        assert (preview.outcome, preview.reason) == ("made", "")
        assert "seccomp" in preview.cost.sandbox


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_both_processors_have_their_own_numbers(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    column, architecture = seccomp._this_machine()
    # AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of include/uapi/linux/audit.h
    assert architecture == {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    assert all(seccomp._CALLS[name][column] is not None for name in seccomp.NEVER)
    program = seccomp._program(("socket",), listed=1, otherwise=2, threads=False)
    values = [struct.unpack("=HBBI", statement)[3] for statement in program]
    # The first thing that is asked is the processor; the numbers are those of its own table.
    assert values[1] == architecture
    assert {"x86_64": 41, "aarch64": 198}[machine] in values


def test_a_processor_without_a_list_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(seccomp.SeccompMissing, match="no system call list for riscv64"):
        seccomp.seal()


def test_memory_ends_at_the_limit() -> None:
    assert inside("memory")["memory"] == "ENOMEM"


@pytest.mark.parametrize("call", ["ptrace", "io_uring_setup", "bpf", "unshare"])
def test_no_other_way_out_is_open_from_the_start(call: str) -> None:
    assert inside("trace", sealed=False, NUMBER=number_of(call))["trace"] == "EPERM"


def test_the_mechanisms_are_named_and_memory_is_known() -> None:
    report = inside()

    assert "seccomp" in report["mechanisms"]
    assert 5 << 20 < report["rss"] < 100 << 20
