"""Telegram's refusals are known for what they are, as bot and workers run."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pyrogram import raw
from pyrogram.errors import BadRequest, RPCError

import core.telegram.client

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
    run = subprocess.run([sys.executable, "-OO", "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert run.stderr == ""
    flood, blocked, worded = run.stdout.splitlines()
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
