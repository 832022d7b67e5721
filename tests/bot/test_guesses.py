"""Start links that nobody was sent: who tries many is stopped, and staff hear of it once."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from redis.asyncio import Redis
from sqlmodel import Session, select

from bot.app import Bot
from bot.handlers.start import claim
from bot.request import Request
from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.order_claims import issue_claim
from core.people.people import find_user
from core.process.settings import Settings
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import AccessCode
from schemas.people import Seller
from scripts.sandbox.telegram.driver import Person
from tests.support import make, make_members
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
    start = shop.do(
        lambda s: "c" + issue_claim(s, make.paid_order(s, rail="crypto"), life=make.DAY, now=utc_now())
    )
    ask(bob, f"/start {start}", "is now yours")
    ask(bob, f"/start c{0:043}", "does not exist")


def test_codes_of_a_plan_are_guessed_twenty_times_and_its_seller_is_told(shop: ShopBot) -> None:
    plan = shop.do(lambda session: code_plan(session))
    seller = shop.do(lambda session: make.owner_of(session, session.get_one(Seller, plan.seller_id)))
    admin = shop.do(lambda session: make.user(session, roles=("admin",)))
    eve, bob = shop.person("Eve"), shop.person("Bob")
    begin(eve, plan)
    for number in range(19):
        ask(eve, f"GUESS{number}", "This code is not valid")
    stop = ask(eve, "GUESS19", "Too many codes that are not valid")
    eve.says("SPRING")
    ask(eve, "/help", "How it works")
    answers = [message.text for message in eve.chat if message.outgoing and message.id > stop.id]
    assert len(answers) == 1, "the right code is not heard either: it would have been guessed"
    assert "staff-code-guessed" in shop.do(lambda session: make.sent_texts(session, admin))
    assert shop.do(lambda session: make.sent_texts(session, seller))[1:] == ["seller-code-guessed"]
    ask(eve, f"/start c{0:043}", "does not exist")
    begin(bob, plan)
    ask(bob, "SPRING", plan.title)


def code_plan(session: Session) -> Product:
    """A plan for those who have the code SPRING."""
    plan = make_members.plan(session, audience="code")
    session.add(AccessCode(plan_id=id_of(plan), code="SPRING", created_at=make.NOW))
    return plan


def begin(person: Person, plan: Product) -> None:
    """Press the button that asks for the code of a plan."""
    card = ask(person, f"/start p_{plan.slug}", plan.title)
    person.presses(card, f"code:{plan.id}")
    person.wait_for("code", after=card)
