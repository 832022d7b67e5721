"""Liveness: files that age, and an address that answers."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.process.liveness import LATE, keep_touching, main, touch, why_dead, why_unready
from tests.support.web_server import Quiet, serving


class _Answer(Quiet):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 503)
        self.end_headers()
        self.wfile.write(b"database")


@pytest.fixture
def address() -> Iterator[str]:
    """A server whose /readyz answers 200 and everything else 503."""
    with serving(_Answer) as address:
        yield address


def test_processes_that_touch_their_files_are_alive(tmp_path: Path) -> None:
    touch(tmp_path / "alive", "delivery")
    touch(tmp_path / "alive", "interactive")
    written = (tmp_path / "alive/delivery").stat().st_mtime

    assert why_dead(tmp_path / "alive", written) == ""
    assert main([str(tmp_path / "alive")]) == 0


def test_the_one_that_is_silent_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "delivery")
    touch(tmp_path, "interactive")
    os.utime(tmp_path / "delivery", (0, 0))

    assert why_dead(tmp_path, LATE + 5) == "delivery was silent for 50 s"
    assert main([str(tmp_path)]) == 1


def test_a_process_that_never_began_is_not_alive(tmp_path: Path) -> None:
    assert "no process has touched a file" in why_dead(tmp_path, 0)
    assert "no process has touched a file" in why_dead(tmp_path / "absent", 0)


def test_nothing_is_written_where_no_folder_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    touch(None, "bot")
    asyncio.run(keep_touching(None, "bot"))

    assert list(tmp_path.iterdir()) == []


def test_an_event_loop_touches_until_it_is_cancelled(tmp_path: Path) -> None:
    async def run() -> None:
        task = asyncio.create_task(keep_touching(tmp_path, "bot"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(run())
    assert (tmp_path / "bot").exists()


def test_an_address_is_asked(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert why_unready(f"{address}/readyz") == ""
    assert main([f"{address}/else"]) == 1
    assert "answers 503: database" in capsys.readouterr().out


def test_an_address_that_nobody_listens_at_is_named() -> None:
    assert "does not answer" in why_unready("http://127.0.0.1:9/readyz")


def test_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Usage" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["one", "two"]])
def test_without_one_thing_to_look_at_it_says_how_it_is_called(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("Usage: ")
