"""The bot as the process that it is: settings, start, memory, orderly end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.process.settings import Settings
from scripts.embedded.memory import memory_of
from scripts.embedded.ports import LOOPBACK
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.reports import SENT_TO_NOBODY
from tests.support.shop_bot import ask
from tests.support.telegram_clients import TOKEN
from tests.support.waiting import wait_until

MEBIBYTE = 2**20
REST_LIMIT = 130  # MiB RSS, the limit


def start(settings: Settings, **changes: str) -> subprocess.Popen[str]:
    """`python -m bot.main` with only the variables that a bot may see, as the stack does."""
    process = {"PATH": os.environ["PATH"], "PYTHONOPTIMIZE": "2"}
    environment = {**process, **settings.environment_for("bot"), **changes}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.main"], env=environment, text=True, stderr=subprocess.PIPE
    )


def test_the_process_serves_within_its_memory_and_ends_on_sigterm(
    sandbox: Sandbox, bot_settings: Callable[..., Settings]
) -> None:
    handle = sandbox.add_bot(TOKEN, "shop_bot")
    ann = sandbox.person("Ann", language="en")
    process = start(bot_settings())
    try:
        wait_until(lambda: len(handle.settings["commands"]) >= 3, seconds=60)
        for command in ("/start", "/catalogue", "/library", "/help"):
            ask(ann, command, "")
        resident = memory_of([process.pid]).rss / MEBIBYTE
        print(f"bot RSS {resident:.1f} MiB")
        assert resident <= REST_LIMIT
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors


def test_a_missing_token_is_named_and_nothing_starts(bot_settings: Callable[..., Settings]) -> None:
    process = start(bot_settings(bot_token=""))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors.startswith("BOT_TOKEN is empty")


@pytest.mark.parametrize("event", ["bot_refused", "telegram_unreachable"])
def test_a_bot_that_cannot_log_in_says_so_in_one_line_and_waits(
    sandbox: Sandbox, bot_settings: Callable[..., Settings], tmp_path: Path, event: str
) -> None:
    sandbox.add_bot(TOKEN, "shop_bot")
    key = sandbox.address.split(":", 2)[2]
    wrong = {
        "bot_refused": bot_settings(session_dir=None, bot_token="9:wrong"),
        "telegram_unreachable": bot_settings(session_dir=None, telegram_sandbox=f"127.0.0.1:9:{key}"),
    }
    process = start(wrong[event], ALIVE_DIR=str(tmp_path), **SENT_TO_NOBODY)
    assert process.stderr is not None
    said = next(line for line in process.stderr if event in line)
    process.send_signal(signal.SIGTERM)
    _, more = process.communicate(timeout=60)
    assert process.returncode == 0, more
    assert "Traceback" not in said + more
    assert (tmp_path / "bot").exists()


def test_a_bot_that_telegram_keeps_waiting_ends_when_it_is_asked_to(
    sandbox: Sandbox, bot_settings: Callable[..., Settings]
) -> None:
    key = sandbox.address.split(":", 2)[2]
    with socket.create_server((LOOPBACK, 0)) as silent:
        address = f"{LOOPBACK}:{silent.getsockname()[1]}:{key}"
        process = start(bot_settings(session_dir=None, telegram_sandbox=address))
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors


def test_a_wrong_rail_policy_is_named_before_anything_is_sold(bot_settings: Callable[..., Settings]) -> None:
    process = start(bot_settings(), RAIL_POLICY="bot:gold")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "RAIL_POLICY is wrong" in errors


def test_the_process_sees_no_key_of_the_store(bot_settings: Callable[..., Settings]) -> None:
    process_settings = bot_settings(s3_secret_key="secret", link_secret="5e" * 32, nowpayments_api_key="key")
    assert {"S3_SECRET_KEY", "LINK_SECRET", "NOWPAYMENTS_API_KEY"} & process_settings.environment_for(
        "bot"
    ).keys() == set()
