"""What every handler shares: strangers, the banned, made-up buttons, groups, and failures of ours."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyrogram import types
from pyrogram.enums import ChatType
from pyrogram.types.messages_and_media.message import Str
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.app import Bot, all_routes
from bot.callbacks import parse
from core.kit.db import Database
from core.kit.texts import exists
from core.people.commands import EVERYBODY, SELLERS, STAFF
from core.people.people import find_user, set_role
from core.process.settings import Settings
from core.telegram.client import open_client
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.servers import as_owner
from tests.support.shop_bot import ShopBot, ask
from tests.support.telegram_clients import TOKEN
from tests.support.waiting import wait_until

MADE_UP = [
    "",
    ":",
    "nothing",
    "product",
    "product:x",
    "product:1:2",
    "page:" + "9" * 50,
    "order:1;--",
    "product:\0",
]


@pytest.mark.parametrize("data", MADE_UP)
def test_a_tampered_button_is_outdated(shop: ShopBot, data: str) -> None:
    ann = shop.person(language="fr")
    message = ask(ann, "/start", "Bienvenue")
    answer = ann.press_data(message, data)
    assert (answer.alert, str(answer.text).startswith("Ce bouton n’est plus à jour")) == (True, True)


@pytest.mark.parametrize("words", ["\0", "couture\0", "/start a\0b", "/search \0"])
def test_words_that_no_table_can_keep_are_answered_with_what_to_do(shop: ShopBot, words: str) -> None:
    ann = shop.person(language="fr")
    ask(ann, words, "Saisissez-le de nouveau")


def test_a_banned_person_is_told_so_by_commands_and_buttons(shop: ShopBot) -> None:
    ann = shop.person()
    message = ask(ann, "/start", "Welcome")
    shop.do(lambda session: set_role(session, ann.id, "banned", actor="cli"))
    ask(ann, "/start", "Your access to the shop is closed")
    answer = ann.press_data(message, "page:1")
    assert (answer.alert, "closed" in str(answer.text)) == (True, True)


def test_a_failure_of_ours_gives_the_same_reference_to_the_person_and_the_log(shop: ShopBot) -> None:
    ann = shop.person(language="fr")
    message = ask(ann, "/start", "Bienvenue")
    as_owner(shop.database, "ALTER TABLE access_grant RENAME TO gone")
    with capture_logs() as logs:
        sorry = ask(ann, "/library", "Réessayez dans une minute")
    (failure,) = [entry for entry in logs if entry["event"] == "handler_failed"]
    assert failure["reference"] in sorry.text
    assert failure["log_level"] == "error"
    assert ann.press_data(message, "library_menu").text is None
    ann.wait_for("donnez cette référence à /support", after=sorry)


def test_without_redis_buying_and_searching_go_on(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(redis_url="redis://127.0.0.1:1/0")
    ann = shop.person()
    ask(ann, "/start", "Welcome")
    ask(ann, "couture", "Nothing matches")
    ask(ann, "/support", "Something went wrong on our side")


def test_a_file_from_somebody_without_a_shop_is_answered(shop: ShopBot) -> None:
    ann = shop.person()
    ann.sends_document(b"bytes", "file.pdf")
    ann.wait_for("Only shops can send files")


def test_an_unknown_command_points_to_help(shop: ShopBot) -> None:
    ask(shop.person(), "/dance", "/help shows those I understand")


def test_a_command_may_name_the_bot(shop: ShopBot) -> None:
    ask(shop.person(), "/HELP@shop_bot", "How it works")


def test_who_blocks_the_bot_is_remembered_until_he_writes_again(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/start", "Welcome")

    def blocked() -> bool:
        return shop.do(lambda session: find_user(session, ann.id).blocked_at) is not None  # type: ignore[union-attr]

    ann.blocks_bot()
    wait_until(blocked)
    ann.unblocks_bot()
    ask(ann, "/start", "Welcome")
    assert not blocked()


@pytest.fixture
def hear(
    sandbox: Sandbox, bot_settings: Callable[..., Settings], database: Database
) -> Callable[..., list[str]]:
    """Have the router hear a message that the sandbox's people cannot send; what it answered to Ann."""
    sandbox.add_bot(TOKEN, "shop_bot")
    ann = sandbox.person("Ann", language="fr")
    ann.says("/start")

    async def listen(kind: ChatType, words: str | None) -> None:
        settings = bot_settings()
        redis = Redis.from_url(settings.redis_url)
        bot = Bot(settings, database, redis, "shop_bot")
        client = open_client(settings, "bot", receive_updates=False)
        async with client:
            sender = types.User(id=ann.id, is_bot=False, first_name="Ann", language_code="fr")
            chat = types.Chat(id=ann.id, type=kind)
            text = Str(words) if words is not None else None  # type: ignore[no-untyped-call]
            message = types.Message(id=1, from_user=sender, chat=chat, text=text)
            await bot.router().on_message(client, message)
        await bot.close()
        await redis.aclose()

    def hear_one(kind: ChatType, words: str | None) -> list[str]:
        asyncio.run(listen(kind, words))
        return [message.text for message in ann.chat if message.outgoing]

    return hear_one


def test_a_group_is_pointed_to_the_private_chat(hear: Callable[..., list[str]]) -> None:
    # The sandbox has no groups of people: the answer goes to a chat that it has.
    for words in ("bonjour", "/status@other_bot", "/roll 6"):
        assert hear(ChatType.SUPERGROUP, words) == []
    pointed = "Écrivez-moi en privé, je vous répondrai là-bas\u00a0: https://t.me/shop_bot"
    assert hear(ChatType.SUPERGROUP, "/status@Shop_Bot") == [pointed]


def test_a_sticker_is_answered_with_what_the_bot_can_read(hear: Callable[..., list[str]]) -> None:
    (answer,) = hear(ChatType.PRIVATE, None)
    assert answer.startswith("Je ne sais lire que du texte")


def test_every_button_of_ours_is_understood_with_its_types() -> None:
    routes = all_routes()
    assert parse("get:1:abc", routes.buttons["get"]) == {"product_id": 1, "asset": "abc"}
    assert parse("sales", routes.buttons["sales"]) == {}
    for name in ("library_menu", "support_menu", "shop_ok", "shop_no", "pay_ok", "pay_no", "item", "order"):
        assert name in routes.buttons


def test_all_commands_in_the_menu_have_a_handler_and_words() -> None:
    routes = all_routes()
    named = [*EVERYBODY, *SELLERS, *STAFF]
    assert [name for name in named if name not in routes.commands or not exists(f"command-{name}")] == []


def test_many_people_at_once_are_all_answered(shop: ShopBot) -> None:
    with ThreadPoolExecutor(8) as pool:
        people = [shop.person(f"P{number}") for number in range(20)]
        list(pool.map(lambda person: ask(person, "/start", "Welcome"), people))
