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

from bot.channel_events import ChannelEvents
from bot.dialogs import Dialogs
from bot.handlers import (
    catalogue,
    channels,
    library,
    members,
    notifications,
    plan_members,
    plan_terms,
    plans,
    purchase,
    sell,
    staff,
    start,
    support,
    uploads,
)
from bot.inline import Inline
from bot.payments import Payments
from bot.processed_updates import ProcessedUpdates
from bot.request import AppContext
from bot.router import Router
from bot.routes import Routes
from bot.screens.uploads import mini_app_button
from bot.token_guess_limit import TokenGuessLimit
from core.kit.db import Database
from core.kit.rail_policy import parse_policy
from core.kit.texts import DEFAULT_LANGUAGE, LANGUAGES, plain
from core.notifications.recipients import mark_blocked
from core.people.people import find_user
from core.process.settings import Settings
from core.wiring import connect
from schemas.base import utc_now

THREADS = 8
COMMANDS = (
    "catalogue",
    "status",
    "renew",
    "cancel",
    "library",
    "receipts",
    "notifications",
    "sell",
    "support",
    "paysupport",
    "language",
    "help",
)
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
            TokenGuessLimit(redis),
            ProcessedUpdates(redis),
            self.threads,
            parse_policy(settings.rail_policy),
            bot_username,
        )
        self.payments = Payments(self.app)
        self.channel_events = ChannelEvents(self.app)

    def router(self) -> Router:
        """Build what serves messages and buttons."""
        return Router(
            self.app,
            all_routes(),
            search=catalogue.find,
            reply=support.answer_person,
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
        """Tell Telegram the commands in each language; a failure is no reason not to sell."""
        try:
            for language in LANGUAGES:
                commands = [BotCommand(name, plain(language, f"command-{name}")) for name in COMMANDS]
                if language == DEFAULT_LANGUAGE:
                    await client.set_bot_commands(commands)
                await client.set_bot_commands(commands, language_code=language)
            opener = mini_app_button(DEFAULT_LANGUAGE, self.app.settings.public_url)
            if opener is not None:
                menu = MenuButtonWebApp(self.app.settings.shop_name, WebAppInfo(url=opener.web_app))
                await client.set_chat_menu_button(menu_button=menu)
        except RPCError as error:
            log.warning("commands_not_set", error=str(error))

    async def close(self) -> None:
        """Give what is being written 5 seconds to end, then stop the threads."""
        await self.payments.drain(timeout=5)
        await self.channel_events.drain(timeout=5)
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
        channels,
        plans,
        plan_terms,
        plan_members,
        staff,
        uploads,
    ):
        routes.include(module.routes)
    return routes


def _note_block(session: Session, telegram_id: int) -> None:
    person = find_user(session, telegram_id)
    if person is not None and person.id is not None:
        mark_blocked(session, person.id, utc_now())
