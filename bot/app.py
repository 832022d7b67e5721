"""The bot put together: which handler serves which update, and the commands that Telegram lists."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from pyrogram import Client, filters, raw
from pyrogram.errors import RPCError
from pyrogram.handlers import (
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    PreCheckoutQueryHandler,
    RawUpdateHandler,
)
from pyrogram.types import BotCommand, MenuButtonWebApp, WebAppInfo
from redis.asyncio import Redis
from sqlmodel import Session

from bot.channel_codes import CODE_POST, ChannelCodes
from bot.channel_events import ChannelEvents
from bot.dialogs import Dialogs
from bot.handlers import (
    cards,
    catalogue,
    channels,
    dispute,
    library,
    members,
    notifications,
    plan_members,
    plan_terms,
    plans,
    prices,
    purchase,
    put_out,
    questions,
    sale,
    second_try,
    sell,
    seller,
    shown_files,
    staff,
    start,
    support,
    texts,
    uploads,
)
from bot.heartbeat import Heartbeat
from bot.inline import Inline
from bot.payments import Payments
from bot.processed_updates import ProcessedUpdates
from bot.request import AppContext
from bot.router import Router
from bot.routes import Routes
from bot.screens.uploads import mini_app_button
from core.kit.db import Database
from core.kit.languages import LANGUAGES, unspoken
from core.kit.rail_policy import parse_policy
from core.kit.texts import plain
from core.notifications.recipients import mark_blocked
from core.people.commands import EVERYBODY
from core.people.people import find_user
from core.people.staff_news import refresh_menus
from core.process.limiter import Limiter
from core.process.limits import parse_limits
from core.process.settings import Settings
from core.wiring import connect
from schemas.base import utc_now

THREADS = 8
BESIDE = 1
"""A handler group of its own: a raw update is read besides being served by its handler."""
REFUNDED = filters.create(lambda _filter, _client, message: message.refunded_payment is not None, "Refunded")

log = structlog.get_logger(__name__)


class Bot:
    """All handlers of the bot: `listen` adds them to a Telegram client, `close` follows its stop."""

    def __init__(self, settings: Settings, database: Database, redis: Redis, bot_username: str):
        connect()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="rules")
        self.app = AppContext(
            settings,
            database,
            Dialogs(redis),
            Limiter(redis, parse_limits(settings.limits)),
            ProcessedUpdates(redis),
            self.threads,
            parse_policy(settings.rail_policy),
            bot_username,
        )
        self.heartbeat = Heartbeat(self.app)
        self.payments = Payments(self.app)
        self.channel_events = ChannelEvents(self.app)
        self.channel_codes = ChannelCodes(self.app)

    def router(self) -> Router:
        """Build what serves messages and buttons."""
        return Router(
            self.app,
            all_routes(),
            search=catalogue.find,
            reply=questions.answer_reply,
            take_file=uploads.take_file,
        )

    def listen(self, client: Client) -> None:
        """Add the handlers to the client; the first one that matches takes the update."""
        router = self.router()
        inline = Inline(self.app)
        people = filters.incoming & ~filters.service & ~filters.via_bot
        for handler in (
            PreCheckoutQueryHandler(self.payments.on_pre_checkout),
            MessageHandler(self.payments.on_paid, filters.successful_payment | REFUNDED),
            MessageHandler(self.channel_codes.on_post, people & CODE_POST),
            MessageHandler(router.on_message, people),
            CallbackQueryHandler(router.on_callback),
            InlineQueryHandler(inline.on_query),
        ):
            client.add_handler(handler)
        client.add_handler(RawUpdateHandler(self.on_update), BESIDE)

    async def on_update(self, client: Client, update: Any, users: Any, chats: Any) -> None:
        """Note who blocks the bot (core.telegram.org/constructor/updateBotStopped), or read of channels."""
        if isinstance(update, raw.types.UpdateBotStopped) and update.stopped:
            telegram_id = update.user_id
            await self.app.run(lambda session: _note_block(session, telegram_id))
        else:
            await self.channel_events.on_update(client, update, users, chats)

    async def introduce(self, client: Client) -> None:
        """Tell Telegram the commands in each language, and have the menus of staff set by jobs; a failure is
        no reason not to sell."""
        await self.app.run(refresh_menus)
        try:
            for language in LANGUAGES:
                commands = [BotCommand(name, plain(language, f"command-{name}")) for name in EVERYBODY]
                if language == unspoken.foreign:  # without a language: for whoever reads none of ours
                    await client.set_bot_commands(commands)
                await client.set_bot_commands(commands, language_code=language)
            opener = mini_app_button(unspoken.unknown, self.app.settings.public_url)
            if opener is not None:
                menu = MenuButtonWebApp(self.app.settings.shop_name, WebAppInfo(url=opener.web_app))
                await client.set_chat_menu_button(menu_button=menu)
        except RPCError as error:
            log.warning("commands_not_set", error=str(error))

    async def close(self) -> None:
        """Give what is being written 5 seconds to end, then stop the threads."""
        await self.heartbeat.stop()
        await self.payments.drain(timeout=5)
        await self.channel_events.drain(timeout=5)
        await self.app.limiter.close()
        self.threads.shutdown()


def all_routes() -> Routes:
    """The table of every command, button and awaited answer; raises `ValueError` where two claim one name."""
    routes = Routes()
    for module in (
        start,
        catalogue,
        purchase,
        members,
        notifications,
        library,
        support,
        sell,
        cards,
        sale,
        dispute,
        seller,
        shown_files,
        channels,
        plans,
        plan_terms,
        plan_members,
        prices,
        put_out,
        staff,
        questions,
        second_try,
        uploads,
        texts,
    ):
        routes.include(module.routes)
    return routes


def _note_block(session: Session, telegram_id: int) -> None:
    person = find_user(session, telegram_id)
    if person is not None and person.id is not None:
        mark_blocked(session, person.id, utc_now())
