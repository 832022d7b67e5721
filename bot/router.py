"""Where all messages and pressed buttons pass: who sent it, may they, which handler, what if it fails."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from pyrogram import Client
from pyrogram.enums import ChatType
from pyrogram.errors import RPCError
from pyrogram.types import CallbackQuery
from pyrogram.types import Message as TelegramMessage
from pyrogram.types import User as TelegramUser
from redis.exceptions import RedisError
from sqlmodel import Session

from bot.callbacks import Outdated, name_of, parse
from bot.dialogs import Dialog
from bot.handlers import members, start, support
from bot.pace import Pace, class_of, is_backlog
from bot.request import AppContext, Request
from bot.routes import Handler, Routes
from bot.sent_files import sent_file
from core.kit.correlation import correlation, new_correlation
from core.kit.errors import Refused
from core.kit.outside import accept
from core.kit.permissions import Act, require
from core.kit.texts import plain, plain_refusal, refusal, text
from core.people.people import language_of, upsert_person
from core.ports import Message
from core.process.limits import MESSAGES, STEPS
from core.process.tracing import span
from core.telegram.client import answer_identity
from core.telegram.deep_links import bot_address
from schemas.base import utc_now
from schemas.people import User
from schemas.text import is_clean

OPEN_TO_BANNED: dict[Handler, Act] = {
    support.open_support: "ask_support",
    support.open_payment_support: "ask_support",
    support.support_menu: "ask_support",
    support.ask_for_words: "ask_support",
    support.keep_words: "ask_support",
    support.cancel: "ask_support",
    members.choose_cancellation: "end_renewal",
    members.unsubscribe: "end_renewal",
}
"""Handlers that need less than the right to buy; what a ban leaves stands in `core.kit.permissions`."""

WORDS_LIMIT = 8192  # characters; Telegram takes 4,096 in a message

log = structlog.get_logger(__name__)
Fallback = Callable[[Request], Awaitable[None]]
Reply = Callable[[Request], Awaitable[bool]]


class Router:
    """Registers the sender, finds the handler, and turns what goes wrong into words.

    `search` gets plain words that answer no question of ours, `reply` those that answer a message,
    `take_file` files.
    """

    def __init__(
        self, app: AppContext, routes: Routes, *, search: Fallback, reply: Reply, take_file: Fallback
    ):
        self.app = app
        self.routes = routes
        self.search = search
        self.reply = reply
        self.take_file = take_file
        self._in_work: set[tuple[int, datetime, int]] = set()  # messages, which may come twice at once

    async def on_message(self, client: Client, message: TelegramMessage) -> None:
        """Serve a message in private; in a group only point to the private chat."""
        if message.from_user is None or message.from_user.is_bot or message.chat is None:
            return
        if message.chat.type is not ChatType.PRIVATE:
            await self._point_to_private(client, message)
            return
        place = message.from_user.id, message.date or utc_now(), message.id
        if place in self._in_work:
            return
        self._in_work.add(place)
        try:
            if not await self.app.processed.has(*place):
                await self._answer(client, message, message.from_user)
                await self.app.processed.keep(*place)
        finally:
            self._in_work.discard(place)

    async def _answer(self, client: Client, message: TelegramMessage, sender: TelegramUser) -> None:
        words = (message.text or message.caption or "").strip()
        pace = await self._pace(sender.id, message, words)
        with answer_identity(f"{sender.id}:{message.id}"):
            await self._serve(client, sender, message, None, words, pace)

    async def on_callback(self, client: Client, callback: CallbackQuery) -> None:
        """Serve a pressed button."""
        pace = Pace(self.app.limiter, STEPS, callback.from_user.id)
        await self._serve(client, callback.from_user, None, callback, "", pace)

    async def _serve(
        self,
        client: Client,
        sender: TelegramUser,
        message: TelegramMessage | None,
        callback: CallbackQuery | None,
        words: str,
        pace: Pace,
    ) -> None:
        now = utc_now()
        mark = correlation.set(new_correlation())
        request: Request | None = None
        try:
            self.app.meter.served += 1
            if pace.is_unheard:
                return
            person = await self.app.run(lambda session: upsert_sender(session, sender, now))
            request = Request(self.app, client, person, now, words, callback=callback)
            if message is not None:
                request.message_id, request.reply_to = message.id, message.reply_to_message_id
                request.file = sent_file(message)
            pace.check(person)
            with span("update"):
                await self._dispatch(request)
        except Refused as refused:
            await self._refuse(client, sender, request, callback, refused)
        except Exception:
            self.app.meter.failed += 1
            log.exception("handler_failed", reference=correlation.get(), telegram_id=sender.id)
            await self._apologise(client, sender, callback)
        finally:
            await self._end_waiting(request, callback)
            correlation.reset(mark)

    async def _dispatch(self, request: Request) -> None:
        accept(request.words, WORDS_LIMIT)
        if request.callback is not None:
            await self._press(request, request.callback)
        elif request.file is not None and await self._takes_file(request):
            return
        elif request.words.startswith("/"):
            await self._command(request)
        elif request.words:
            await self._words(request)
        else:
            require(request.person.roles, "buy")
            await request.say("only-words")

    async def _takes_file(self, request: Request) -> bool:
        """Hand a file to the question that awaits it, else to `take_file`; False where its words answer."""
        dialog = await self._dialog(request.person.telegram_id)
        handler = self.routes.files.get(dialog.step) if dialog else None
        if dialog is not None and handler is None and request.words:
            return False
        require(request.person.roles, "buy")
        if dialog is not None and handler is not None:
            await handler(request, **dialog.facts)
        else:
            await self.take_file(request)
        return True

    async def _press(self, request: Request, callback: CallbackQuery) -> None:
        try:
            handler = self.routes.buttons.get(name_of(callback.data))
            if handler is None:
                raise Outdated
            _permit(request, handler)
            if not is_clean(str(callback.data)):
                raise Outdated
            arguments = parse(str(callback.data), handler)
        except Outdated:
            raise Refused("button-outdated") from None
        await handler(request, **arguments)

    async def _command(self, request: Request) -> None:
        head, rest = [*request.words.split(maxsplit=1), ""][:2]
        handler = self.routes.commands.get(head[1:].partition("@")[0].lower())
        await self._forget_dialog(request)
        _permit(request, handler)
        if handler is None:
            await request.say("unknown-command")
            return
        request.words = rest.strip()
        await handler(request)

    async def _words(self, request: Request) -> None:
        if request.reply_to is not None and await self.reply(request):
            return
        dialog = await self._dialog(request.person.telegram_id)
        handler = self.routes.answers.get(dialog.step) if dialog else None
        if await start.paste(request, among_words=handler is None):
            return
        _permit(request, handler)
        if dialog is None or handler is None:
            await self.search(request)
        else:
            await handler(request, **dialog.facts)

    async def _pace(self, telegram_id: int, message: TelegramMessage, words: str) -> Pace:
        is_command = not words or words.startswith("/")
        dialog = None if is_command else await self._dialog(telegram_id)
        limit = class_of(words, dialog, has_file=sent_file(message) is not None)
        late = message.date is not None and is_backlog(limit, message.date, utc_now())
        return Pace(self.app.limiter, None if late else limit, telegram_id)

    async def _dialog(self, telegram_id: int) -> Dialog | None:
        try:
            return await self.app.dialogs.current(telegram_id)
        except RedisError as error:
            log.warning("dialogs_unavailable", error=str(error))
            return None

    async def _forget_dialog(self, request: Request) -> None:
        try:
            request.interrupted = await self.app.dialogs.close(request.person.telegram_id)
        except RedisError as error:
            log.warning("dialogs_unavailable", error=str(error))

    async def _refuse(
        self,
        client: Client,
        sender: TelegramUser,
        request: Request | None,
        callback: CallbackQuery | None,
        refused: Refused,
    ) -> None:
        log.info("refused", code=refused.code, telegram_id=sender.id)
        if request is None:
            await self._apologise(client, sender, callback)
            return
        try:
            language = request.language
            await request.refuse(plain_refusal(language, refused), refusal(language, refused))
        except RPCError as error:
            log.warning("answer_lost", error=str(error))

    async def _apologise(self, client: Client, sender: TelegramUser, callback: CallbackQuery | None) -> None:
        """Needs nothing but Telegram: database and Redis may be what failed."""
        language = language_of(sender.language_code)
        try:
            words = text(language, "error-unexpected", reference=correlation.get())
            await Request(self.app, client, _stranger(sender), utc_now()).send(Message(words))
        except RPCError as error:
            log.warning("answer_lost", error=str(error))

    async def _end_waiting(self, request: Request | None, callback: CallbackQuery | None) -> None:
        try:
            if request is not None:
                await request.answer()
            elif callback is not None:
                await callback.answer()
        except RPCError as error:  # QUERY_ID_INVALID: pressed too long ago
            log.info("callback_answer_lost", error=str(error))

    async def _point_to_private(self, client: Client, message: TelegramMessage) -> None:
        """In a group nothing is shown of anybody; our commands are pointed to the private chat."""
        head, _, _ = (message.text or "").partition(" ")
        name, _, addressed = head.removeprefix("/").partition("@")
        ours = head.startswith("/") and name.lower() in self.routes.commands
        if not ours or addressed.lower() not in ("", self.app.bot_username.lower()):
            return
        if message.from_user is None or message.chat is None:
            return
        if Pace(self.app.limiter, MESSAGES, message.from_user.id).is_one_too_many:
            return
        address = bot_address(self.app.bot_username)
        words = plain(language_of(message.from_user.language_code), "write-in-private", address=address)
        try:
            await client.send_message(message.chat.id or 0, words, reply_to_message_id=message.id)
        except RPCError as error:  # we may not speak there
            log.info("group_answer_lost", error=str(error))


def _permit(request: Request, handler: Handler | None) -> None:
    """Raise `NotAllowed` for a banned person, except where a ban leaves a way open."""
    require(request.person.roles, OPEN_TO_BANNED.get(handler, "buy") if handler else "buy")


def upsert_sender(session: Session, sender: TelegramUser, now: datetime) -> User:
    """The sender of an update as a person of the shop, written down at the first meeting."""
    return upsert_person(
        session,
        telegram_id=sender.id,
        name=full_name(sender),
        username=sender.username,
        language_code=sender.language_code,
        now=now,
    )


def full_name(sender: TelegramUser) -> str:
    """First and last name, as far as Telegram tells them."""
    return " ".join(part for part in (sender.first_name, sender.last_name) if part)


def _stranger(sender: TelegramUser) -> User:
    return User(telegram_id=sender.id, language=language_of(sender.language_code))
