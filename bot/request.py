"""What every handler gets: the context of the process, and one person's request with ways to answer it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from pyrogram import Client
from pyrogram.enums import ParseMode
from pyrogram.errors import BadRequest, MessageNotModified
from pyrogram.types import CallbackQuery, InputMediaPhoto, InputMediaVideo, LinkPreviewOptions
from sqlmodel import Session

from bot.dialogs import Dialogs
from bot.keyboards import labelled
from bot.processed_updates import ProcessedUpdates
from core.kit.db import Database
from core.kit.rail_policy import Policy
from core.kit.texts import Param, plain, text
from core.ports import Message
from core.process.limiter import Limiter
from core.process.settings import Settings
from core.telegram.keyboards import markup
from core.uploads.telegram_files import SentFile
from schemas.people import User

ALERT_LIMIT = 200  # characters, core.telegram.org/bots/api#answercallbackquery
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
AlbumPart = type[InputMediaPhoto] | type[InputMediaVideo]
Result = TypeVar("Result")
Rule = Callable[[Session, User], Result]

log = structlog.get_logger(__name__)


@dataclass
class Meter:
    """How many updates were served since the start, and how many of them failed by a fault of ours."""

    served: int = 0
    failed: int = 0


@dataclass(frozen=True)
class AppContext:
    """What the whole bot process shares. `bot_username` is without @."""

    settings: Settings
    database: Database
    dialogs: Dialogs
    limiter: Limiter
    processed: ProcessedUpdates
    threads: ThreadPoolExecutor
    policy: Policy
    bot_username: str
    meter: Meter = field(default_factory=Meter)

    async def run(self, rule: Callable[[Session], Result]) -> Result:
        """Run a rule in one transaction, on a thread: the event loop must stay free to answer others."""
        work = partial(copy_context().run, self.database.run, rule)
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)


@dataclass
class Request:
    """A message or a pressed button of one person, in private.

    `words` is the text of the message or what followed a command. `message_id` is Telegram's, and
    `reply_to` the id of the message that was answered. `interrupted`: a command came while a question of
    ours was open, which is forgotten.
    """

    app: AppContext
    client: Client
    person: User
    now: datetime
    words: str = ""
    message_id: int = 0
    reply_to: int | None = None
    callback: CallbackQuery | None = None
    file: SentFile | None = None
    interrupted: bool = False
    answered: bool = field(default=False, init=False)

    @property
    def language(self) -> str:
        """The person's language."""
        return self.person.language

    async def run(self, rule: Rule[Result]) -> Result:
        """Run a rule in one transaction, with the person as that transaction sees them."""

        def with_person(session: Session) -> Result:
            return rule(session, session.get_one(User, self.person.id))

        return await self.app.run(with_person)

    def text(self, text_id: str, **params: Param) -> str:
        """A text in the person's language, as HTML."""
        return text(self.language, text_id, **params)

    def plain(self, text_id: str, **params: Param) -> str:
        """A text in the person's language, without markup."""
        return plain(self.language, text_id, **params)

    async def say(self, text_id: str, **params: Param) -> None:
        """Send one text of `core/locales`, without buttons."""
        await self.send(Message(self.text(text_id, **params)))

    async def send(self, message: Message, *, way_home: bool = True) -> None:
        """Send a new message. A screen, which is what has buttons, leads back to the main menu as well,
        unless it is that itself."""
        message = self._marked(self._with_way_home(message) if way_home else message)
        await self.client.send_message(
            self.person.telegram_id,
            message.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=markup(message.buttons),
        )

    async def send_picture(self, file_id: str, message: Message) -> None:
        """Send a picture that Telegram knows, with the message as its caption (1,024 characters at most).

        Falls back to the text alone when Telegram does not know the picture any more.
        """
        message = self._marked(self._with_way_home(message))
        try:
            await self.client.send_photo(
                self.person.telegram_id,
                file_id,
                caption=message.html,
                parse_mode=ParseMode.HTML,
                reply_markup=markup(message.buttons),
            )
        except (BadRequest, ValueError) as error:
            log.warning("picture_refused", error=str(error))
            await self.send(message, way_home=False)

    async def send_album(self, file_ids: list[str], message: Message, *, film: str | None = None) -> None:
        """Send pictures that Telegram knows, with the message under the first; an album has no buttons.

        A film that Telegram knows comes before them. Falls back as `send_picture` does.
        """
        parts: list[tuple[AlbumPart, str]] = [(InputMediaVideo, film)] if film else []
        parts += [(InputMediaPhoto, file_id) for file_id in file_ids]
        if len(parts) < 2:
            await (self.send_picture(file_ids[0], message) if file_ids else self.send(message))
            return
        (kind, file_id), *others = parts
        first = kind(file_id, caption=message.html, parse_mode=ParseMode.HTML)
        try:
            await self.client.send_media_group(
                self.person.telegram_id, [first, *(kind(file_id) for kind, file_id in others)]
            )
        except (BadRequest, ValueError) as error:
            log.warning("album_refused", error=str(error))
            await self.send(message)

    async def show(self, message: Message, *, way_home: bool = True) -> None:
        """Put the message in the place of the one whose button was pressed; send it when there is none."""
        current = self.callback.message if self.callback else None
        if current is None or not current.text:
            await self.send(message, way_home=way_home)
            return
        message = self._marked(self._with_way_home(message) if way_home else message)
        try:
            await self.client.edit_message_text(
                self.person.telegram_id,
                current.id,
                message.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup(message.buttons),
            )
        except MessageNotModified:
            return
        except BadRequest as error:  # deleted, or too old to be edited
            log.info("edit_refused", error=str(error))
            await self.send(message, way_home=False)

    def _marked(self, message: Message) -> Message:
        """The screen with a word on top that this shop is for trying, where it is."""
        banner = self.text("test-mode")
        if not (self.app.settings.is_test and message.buttons) or message.html.startswith(banner):
            return message
        return replace(message, html=f"{banner}\n\n{message.html}")

    def _with_way_home(self, message: Message) -> Message:
        """The message with a button to the main menu under its own, if it has any."""
        rows = [list(row) for row in message.buttons if row]
        if not rows:
            return message
        return replace(message, buttons=[*rows, [labelled(self.language, "home", "home")]])

    async def answer(self, words: str = "", *, alert: bool = False) -> None:
        """End the waiting mark on the pressed button, with a note or an alert; only the first call counts."""
        if self.callback is not None and not self.answered:
            self.answered = True
            await self.callback.answer(words[:ALERT_LIMIT] or None, show_alert=alert)

    async def refuse(self, words: str, html: str) -> None:
        """Say no: in an alert over the button that was pressed where it fits, else in a message."""
        if self.callback is not None and not self.answered and len(words) <= ALERT_LIMIT:
            await self.answer(words, alert=True)
        else:
            await self.send(Message(html))
