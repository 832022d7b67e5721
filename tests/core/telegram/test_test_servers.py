"""A bot of Telegram's test servers is asked for by a setting, and never in production."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.kit.errors import SettingError
from core.process.settings import Settings
from core.telegram.client import open_client


def test_the_test_servers_are_used_where_they_are_asked_for(settings: Callable[..., Settings]) -> None:
    keys = {"bot_token": "1:a", "telegram_api_id": 1, "telegram_api_hash": "hash"}
    shop = settings(**keys, env="test", telegram_test=True)
    assert open_client(shop, "test", receive_updates=False).test_mode
    assert not open_client(replace(shop, telegram_test=False), "test", receive_updates=False).test_mode
    with pytest.raises(SettingError, match="TELEGRAM_TEST is set while ENV is production"):
        open_client(replace(shop, env="production"), "test", receive_updates=False)
