"""Start links that nobody was sent: who tries many is stopped, and staff hear of it once."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from redis.asyncio import Redis
from sqlmodel import select

from bot.app import Bot
from bot.handlers.start import claim
from bot.request import Request
from core.kit.db import Database
from core.payments.order_claims import issue_claim
from core.people.people import find_user
from core.process.settings import Settings
from schemas.audit import AuditEntry
from schemas.base import utc_now
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def test_of_ten_thousand_guesses_twenty_are_answered_and_staff_told_once(
    shop: ShopBot, bot_settings: Callable[..., Settings]
) -> None:
    admin = shop.do(lambda session: make.user(session, roles=("admin",)))
    eve, bob = shop.person("Eve"), shop.person("Bob")
    for number in range(19):
        ask(eve, f"/start c{number:043}", "does not exist")
    stop = ask(eve, f"/start c{19:043}", "Too many links that do not exist")
    eve.says("/start c" + "x" * 43)

    asyncio.run(guess_on(bot_settings(), shop.database, eve, 9_980))

    ask(eve, "/help", "How it works")
    answers = [message.text for message in eve.chat if message.outgoing and message.id > stop.id]
    assert len(answers) == 1
    assert shop.do(lambda session: make.sent_texts(session, admin)) == ["staff-start-guessed"]
    guessed = select(AuditEntry).where(AuditEntry.action == "start.guessed")
    assert len(shop.do(lambda session: session.exec(guessed).all())) == 1
    ask(bob, f"/start c{0:043}", "does not exist")


async def guess_on(settings: Settings, database: Database, person: Person, times: int) -> None:
    """Tokens of somebody who was stopped, past Telegram: nothing may be sent, so nothing can be."""
    redis = Redis.from_url(settings.redis_url)
    bot = Bot(settings, database, redis, "shop_bot")
    with database.transaction() as session:
        sender = find_user(session, person.id)
    assert sender is not None
    request = Request(bot.app, cast(Any, None), sender, utc_now())
    for number in range(times):
        await claim(request, f"{number:043}")
    await bot.close()
    await redis.aclose()


def test_without_redis_tokens_are_still_claimed(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(redis_url="redis://127.0.0.1:1/0")
    bob = shop.person("Bob")
    start = shop.do(lambda s: "c" + issue_claim(s, make.paid_order(s, rail="crypto"), now=utc_now()))
    ask(bob, f"/start {start}", "is now yours")
    ask(bob, f"/start c{0:043}", "does not exist")
