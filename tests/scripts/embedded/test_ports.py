import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.embedded import ports
from scripts.embedded.ports import LOOPBACK, free_port, free_ports

PROJECT = Path(__file__).parents[3]


def other_process(source: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", source]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_none_is_given_to_outgoing_connections() -> None:
    first, _ = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    assert max(free_ports(5)) < int(first)


def test_nobody_else_is_given_a_port_before_its_server_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    asks = f"""
from scripts.embedded import ports
ports.FIRST = ports.LAST = {port}
ports.free_port()
"""
    ended = subprocess.run(
        [sys.executable, "-c", asks], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert "was found free" in ended.stderr
    monkeypatch.setattr(ports, "FIRST", port)
    monkeypatch.setattr(ports, "LAST", port)
    with pytest.raises(OSError, match="was found free"):
        free_port()


def test_what_a_process_was_given_is_free_after_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = "from scripts.embedded.ports import free_port; print(free_port())"
    ended = subprocess.run(
        [sys.executable, "-c", asks], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    monkeypatch.setattr(ports, "FIRST", int(ended.stdout))
    monkeypatch.setattr(ports, "LAST", int(ended.stdout))
    assert free_port() == int(ended.stdout)


def test_a_port_that_a_stranger_listens_on_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as stranger:
        stranger.bind((LOOPBACK, 0))
        stranger.listen()
        monkeypatch.setattr(ports, "FIRST", stranger.getsockname()[1])
        monkeypatch.setattr(ports, "LAST", stranger.getsockname()[1])
        with pytest.raises(OSError, match="was found free"):
            free_port()
