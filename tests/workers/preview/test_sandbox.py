"""The walls around a child, tried from inside by processes of their own."""

import json
import subprocess
import sys
from typing import Any

import pytest

from workers.preview.parent import ROOT

ATTEMPTS = """
import errno, json, mmap, os, resource, signal, socket, subprocess, sys, threading
sys.path.insert(0, sys.argv[1])
from workers.preview.sandbox import Sandbox
NAMES = sys.argv[2:]
inherited = socket.socket()
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
said = {"mechanisms": sandbox.mechanisms, "rss": sandbox.peak_rss()}
for name, attempt in TRIES.items():
    if name in NAMES:
        try:
            attempt()
            said[name] = "done"
        except ValueError:
            said[name] = "EPERM"  # how setrlimit says it
        except MemoryError:
            said[name] = "ENOMEM"
        except OSError as error:
            said[name] = errno.errorcode.get(error.errno, str(error))
os.write(1, json.dumps(said).encode())
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
    said: dict[str, Any] = json.loads(done.stdout)
    return said


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


def test_memory_ends_at_the_limit() -> None:
    assert inside("memory")["memory"] == "ENOMEM"


@pytest.mark.parametrize("number", [101, 425, 321, 272], ids=["ptrace", "io_uring", "bpf", "unshare"])
def test_no_other_way_out_is_open_from_the_start(number: int) -> None:
    assert inside("trace", sealed=False, NUMBER=str(number))["trace"] == "EPERM"


def test_the_mechanisms_are_named_and_memory_is_known() -> None:
    said = inside()

    assert "seccomp" in said["mechanisms"]
    assert 5 << 20 < said["rss"] < 100 << 20
