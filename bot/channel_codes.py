"""Posts in channels and groups that are nothing but a code: they connect the place with the shop of the code.

Nobody there is told anything, of good codes as of bad ones: members are not to be disturbed, and whoever
guesses learns nothing. The seller reads in private what came of it.
"""

from functools import partial

import structlog
from pyrogram import Client, filters
from pyrogram.enums import ChatMemberStatus, ChatType
from pyrogram.errors import RPCError
from pyrogram.types import Chat, Message

from bot.own_rights import ask_rights
from bot.request import AppContext
from core.kit.correlation import correlation, new_correlation
from core.memberships.channel_codes import connect_by_code, is_alive, read_code
from core.memberships.events import RightsChanged, Visitor
from core.process.limiter import TooMany
from core.process.limits import SECRETS
from core.uploads.moderation import text_rules
from schemas.base import utc_now

PLACES = (ChatType.CHANNEL, ChatType.SUPERGROUP)
ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
NOBODY = Visitor(0)

log = structlog.get_logger(__name__)


def is_code_post(message: Message) -> bool:
    """Whether somebody posts a code in a channel or group; what was forwarded there is no post of theirs."""
    in_place = message.chat is not None and message.chat.type in PLACES
    return in_place and message.forward_origin is None and read_code(message.text or "") is not None


CODE_POST = filters.create(lambda _filter, _client, message: is_code_post(message), "CodePost")


class ChannelCodes:
    """Serves posts that are codes."""

    def __init__(self, app: AppContext) -> None:
        self.app = app

    async def on_post(self, client: Client, message: Message) -> None:
        """Connect the channel if the code is alive and an admin posted it; then delete the post."""
        code, chat = read_code(message.text or ""), message.chat
        if code is None or chat is None or chat.id is None:
            return
        mark = correlation.set(new_correlation())
        try:
            if await self._is_heard(message, code) and await is_by_admin(client, message):
                await self._connect(client, chat, chat.id, message.id, code)
        except RPCError as error:  # the code stands, and can be posted again
            log.warning("channel_code_not_served", channel=chat.id, error=str(error))
        finally:
            correlation.reset(mark)

    async def _is_heard(self, message: Message, code: str) -> bool:
        """Whether the code is alive. After 20 wrong ones in an hour none is looked at, in that channel or
        from that member of that group."""
        writer = message.from_user.id if message.from_user else 0
        client = f"channel:{message.chat and message.chat.id}:{writer}"
        try:
            await self.app.limiter.check(SECRETS, client)
            if await self.app.run(lambda session: is_alive(session, code, now=utc_now())):
                return True
            await self.app.limiter.count(SECRETS, client)
        except TooMany:
            pass
        return False

    async def _connect(self, client: Client, chat: Chat, chat_id: int, message_id: int, code: str) -> None:
        rights = await ask_rights(client, chat_id)
        if rights is None:
            return
        event = RightsChanged(
            channel=chat_id,
            title=chat.title or "",
            kind="channel" if chat.type is ChatType.CHANNEL else "supergroup",
            inside=True,
            rights=rights,
            by=NOBODY,
            at=utc_now(),
        )
        review = text_rules(self.app.settings)
        connect = partial(connect_by_code, code=code, event=event, review=review, now=event.at)
        if not await self.app.run(connect):
            return
        try:
            await client.delete_messages(chat_id, message_id)
        except RPCError as error:  # used up, it opens nothing; the seller was asked to delete it then
            log.info("channel_code_not_deleted", channel=chat_id, error=str(error))


async def is_by_admin(client: Client, message: Message) -> bool:
    """Whether an admin wrote it. In a channel nobody else can; in a group anonymous ones write in its name.

    https://core.telegram.org/bots/api#message: `sender_chat` of messages by anonymous group administrators
    """
    chat, writer = message.chat, message.from_user
    if chat is None or chat.id is None:
        return False
    if chat.type is ChatType.CHANNEL:
        return True
    if writer is None:
        return message.sender_chat is not None and message.sender_chat.id == chat.id
    member = await client.get_chat_member(chat.id, writer.id)
    return getattr(member, "status", None) in ADMINS
