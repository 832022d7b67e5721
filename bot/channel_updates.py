"""Reads Telegram's raw updates about channels as events of `core.memberships`.

Raw updates, because the client library's own shapes leave out who acted and which subscription was meant.
"""

from datetime import UTC, datetime
from typing import Any

from pyrogram import utils
from pyrogram.raw import types

from core.memberships.events import (
    JoinRequested,
    MemberChanged,
    RightsChanged,
    SubscriptionChanged,
    Visitor,
)
from core.ports import INSIDE, NEEDED_RIGHTS
from core.telegram.participants import status_of, until_of

Event = JoinRequested | MemberChanged | RightsChanged | SubscriptionChanged
Objects = dict[int, Any]


def read(update: Any, users: Objects, chats: Objects, own_id: int, now: datetime) -> Event | None:
    """Read an update as an event; None where it is of no concern here.

    `users` and `chats` are what came with it, `own_id` is the bot's, `now` dates what has no date.
    """
    if isinstance(update, types.UpdateChannelParticipant):
        if update.user_id == own_id:
            return _own_place(update, users, chats)
        return _members_place(update, users, own_id)
    if isinstance(update, types.UpdateBotChatInviteRequester) and isinstance(update.peer, types.PeerChannel):
        return JoinRequested(
            channel=utils.get_channel_id(update.peer.channel_id),
            visitor=_visitor(update.user_id, users),
            link=getattr(update.invite, "link", ""),
            at=_date(update.date),
        )
    if isinstance(update, types.UpdateChannel):
        return _end(update.channel_id, chats, now)
    if isinstance(update, types.UpdateBotStarsSubscription):
        return SubscriptionChanged(
            telegram_id=update.user_id,
            payload=update.payload.decode(errors="replace"),
            state="canceled" if update.canceled else "failed" if update.payment_failed else "restored",
            at=now,
        )
    return None


def _own_place(update: types.UpdateChannelParticipant, users: Objects, chats: Objects) -> RightsChanged:
    """https://core.telegram.org/bots/api#chatmemberupdated as my_chat_member"""
    chat = chats.get(update.channel_id)
    rights = getattr(update.new_participant, "admin_rights", None)
    return RightsChanged(
        channel=utils.get_channel_id(update.channel_id),
        title=getattr(chat, "title", ""),
        kind="supergroup" if getattr(chat, "megagroup", False) else "channel",
        inside=status_of(update.new_participant) in INSIDE,
        rights=frozenset(name for name in NEEDED_RIGHTS if getattr(rights, name, False)),
        by=_visitor(update.actor_id, users),
        at=_date(update.date),
    )


def _members_place(update: types.UpdateChannelParticipant, users: Objects, own_id: int) -> MemberChanged:
    """https://core.telegram.org/bots/api#chatmemberupdated as chat_member"""
    return MemberChanged(
        channel=utils.get_channel_id(update.channel_id),
        visitor=_visitor(update.user_id, users),
        before=status_of(update.prev_participant),
        after=status_of(update.new_participant),
        at=_date(update.date),
        link=getattr(update.invite, "link", None),
        by_bot=update.actor_id == own_id,
        until=until_of(update.new_participant),
    )


def _end(channel_id: int, chats: Objects, now: datetime) -> RightsChanged | None:
    """A channel that was deleted, or closed to us, comes as forbidden; nobody says by whom."""
    chat = chats.get(channel_id)
    if not isinstance(chat, types.ChannelForbidden):
        return None
    kind = "supergroup" if chat.megagroup else "channel"
    channel, nobody = utils.get_channel_id(channel_id), Visitor(0)
    return RightsChanged(channel, chat.title, kind, inside=False, rights=frozenset(), by=nobody, at=now)


def _visitor(number: int, users: Objects) -> Visitor:
    user = users.get(number)
    name = " ".join(
        part for part in (getattr(user, "first_name", ""), getattr(user, "last_name", "")) if part
    )
    username, language = getattr(user, "username", None), getattr(user, "lang_code", None)
    return Visitor(number, name, username, language)


def _date(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
