"""READY=1 goes to whoever asked for it, and to nobody else."""

import socket
from pathlib import Path

import pytest

from core.process import readiness
from core.process.readiness import notify_ready


@pytest.mark.parametrize("address", ["{path}", "@comptoir-test-readiness"])
def test_whoever_started_the_process_is_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = address.format(path=tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0" + name[1:] if name.startswith("@") else name)
        receiver.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify_ready()
        assert receiver.recv(64) == b"READY=1"


def test_nobody_has_asked_or_whoever_asked_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify_ready()
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify_ready()


def test_whoever_listens_in_the_process_is_told_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setattr(readiness, "_listeners", [])
    heard: list[str] = []
    readiness.when_ready(lambda: heard.append("first"))
    readiness.when_ready(lambda: heard.append("second"))
    notify_ready()
    assert heard == ["first", "second"]
