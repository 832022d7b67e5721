"""A machine whose clock is wrong, or set while the bot runs. The sandbox keeps the true time."""

import time
from pathlib import Path
from typing import Any

import pytest
from pyrogram import filters

from scripts.sandbox.telegram.driver import BotHandle
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import ClientLoop, make_settings

HOUR = 3600
true_time = time.time


def set_clock(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    monkeypatch.setattr(time, "time", lambda: true_time() + ahead)


def answering(client: Any) -> None:
    @client.on_message(filters.text & filters.incoming)
    async def hear(_: Any, message: Any) -> None:
        await client.send_message(message.chat.id, f"heard {message.text}")


def test_updates_come_and_messages_go_while_the_clock_jumps_ahead_and_back(
    sandbox: Sandbox, bot: BotHandle, clients: ClientLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = sandbox.person("Ann")
    client = clients.start(make_settings(sandbox), prepare=answering)
    for ahead in (0, HOUR, 0, -HOUR, 0):
        set_clock(monkeypatch, ahead)
        ann.says(f"at {ahead}")
        ann.wait_for(f"heard at {ahead}")
        assert abs(client.server_time - true_time()) < 30


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_a_bot_that_starts_with_a_wrong_clock_learns_the_time_from_telegram(
    sandbox: Sandbox,
    bot: BotHandle,
    clients: ClientLoop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ahead: float,
) -> None:
    ann = sandbox.person("Ann")
    set_clock(monkeypatch, ahead)
    for greeting in ("with a new key", "with the key on disk"):
        client = clients.start(make_settings(sandbox, tmp_path), prepare=answering)
        ann.says(greeting)
        ann.wait_for(f"heard {greeting}")
        assert abs(client.server_time - true_time()) < 30
        clients.stop(client)
