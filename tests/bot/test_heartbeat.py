"""The bot says that it lives and what failed, and takes its word back when it stops by itself."""

from collections.abc import Callable

import pytest

from core.kit.db import Database
from core.monitoring.bot_beat import last_beat
from core.process.settings import Settings
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.servers import as_owner
from tests.support.shop_bot import ShopBot, ask, running_bot
from tests.support.waiting import wait_until


def test_a_failed_handler_is_counted_and_an_orderly_stop_is_no_alarm(
    sandbox: Sandbox,
    bot_settings: Callable[..., Settings],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.heartbeat.PERIOD", 0.05)
    shop = ShopBot(sandbox, database)

    def said() -> tuple[int, int]:
        row = shop.do(last_beat)
        return (row.served, row.failed) if row is not None else (-1, -1)

    with running_bot(bot_settings(), database):
        wait_until(lambda: said() == (0, 0))
        row = shop.do(last_beat)
        assert row is not None
        assert row.memory > 2**20
        ann = shop.person()
        ask(ann, "/help", "How it works")
        as_owner(shop.database, "ALTER TABLE access_grant RENAME TO gone")
        ask(ann, "/library", "Something went wrong on our side")
        wait_until(lambda: said() == (2, 1))
    assert shop.do(last_beat) is None
