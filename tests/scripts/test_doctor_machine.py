"""`comptoir doctor` of the machine and the settings: each fault made, found, and said how to mend."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.process.settings import Settings
from scripts.doctor import machine
from tests.scripts.test_doctor import TOKEN, states

GOOD = {
    "bot_token": TOKEN,
    "telegram_api_id": 1,
    "telegram_api_hash": "hash",
    "public_url": "https://shop.example",
    "env": "production",
}


@pytest.mark.parametrize(
    ("odd", "state"),
    [
        ({}, "ok"),
        ({"bot_token": ""}, "fail"),
        ({"telegram_api_id": 0}, "fail"),
        ({"link_secret": "short"}, "fail"),
        ({"public_url": ""}, "warn"),
        ({"public_url": "http://shop.example"}, "fail"),
        ({"telegram_sandbox": "127.0.0.1:1:1:1"}, "fail"),
        ({"smtp_host": "mail.example"}, "fail"),
        ({"store_folder": Path("/")}, "ok"),
        ({"store_folder": Path("/nowhere/store")}, "warn"),
    ],
)
def test_settings_that_do_not_go_together_are_told(
    settings: Callable[..., Settings], odd: dict[str, Any], state: str
) -> None:
    assert states(machine.settings_agree(settings(**(GOOD | odd)))) == {"settings": state}


def test_each_rail_says_how_it_is_set_up(settings: Callable[..., Settings]) -> None:
    names = ("rail stars", "rail crypto", "rail manual", "rail card")
    assert states(machine.payments(settings(**GOOD))) == dict.fromkeys(names, "ok")
    odd = states(machine.payments(settings(**(GOOD | {"bot_token": "", "nowpayments_api_key": "key"}))))
    assert odd == {"rail stars": "fail", "rail crypto": "warn", "rail manual": "ok", "rail card": "ok"}


GIB = 2**30


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [
        (100 * GIB, 50 * GIB, "ok"),
        (100 * GIB, 14 * GIB, "warn"),
        (100 * GIB, 4 * GIB, "fail"),
        (4 * GIB, GIB - 1, "fail"),
    ],
)
def test_a_disk_that_is_nearly_full_is_told(total: int, free: int, state: str) -> None:
    assert states([machine.room(total, free)]) == {"disk": state}


def test_a_missing_ffmpeg_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert states(machine.ffmpeg()) == {"ffmpeg": "ok"}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert states(machine.ffmpeg()) == {"ffmpeg": "warn"}
