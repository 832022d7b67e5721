"""A session's file is its owner's alone, and says how far the updates were handled."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyrogram.storage import UpdateState

from core.telegram import session_storage
from core.telegram.session_storage import PrivateStorage


def test_after_a_crash_telegram_is_asked_again_for_what_was_not_handled_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_file() -> list[int]:
        with closing(sqlite3.connect(tmp_path / "bot.session")) as file:
            return [pts for (pts,) in file.execute("SELECT pts FROM update_state")]

    async def live(*states: int, crash: bool) -> list[int]:
        """What the file says after each of these states."""
        storage = PrivateStorage("bot", workdir=tmp_path)
        await storage.open()
        await storage.get_update_states()  # the library asks for what was missed
        points: list[int] = []
        for pts in states:
            await storage.set_update_state(UpdateState(0, pts, 0, 1, 1))
            await storage.save()  # as the library does before anything of it is handled
            assert [state.pts for state in await storage.get_update_states()] == [pts]
            points += in_file()
        if crash:
            storage.conn.close()
        else:
            await storage.close()
        return points

    assert asyncio.run(live(10, 20, 30, crash=True)) == [10, 10, 10]
    assert in_file() == [10]
    asyncio.run(live(20, 30, crash=False))
    assert in_file() == [30]
    monkeypatch.setattr(session_storage, "HANDLED", 0.0)
    assert asyncio.run(live(40, 50, 60, crash=True)) == [30, 40, 50]


def test_a_push_hides_nothing_that_came_while_nobody_listened(tmp_path: Path) -> None:
    async def listen(pushed: int) -> list[int | None]:
        """From where the library asks for what was missed, and how far it is afterwards."""
        storage = PrivateStorage("bot", workdir=tmp_path)
        await storage.open()
        await storage.set_update_state(UpdateState(0, pushed, 0, 1, 1))
        asked = [
            state.pts for state in [*await storage.get_update_states(), *await storage.get_update_states()]
        ]
        await storage.close()
        return asked

    assert asyncio.run(listen(10)) == [10, 10]
    assert asyncio.run(listen(50)) == [10, 50]


def test_only_its_owner_reads_the_file_of_a_session(tmp_path: Path) -> None:
    async def open_and_close() -> None:
        storage = PrivateStorage("bot", workdir=tmp_path)
        await storage.open()
        await storage.close()

    file = tmp_path / "bot.session"
    asyncio.run(open_and_close())
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    asyncio.run(open_and_close())
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_state_without_a_pts_is_forgotten(tmp_path: Path) -> None:
    async def states() -> list[int]:
        storage = PrivateStorage("bot", workdir=tmp_path)
        await storage.open()
        await storage.set_update_state([UpdateState(0, 7, 0, 1, 1), UpdateState(-100, None, 0, 1, 1)])
        ids = [state.id for state in await storage.get_update_states()]
        await storage.close()
        return ids

    assert asyncio.run(states()) == [0]
