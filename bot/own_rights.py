"""What the bot may do in a channel, asked of Telegram."""

from pyrogram import Client
from pyrogram.errors import ChannelInvalid, ChannelPrivate, UserNotParticipant

from core.ports import NEEDED_RIGHTS

PRIVILEGES = dict(zip(NEEDED_RIGHTS, ("can_invite_users", "can_restrict_members"), strict=True))
"""What the client library calls the rights that we need."""


async def ask_rights(client: Client, chat_id: int) -> frozenset[str] | None:
    """Ask Telegram which needed rights the bot has in a channel; None when it is not in it."""
    try:
        member = await client.get_chat_member(chat_id, "me")
    except (ChannelInvalid, ChannelPrivate, UserNotParticipant):
        return None
    privileges = getattr(member, "privileges", None)
    return frozenset(right for right, name in PRIVILEGES.items() if getattr(privileges, name, False))
