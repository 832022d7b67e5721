"""What the stock client needs of us to work as bot and workers run it."""

import asyncio
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pyrogram import raw
from pyrogram.errors import BadRequest, RPCError
from pyrogram.storage import UpdateState

import core.telegram.client
from core.telegram import session_storage
from core.telegram.client import answer_identity, next_random_id
from core.telegram.session_storage import PrivateStorage

PROGRAM = """
import core.telegram.client
from pyrogram import errors, raw
from pyrogram.errors import RPCError

def refusal(code, message):
    try:
        RPCError.raise_it(raw.types.RpcError(error_code=code, error_message=message), raw.functions.Ping)
    except RPCError as error:
        return type(error).__name__, error.value, str(error)

print(refusal(420, "FLOOD_WAIT_42"))
print(refusal(403, "USER_IS_BLOCKED"))
print(all(error.MESSAGE for error in RPCError.__subclasses__()))
"""


def test_refusals_are_known_for_what_they_are_without_docstrings() -> None:
    said = subprocess.run([sys.executable, "-OO", "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert said.stderr == ""
    flood, blocked, worded = said.stdout.splitlines()
    assert "'FloodWait', 42" in flood
    assert "420 FLOOD_WAIT_X" in flood
    assert "'UserIsBlocked" in blocked
    assert worded == "True"


def test_an_error_that_nobody_knows_yet_is_logged_and_needs_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    refusal = raw.types.RpcError(error_code=400, error_message="SOMETHING_NEW")
    with (
        caplog.at_level(logging.WARNING, core.telegram.client_errors.__name__),
        pytest.raises(BadRequest, match="SOMETHING_NEW"),
    ):
        RPCError.raise_it(refusal, raw.functions.Ping)

    assert "SOMETHING_NEW" in caplog.text
    assert not list(tmp_path.iterdir())


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
        said = []
        for pts in states:
            await storage.set_update_state(UpdateState(0, pts, 0, 1, 1))
            await storage.save()  # as the library does before anything of it is handled
            assert [state.pts for state in await storage.get_update_states()] == [pts]
            said += in_file()
        if crash:
            storage.conn.close()
        else:
            await storage.close()
        return said

    assert asyncio.run(live(10, 20, 30, crash=True)) == [10, 10, 10]
    assert in_file() == [10]
    asyncio.run(live(20, 30, crash=False))
    assert in_file() == [30]
    monkeypatch.setattr(session_storage, "HANDLED", 0.0)
    assert asyncio.run(live(40, 50, 60, crash=True)) == [30, 40, 50]


def test_answers_to_an_update_that_comes_again_have_the_same_identity() -> None:
    def answers(update: str) -> list[int]:
        with answer_identity(update):
            return [next_random_id() for _ in range(3)]

    first = answers("7:5")
    assert answers("7:5") == first
    assert len({*first, *answers("7:6")}) == 6
